import { describe, expect, it } from 'vitest';
import { type DrawingStorage, keepDrawing, recallDrawing } from './savedDrawing.ts';

function createStorage(text: string | null = null): DrawingStorage & { text: string | null } {
  return {
    text,
    getItem() {
      return this.text;
    },
    setItem(_key, value) {
      this.text = value;
    },
    removeItem() {
      this.text = null;
    },
  };
}

const drawing = {
  thickness: 0.08,
  pad: {
    base: Float32Array.from({ length: 784 }, (_, i) => (i % 256) / 255),
    strokes: [
      {
        thickness: 0.05,
        points: [
          { x: 0.25, y: 0.5 },
          { x: 1.2, y: -0.1 },
        ],
      },
    ],
  },
};

describe('a saved drawing', () => {
  it('is restored', () => {
    const storage = createStorage();
    keepDrawing(storage, drawing);
    expect(recallDrawing(storage)).toEqual(drawing);
  });

  it.each([
    'x',
    '{}',
    'null',
    '{"version":2,"thickness":0.08,"base":null,"strokes":[]}',
    '{"version":1,"thickness":9,"base":null,"strokes":[]}',
    '{"version":1,"thickness":0.08,"base":[1],"strokes":[]}',
    '{"version":1,"thickness":0.08,"base":null,"strokes":[{"thickness":0.08,"points":[0.1]}]}',
    '{"version":1,"thickness":0.08,"base":null,"strokes":[{"thickness":0.08,"points":[0.1,1e9]}]}',
  ])('is null if the storage holds %s', (text) => {
    expect(recallDrawing(createStorage(text))).toBeNull();
  });

  it('is null if the browser refuses access, and nothing fails', () => {
    const refuse = (): never => {
      throw new DOMException('No', 'SecurityError');
    };
    const storage = { getItem: refuse, setItem: refuse, removeItem: refuse };
    expect(() => keepDrawing(storage, drawing)).not.toThrow();
    expect(recallDrawing(storage)).toBeNull();
  });
});
