import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attack, AttackedImages } from '../../domain/metrics.ts';
import type { LabelledImages, TrainingClient } from '../../worker/client.ts';
import { createStore } from 'zustand/vanilla';
import { defaultConfig } from '../../domain/settings/config.ts';
import { createRun } from '../runs/run.ts';
import { sliceOf } from '../slices.ts';
import { createInitialState, type LabState } from '../state.ts';
import { createDrawing } from './drawing.ts';
import type { DrawingStorage } from './savedDrawing.ts';

/** Ten probabilities that predict one digit. */
function sayDigit(digit: number, count = 1): Float32Array {
  const probabilities = new Float32Array(10 * count).fill(0.1);
  for (let i = 0; i < count; i++) probabilities[10 * i + digit] = 0.9;
  return probabilities;
}

/** Two runs with networks; the test decides when classifications return. */
function setUp(storage: DrawingStorage | null = null) {
  const waiting: { id: string; images: Float32Array; answer: (digit: number) => void }[] = [];
  const classify = vi.fn(
    (id: string, images: Float32Array) =>
      new Promise<Float32Array>((resolve) => {
        const answer = (digit: number): void => resolve(sayDigit(digit, images.length / 784));
        waiting.push({ id, images, answer });
      }),
  );
  const attack = vi.fn(
    (_id: string, { images, labels }: LabelledImages, made: Attack): Promise<AttackedImages> =>
      Promise.resolve({
        attack: made,
        images,
        labels,
        adversarialImages: images,
        cleanProbabilities: sayDigit(3, labels.length),
        // Changes the prediction from ε 0.05 up.
        adversarialProbabilities: sayDigit(made.epsilon >= 0.05 ? 8 : 3, labels.length),
      }),
  );
  const checkpoint = vi.fn(() => Promise.resolve({ step: 7, layers: [] }));
  const load = vi.fn<TrainingClient['load']>(() => Promise.resolve());
  const reset = vi.fn<TrainingClient['reset']>();
  const client = { classify, attack, checkpoint, load, reset } as unknown as TrainingClient;
  const store = createStore<LabState>(createInitialState);
  const drawing = createDrawing(store, sliceOf(store, 'drawing'), () => client, storage);
  store.setState({
    runs: ['one', 'two'].map((id, paletteIndex) => ({
      ...createRun(id, { name: id, paletteIndex, config: defaultConfig }),
      hasNetwork: true,
    })),
  });
  return {
    drawing,
    waiting,
    classify,
    attack,
    checkpoint,
    load,
    reset,
    store,
    state: () => store.getState().drawing,
  };
}

