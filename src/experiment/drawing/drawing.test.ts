import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attack, AttackedImages } from '../../domain/metrics.ts';
import type { LabelledImages, TrainingClient } from '../../worker/client.ts';
import { createStore } from 'zustand/vanilla';
import { defaultConfig } from '../../domain/settings/config.ts';
import { createRun } from '../runs/run.ts';
import { progress } from '../testing/fakeLab.ts';
import { sliceOf } from '../slices.ts';
import { createInitialState, type LabState } from '../state.ts';
import { createDrawing } from './drawing.ts';
import { findFirstDigit, firstDigits, firstPad } from './firstScreen.ts';
import type { DrawingStorage } from './savedDrawing.ts';

/** Ten probabilities that predict one digit. */
function probabilitiesOf(digit: number, count = 1): Float32Array {
  const probabilities = new Float32Array(10 * count).fill(0.1);
  for (let i = 0; i < count; i++) probabilities[10 * i + digit] = 0.9;
  return probabilities;
}

/** Two runs with networks and an empty pad; the test decides when classifications return. */
function setUp(storage: DrawingStorage | null = null) {
  const waiting: { id: string; images: Float32Array; answer: (digit: number) => void }[] = [];
  const classify = vi.fn(
    (id: string, images: Float32Array) =>
      new Promise<Float32Array>((resolve) => {
        const answer = (digit: number): void =>
          resolve(probabilitiesOf(digit, images.length / 784));
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
        cleanProbabilities: probabilitiesOf(3, labels.length),
        // Changes the prediction from ε 0.05 up.
        adversarialProbabilities: probabilitiesOf(made.epsilon >= 0.05 ? 8 : 3, labels.length),
      }),
  );
  const checkpoint = vi.fn(() => Promise.resolve({ step: 7, layers: [] }));
  const load = vi.fn<TrainingClient['load']>(() => Promise.resolve());
  const reset = vi.fn<TrainingClient['reset']>();
  const provenEpsilon = () => Promise.resolve(0.02);
  const client = {
    classify,
    attack,
    provenEpsilon,
    checkpoint,
    load,
    reset,
  } as unknown as TrainingClient;
  const store = createStore<LabState>(createInitialState);
  const drawing = createDrawing(store, sliceOf(store, 'drawing'), () => client, storage);
  drawing.showAttack(true);
  if (storage === null) drawing.clear(); // removes the page's own first digit
  store.setState({
    runs: ['one', 'two'].map((id, paletteIndex) => ({
      ...createRun(id, { name: id, paletteIndex, config: defaultConfig }),
      hasNetwork: true,
    })),
  });
  /** Pauses or finishes both runs after some weight updates. */
  const train = (status: 'running' | 'paused' | 'finished', step: number): void => {
    store.setState(({ runs }) => ({
      runs: runs.map((run) => ({ ...run, status, progress: { ...progress, step } })),
    }));
  };
  /** Answers all classifications that wait, and those that follow from the answers. */
  const answerAll = async (digit = 3): Promise<void> => {
    while (waiting.length > 0) {
      waiting.splice(0).forEach(({ answer }) => answer(digit));
      await flush();
    }
  };
  return {
    drawing,
    waiting,
    classify,
    attack,
    checkpoint,
    load,
    reset,
    store,
    train,
    answerAll,
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
    expect(state().predictions.one).toEqual(probabilitiesOf(1));
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

describe('the first screen’s digit', () => {
  const emptyStorage: DrawingStorage = {
    getItem: () => null,
    setItem: () => undefined,
    removeItem: () => undefined,
  };

  it('is on the pad of a first visit, and is passed to the networks unchanged', async () => {
    const { state, waiting } = setUp(emptyStorage);
    expect(state().pad).toBe(firstPad);
    expect(state().past).toEqual([]);
    await flush();
    expect(waiting.map(({ images }) => images)).toEqual([firstDigits[4], firstDigits[4]]);
    expect(findFirstDigit(state())).toBe(4);
  });

  it('is none of the first screen’s any more once it is shifted or drawn on', () => {
    const { drawing, state } = setUp(emptyStorage);
    drawing.setTransform({ shiftX: 1 });
    expect(findFirstDigit(state())).toBe(-1);
    drawing.setTransform({ shiftX: 0 });
    expect(findFirstDigit(state())).toBe(4);
    drawLine(drawing);
    expect(findFirstDigit(state())).toBe(-1);
    drawing.place(firstDigits[7]!);
    expect(findFirstDigit(state())).toBe(7);
    drawing.place(Float32Array.from(firstDigits[7]!));
    expect(findFirstDigit(state())).toBe(-1); // the page knows its own digits only as they were placed
  });
});

describe('the search for the smallest ε, by itself,', () => {
  /** The networks of each search attack, in order, each once. */
  const searched = ({ attack }: ReturnType<typeof setUp>): string[] => {
    // Each trial of a search attacks four copies of the drawing, the page's own attack only one.
    const ids = attack.mock.calls.filter(([, { labels }]) => labels.length > 1).map(([id]) => id);
    return ids.filter((id, index) => id !== ids[index - 1]);
  };

  it('starts when the pen is lifted, and not before', async () => {
    const page = setUp();
    const { drawing, answerAll, train, state } = page;
    train('finished', 100);
    drawing.beginStroke({ x: 0.5, y: 0.2 });
    drawing.extendStroke([{ x: 0.5, y: 0.8 }]);
    await flush();
    await answerAll();
    expect(state().predictions.one).toBeDefined();
    expect([state().search, searched(page)]).toEqual([null, []]);
    drawing.endStroke();
    expect(state().search?.trial).toMatchObject({ networkId: 'one', done: 0 });
    await flush();
    await answerAll();
    expect(state().search?.trial).toBeNull();
    expect(searched(page)).toEqual(['one', 'two']);
    expect(state().search?.results.two).toMatchObject({ found: { epsilon: 13 / 256 }, step: 100 });
    // The same drawing and the same weights: nothing to search again.
    drawing.setThickness(0.1);
    await vi.advanceTimersByTimeAsync(1000);
    await answerAll();
    expect(searched(page)).toEqual(['one', 'two']);
  });

  it('waits while the networks train, and starts again after training changed the weights', async () => {
    const page = setUp();
    const { drawing, answerAll, train, state } = page;
    train('running', 50);
    drawLine(drawing);
    await flush();
    await answerAll();
    expect([state().search, searched(page)]).toEqual([null, []]);
    train('finished', 100);
    await vi.advanceTimersByTimeAsync(1000);
    await answerAll();
    expect(searched(page)).toEqual(['one', 'two']);
    expect(state().search?.results.one?.step).toBe(100);
    train('running', 120);
    await vi.advanceTimersByTimeAsync(1000);
    await answerAll();
    expect(searched(page)).toHaveLength(2);
    train('finished', 200);
    await vi.advanceTimersByTimeAsync(1000);
    await answerAll();
    expect(searched(page)).toEqual(['one', 'two', 'one', 'two']);
    expect(state().search?.results.two?.step).toBe(200);
  });

  it('leaves out the page’s own digits while the networks are the pretrained ones', async () => {
    const page = setUp();
    const { drawing, answerAll, store, state } = page;
    const network = { name: 'Plain (pretrained)', config: defaultConfig, hasNetwork: true };
    const testErrors = { clean: 0, fgsm: 0, pgd: 0 };
    const pretrained = [{ ...network, id: 'pretrained-plain', paletteIndex: 0, testErrors }];
    store.setState({ runs: [], pretrained });
    drawing.place(firstDigits[4]!);
    await flush();
    await answerAll();
    await vi.advanceTimersByTimeAsync(1000);
    await answerAll();
    expect(state().attacked?.results['pretrained-plain']).toBeDefined();
    expect([state().search, searched(page)]).toEqual([null, []]);
    // A user can ask for it all the same, and any other digit is searched.
    drawing.search(null);
    await flush();
    await answerAll();
    expect(searched(page)).toEqual(['pretrained-plain']);
    drawing.setTransform({ shiftX: 1 });
    await flush();
    await answerAll();
    expect(state().search?.results['pretrained-plain']).toMatchObject({ step: null });
  });

  it('includes the page’s own digits when the user’s networks are trained', async () => {
    const page = setUp();
    page.train('finished', 100);
    page.drawing.place(firstDigits[4]!);
    await flush();
    await page.answerAll();
    expect(searched(page)).toEqual(['one', 'two']);
  });

  it('stays stopped when the user stops it, until the drawing or the weights change', async () => {
    const page = setUp();
    const { drawing, answerAll, train, waiting, state } = page;
    train('finished', 100);
    drawLine(drawing, 0.3);
    await flush();
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    expect(state().search?.trial).not.toBeNull();
    drawing.cancelSearch();
    expect(state().search?.trial).toBeNull();
    await vi.advanceTimersByTimeAsync(1000);
    await answerAll();
    expect([state().search?.trial, state().search?.results, searched(page)]).toEqual([
      null,
      {},
      [],
    ]);
    train('finished', 200);
    await vi.advanceTimersByTimeAsync(1000);
    await answerAll();
    expect(searched(page)).toEqual(['one', 'two']);
    drawLine(drawing, 0.6);
    await flush();
    waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    drawing.cancelSearch();
    drawLine(drawing, 0.7);
    await flush();
    await answerAll();
    expect(Object.keys(state().search?.results ?? {})).toEqual(['one', 'two']);
  });

  it('is never about a drawing that was replaced', async () => {
    const page = setUp();
    const { drawing, answerAll, train, attack, state } = page;
    train('finished', 100);
    drawLine(drawing, 0.3);
    await flush();
    await answerAll();
    await vi.advanceTimersByTimeAsync(1000);
    await answerAll();
    const old = state().input!;
    attack.mockClear();
    drawing.place(firstDigits[2]!);
    await flush();
    await answerAll();
    await vi.advanceTimersByTimeAsync(1000);
    await answerAll();
    expect(searched(page)).toEqual(['one', 'two']);
    const start = ({ images }: LabelledImages) => Array.from(images.subarray(0, 784));
    for (const [, images] of attack.mock.calls) {
      expect(start(images)).not.toEqual(Array.from(old));
      expect(start(images)).toEqual(Array.from(firstDigits[2]!));
    }
    // Not even a search that is under way when the drawing is replaced.
    drawing.place(firstDigits[3]!);
    await flush();
    page.waiting.splice(0).forEach(({ answer }) => answer(3));
    await flush();
    expect(state().search?.trial?.networkId).toBe('one');
    attack.mockClear();
    drawing.place(firstDigits[5]!);
    await flush();
    await answerAll();
    for (const [, images] of attack.mock.calls) {
      expect(start(images)).toEqual(Array.from(firstDigits[5]!));
    }
    expect(searched(page)).toEqual(['one', 'two']);
  });
});
