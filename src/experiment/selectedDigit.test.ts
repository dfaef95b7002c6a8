import { describe, expect, it } from 'vitest';
import { findSelectedDigit, initialSelectedDigit, pixelsOf } from './selectedDigit.ts';
import { createInitialState } from './state.ts';

const output = (digit: number) => Float32Array.from({ length: 10 }, (_, j) => Number(j === digit));
const images = Float32Array.from({ length: 2 * 784 }, (_, i) => Math.floor(i / 784));
const input = new Float32Array(784).fill(0.5);

function makeState(selected: Partial<typeof initialSelectedDigit>) {
  const state = createInitialState();
  return {
    ...state,
    selectedDigit: { ...initialSelectedDigit, ...selected },
    examples: { ...state.examples, images: { images, labels: Uint8Array.of(3, 8) } },
    drawing: {
      ...state.drawing,
      input,
      predictedInput: input,
      predictions: { a: output(2), b: output(6), c: output(6) },
    },
  };
}

describe('the selected digit', () => {
  it('is a loaded test digit, or the last one if fewer are loaded', () => {
    expect(findSelectedDigit(createInitialState())).toBeNull();
    expect(findSelectedDigit(makeState({}))).toEqual({ images, index: 0, label: 3 });
    const last = findSelectedDigit(makeState({ index: 40 }))!;
    expect(last).toEqual({ images, index: 1, label: 8 });
    expect(pixelsOf(last)).toEqual(new Float32Array(784).fill(1));
  });

  it('is the drawing with the selected class, one network’s prediction, or the majority prediction', () => {
    const state = makeState({ kind: 'drawing' });
    expect(findSelectedDigit(state)).toEqual({ images: input, index: 0, label: 6 });
    expect(findSelectedDigit(state, 'a')?.label).toBe(2);
    expect(findSelectedDigit(makeState({ kind: 'drawing', drawnLabel: 9 }), 'a')?.label).toBe(9);
  });

  it('waits for the network’s prediction for the present drawing', () => {
    const state = makeState({ kind: 'drawing' });
    const drawing = { ...state.drawing, input: input.slice() };
    expect(findSelectedDigit({ ...state, drawing }, 'a')).toBeNull();
    expect(findSelectedDigit(state, 'other')).toBeNull();
    expect(findSelectedDigit({ ...state, drawing: { ...drawing, input: null } })).toBeNull();
  });
});