async function flush(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

function drawLine(drawing: ReturnType<typeof createDrawing>, x = 0.5): void {
  drawing.beginStroke({ x, y: 0.2 });
  drawing.extendStroke([{ x, y: 0.8 }]);
  drawing.endStroke();
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the drawing', () => {
  it('queries all networks one round at a time, always with the newest drawing', async () => {
    const { drawing, waiting, classify, state } = setUp();
    drawLine(drawing);
    await flush();
    // First there was only a dot, which is no digit, so no network was queried.
    expect(waiting.map(({ id }) => id)).toEqual(['one', 'two']);
    drawing.beginStroke({ x: 0.3, y: 0.5 });
    for (let i = 0; i < 10; i++) drawing.extendStroke([{ x: 0.3 + 0.04 * i, y: 0.5 }]);
    await flush();
    expect(classify).toHaveBeenCalledTimes(2); // the first round is in progress
    const first = waiting[0]!.images;
    waiting.splice(0).forEach(({ answer }) => answer(1));
    await flush();
    expect(state().predictions.one).toEqual(sayDigit(1));
    expect(classify).toHaveBeenCalledTimes(4); // one more round for ten changes
    expect(waiting[0]!.images).toBe(state().input);
    expect(waiting[0]!.images).not.toBe(first);
  });

  it('has no predictions for an empty pad or a dot, and says why', async () => {
    const { drawing, waiting, state } = setUp();
    drawLine(drawing);
    await flush();
    waiting.splice(0).forEach(({ answer }) => answer(1));
    await flush();
    expect(Object.keys(state().predictions)).toEqual(['one', 'two']);
    drawing.clear();
    await flush();
    expect(state()).toMatchObject({ predictions: {}, input: null, normalized: null });
    drawing.beginStroke({ x: 0.5, y: 0.5 });
    drawing.endStroke();
    await flush();
    expect(state().normalized).toEqual({ kind: 'empty', reason: expect.any(String) as string });
    expect(state().input).toBeNull();
  });

  it('undoes strokes, clearing, and strokes whose pointer was lost', () => {
    const { drawing, state } = setUp();
    drawLine(drawing, 0.3);
    drawLine(drawing, 0.6);
    drawing.clear();
    drawing.undo();
    expect(state().pad.strokes).toHaveLength(2);
    drawing.undo();
    expect(state().pad.strokes).toHaveLength(1);
    drawing.beginStroke({ x: 0.1, y: 0.1 });
    drawing.cancelStroke();
    expect(state().pad.strokes).toHaveLength(1);
    expect(state().isPenDown).toBe(false);
    drawing.extendStroke([{ x: 0.9, y: 0.9 }]); // the pen is lifted
    expect(state().pad.strokes[0]!.points).toHaveLength(2);
  });

  it('passes a digit placed on the pad to the networks unchanged', async () => {
    const { drawing, waiting, state } = setUp();
    const digit = Float32Array.from({ length: 784 }, (_, i) => (i % 7 === 0 ? 0.6 : 0));
    drawing.place(digit);
    await flush();
    expect(state().input).toEqual(digit);
    drawing.setTransform({ shiftX: 1 });
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    expect(Array.from(state().input!.subarray(0, 9))).toEqual([0, ...digit.subarray(0, 8)]);
  });

  it('attacks the predicted drawing, and discards the attack when the drawing changes', async () => {
    const { drawing, waiting, attack, state } = setUp();
    drawLine(drawing);
    await flush();
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await vi.advanceTimersByTimeAsync(200);
    expect(attack).toHaveBeenCalledTimes(2);
    expect(attack.mock.calls[0]![1].labels).toEqual(Uint8Array.of(3));
    // Both images go to both networks.
    expect(waiting.map(({ images }) => images.length)).toEqual([2 * 784, 2 * 784]);
    waiting.splice(0).forEach(({ answer }, i) => answer(i === 0 ? 8 : 3));
    await flush();
    expect(state().attacked?.results.one).toMatchObject({
      before: { digit: 3 },
      after: { digit: 8 },
    });
    expect(state().attacked?.transfer.two?.one?.digit).toBe(8);
    drawing.clear();
    await flush();
    expect(state().attacked).toBeNull();
  });

  it('attacks one network after another, and cancels outdated attacks when drawing continues', async () => {
    const { drawing, waiting, attack, state } = setUp();
    const finish: (() => void)[] = [];
    const atOnce = attack.getMockImplementation()!;
    attack.mockImplementation(async (...question) => {
      await new Promise<void>((resolve) => finish.push(resolve));
      return atOnce(...question);
    });
    drawLine(drawing, 0.3);
    await flush();
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await vi.advanceTimersByTimeAsync(200);
    expect(attack.mock.calls.map(([id]) => id)).toEqual(['one']); // a prediction waits for one attack at most
    drawLine(drawing, 0.6);
    await flush();
    expect(waiting.map(({ images }) => images)).toEqual([state().input, state().input]);
    finish.shift()!();
    await vi.advanceTimersByTimeAsync(1000);
    expect(attack).toHaveBeenCalledTimes(1); // no further attack on the previous drawing
    while (waiting.length > 0) {
      waiting.splice(0).forEach(({ answer }) => answer(3));
      await flush();
    }
    await vi.advanceTimersByTimeAsync(200);
    finish.shift()!();
    await flush();
    expect(attack.mock.calls.slice(1).map(([id, { images }]) => [id, images])).toEqual([
      ['one', state().input],
      ['two', state().input],
    ]);
  });

  it('finds the smallest ε for every network, and stops when the drawing changes', async () => {
    const { drawing, waiting, attack, load, reset, store, state } = setUp();
    drawing.showAttack(false);
    drawLine(drawing);
    await flush();
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    // The first run is still training, so a copy of it is searched. The second has finished.
    const [one, two] = store.getState().runs;
    store.setState({ runs: [one!, { ...two!, status: 'finished' }] });
    drawing.search(null);
    await flush();
    expect(waiting.map(({ id }) => id)).toEqual(['pinned one 1']);
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    expect(waiting.map(({ id }) => id)).toEqual(['two']);
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    expect(state().search?.trial).toBeNull();
    expect(load).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ runId: 'pinned one 1', step: 7 }),
      expect.any(AbortSignal),
    );
    expect(reset).toHaveBeenCalledExactlyOnceWith('pinned one 1');
    expect(new Set(attack.mock.calls.map(([id]) => id))).toEqual(new Set(['pinned one 1', 'two']));
    expect(state().search?.results.one?.step).toBe(7);
    for (const id of ['one', 'two']) {
      expect(state().search?.results[id]).toMatchObject({
        found: { epsilon: 13 / 256, prediction: { digit: 8 } },
        failedEpsilon: 12 / 256,
        before: { digit: 3 },
      });
    }
  });

  it('releases every copy it made, wherever a search is canceled', async () => {
    const { drawing, waiting, load, reset, checkpoint, state } = setUp();
    drawing.showAttack(false);
    drawLine(drawing);
    await flush();
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    // Before the copy is made: there is none to release.
    drawing.search(null);
    expect(state().search?.trial).toMatchObject({ networkId: 'one', epsilon: null });
    drawing.cancelSearch();
    await flush();
    expect(checkpoint).toHaveBeenCalledTimes(1);
    expect(load).not.toHaveBeenCalled();
    // Twice in a row, as a double click does: each search has its own copy.
    drawing.search(null);
    await flush();
    drawing.search(null);
    await flush();
    expect(load).toHaveBeenCalledTimes(2);
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    expect(state().search?.error).toBeNull();
    expect(Object.keys(state().search?.results ?? {})).toEqual(['one', 'two']);
    // While the copy is queried.
    drawing.search(null);
    await flush();
    drawing.clear();
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    expect(state().search).toBeNull();
    const [loaded, released] = [load.mock.calls, reset.mock.calls];
    expect(new Set(released.map(([id]) => id))).toEqual(
      new Set(loaded.map(([network]) => network.runId)),
    );
    expect(released).toHaveLength(loaded.length);
  });

  it('does not search a network that already predicts the target', async () => {
    const { drawing, waiting, attack, state } = setUp();
    drawing.showAttack(false);
    drawLine(drawing);
    await flush();
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    drawing.search(3);
    for (let network = 0; network < 2; network++) {
      await flush();
      waiting.splice(0).forEach(({ answer }) => answer(3));
    }
    await flush();
    expect(state().search?.results.two).toMatchObject({ found: null, trials: 0 });
    expect(attack).not.toHaveBeenCalled();
  });

  it('is saved where storage is available, and is restored with its predictions to compute', async () => {
    let text: string | null = null;
    const storage: DrawingStorage = {
      getItem: () => text,
      setItem: (_key, value) => (text = value),
      removeItem: () => (text = null),
    };
    drawLine(setUp(storage).drawing);
    const again = setUp(storage);
    expect(again.state().pad.strokes).toHaveLength(1);
    await flush();
    expect(again.waiting).toHaveLength(2);
  });

  it('from a link replaces the saved one only when the user changes it', () => {
    let text: string | null = null;
    const storage: DrawingStorage = {
      getItem: () => text,
      setItem: (_key, value) => (text = value),
      removeItem: () => (text = null),
    };
    drawLine(setUp(storage).drawing);
    const own = text;
    const { drawing, state } = setUp(storage);
    drawing.open(new Float32Array(784).fill(0.5));
    drawing.setThickness(0.2);
    expect(state().pad.strokes).toHaveLength(0);
    expect(text).toBe(own);
    drawLine(drawing);
    expect(text).not.toBe(own);
    const { pad } = setUp(storage).state();
    expect(pad.base).not.toBeNull();
    expect(pad.strokes).toHaveLength(1);
  });
});
