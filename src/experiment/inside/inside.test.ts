import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { defaultConfig } from '../../domain/settings/config.ts';
import { LabError } from '../../domain/errors.ts';
import type { InspectionQuestion } from '../../domain/analysis/inspection.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { createRun, type Run } from '../runs/run.ts';
import { sliceOf } from '../slices.ts';
import { createInitialState, type LabState } from '../state.ts';
import { createInside } from './inside.ts';

const nextRound = () => new Promise((resolve) => setTimeout(resolve, 0));

function makeRun(id: string, step: number): Run {
  const progress = { step, stepsPerEpoch: 10, totalSteps: 100 };
  const rest = { trainSeconds: 0, samplesPerSecond: 0, secondsLeft: null };
  const run = createRun(id, { name: id, paletteIndex: 0, config: defaultConfig });
  return { ...run, status: 'running', hasNetwork: true, progress: { ...progress, ...rest } };
}

const labels = Uint8Array.of(4, 4, 7);
const attackPredictions = (predictions: readonly number[]) => ({
  predictions: Uint8Array.from(predictions),
  margins: new Float32Array(3),
  confidences: new Float32Array(3),
});

/** A lab of two runs whose worker returns results at once, unless it is held. */
function setUp() {
  const store = createStore<LabState>(() => ({
    ...createInitialState(),
    experimentId: 'experiment',
    runs: [makeRun('a', 5), makeRun('b', 5)],
  }));
  let step = 5;
  let held: Promise<void> = Promise.resolve();
  const inspect = vi.fn(async (id: string, question: InspectionQuestion) => {
    await held;
    if (id === 'gone') throw new LabError('network-gone', 'There is no run.', 'Train.');
    if (question.kind === 'attackPredictions') {
      const { attack } = question;
      const [clean, attacked] = [attackPredictions([4, 9, 7]), attackPredictions([9, 9, 7])];
      return { step, answer: { split: 'test', attack, labels, clean, attacked } };
    }
    return { step, answer: question };
  });
  const client = { inspect } as unknown as TrainingClient;
  const inside = createInside(store, () => client);
  const advance = (to: number) => {
    step = to;
    store.setState({ runs: [makeRun('a', to), makeRun('b', to)] });
  };
  const hold = () => {
    let release = (): void => undefined;
    held = new Promise((resolve) => (release = resolve));
    return () => release();
  };
  const kinds = () => inspect.mock.calls.map(([id, { kind }]) => `${id} ${kind}`);
  const select = sliceOf(store, 'selectedDigit').update;
  return { store, select, inside, inspect, advance, hold, kinds };
}

describe('network inspection', () => {
  it('queries nothing while hidden, and then only for the visible view', async () => {
    const { inside, advance, kinds } = setUp();
    advance(6);
    await nextRound();
    expect(kinds()).toEqual([]);
    inside.show('weights');
    await nextRound();
    expect(kinds()).toEqual(['a weights', 'b weights']);
    const { question, answers, isPending, progress } = inside.store.getState().weights;
    expect(question).toEqual({ kind: 'weights', first: 0, count: 24 });
    expect(Object.keys(answers)).toEqual(['a', 'b']);
    expect({ isPending, progress }).toEqual({ isPending: false, progress: null });
    inside.show(null);
    advance(7);
    await nextRound();
    expect(kinds()).toHaveLength(2);
  });

  it('updates at a low rate during training, and not while training is paused', async () => {
    vi.useFakeTimers();
    try {
      const { inside, advance, kinds } = setUp();
      inside.show('weights');
      await vi.advanceTimersByTimeAsync(0);
      for (let step = 6; step <= 16; step++) {
        advance(step);
        await vi.advanceTimersByTimeAsync(100);
      }
      expect(kinds()).toHaveLength(2); // 1.1 s
      await vi.advanceTimersByTimeAsync(500);
      expect(kinds()).toHaveLength(4);
      expect(inside.store.getState().weights.answers.a!.step).toBe(16);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(kinds()).toHaveLength(4); // the network is the same
    } finally {
      vi.useRealTimers();
    }
  });

  it('updates at once when the user selects something else or the attack changes', async () => {
    const { inside, inspect, store } = setUp();
    inside.show('weights');
    await nextRound();
    inside.choose({ firstUnit: 24 });
    await nextRound();
    expect(inspect.mock.lastCall![1]).toMatchObject({ first: 24, count: 24 });
    inside.choose({ areAllUnitsShown: true });
    await nextRound();
    expect(inspect.mock.lastCall![1]).toMatchObject({ first: 0, count: 2048 });
    inside.show('attackPredictions');
    await nextRound();
    expect(inspect.mock.lastCall![1]).toMatchObject({ count: 1000 });
    inside.choose({ predictionSize: 'full' });
    await nextRound();
    expect(inspect.mock.lastCall![1]).toMatchObject({ count: 10_000 });
    store.setState({ attackEpsilon: 0.3 });
    await nextRound();
    expect(inspect.mock.lastCall![1]).toMatchObject({
      attack: { kind: 'fgsm', epsilon: 0.3, clip: true },
    });
  });

  it('inspects the selected digit: a test digit, or the drawing with the majority prediction as its label', async () => {
    const { inside, inspect, store, select } = setUp();
    inside.show('gradients');
    await nextRound();
    expect(inspect).not.toHaveBeenCalled(); // there are no test images yet
    const images = Float32Array.from({ length: 2 * 784 }, (_, i) => (i < 784 ? 0 : 1));
    const { examples, drawing } = store.getState();
    const shown = { images, labels: Uint8Array.of(3, 8) };
    store.setState({ examples: { ...examples, images: shown } });
    await nextRound();
    select({ index: 1 });
    await nextRound();
    const asked = inspect.mock.lastCall![1];
    expect(asked).toMatchObject({ kind: 'gradients', labels: Uint8Array.of(8) });
    expect(asked.kind === 'gradients' && asked.images[0]).toBe(1);
    const output = (digit: number) => Float32Array.from({ length: 10 }, (_, j) => +(j === digit));
    const predictions = { a: output(2), b: output(6), c: output(6) };
    store.setState({ drawing: { ...drawing, input: new Float32Array(784), predictions } });
    select({ kind: 'drawing' });
    await nextRound();
    expect(inspect.mock.lastCall![1]).toMatchObject({ labels: Uint8Array.of(6) });
    select({ drawnLabel: 1 });
    await nextRound();
    expect(inspect.mock.lastCall![1]).toMatchObject({ labels: Uint8Array.of(1) });
  });

  it('shows the images of a cell, and freezes the matrix until the cell is closed', async () => {
    vi.useFakeTimers();
    try {
      const { inside, inspect, advance, kinds } = setUp();
      inside.show('attackPredictions');
      await vi.advanceTimersByTimeAsync(0);
      inside.openCell({ networkId: 'b', isAttacked: true, label: 4, prediction: 9 });
      await vi.advanceTimersByTimeAsync(0);
      expect(inspect.mock.lastCall!.slice(0, 2)).toMatchObject([
        'b',
        { kind: 'samples', indices: [0, 1] },
      ]);
      const { cell } = inside.store.getState();
      expect(cell).toMatchObject({ indices: [0, 1] });
      expect(cell!.samples).not.toBeNull();
      advance(50);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(kinds()).toHaveLength(3);
      inside.closeCell();
      await vi.advanceTimersByTimeAsync(20_000);
      expect(kinds()).toHaveLength(5);
      expect(inside.store.getState().cell).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it('requests what was selected just before a cell was opened, once that cell is closed', async () => {
    const { inside, store, inspect, hold } = setUp();
    inside.show('attackPredictions');
    await nextRound();
    const release = hold();
    store.setState({ attackEpsilon: 0.2 }); // requested at once
    store.setState({ attackEpsilon: 0.3 }); // requested after it
    inside.openCell({ networkId: 'a', isAttacked: false, label: 4, prediction: 9 });
    release();
    await nextRound();
    expect(inside.store.getState().attackPredictions.question!.attack.epsilon).toBe(0.2);
    inside.closeCell();
    await nextRound();
    expect(inside.store.getState().attackPredictions.question!.attack.epsilon).toBe(0.3);
    expect(inspect.mock.lastCall![1]).toMatchObject({ attack: { epsilon: 0.3 } });
  });

  it('counts no networks of a round that ended because one of them failed', async () => {
    const { inside, inspect, hold } = setUp();
    const release = hold();
    inspect.mockRejectedValueOnce(new LabError('internal', 'A bug.', 'Reload the page.'));
    inside.show('weights');
    await nextRound();
    expect(inside.store.getState().weights.error).toMatchObject({ message: 'A bug.' });
    release();
    await nextRound();
    expect(inside.store.getState().weights.progress).toBeNull();
  });

  it('closes a cell when its matrix is about to change', async () => {
    const { inside, store } = setUp();
    inside.show('attackPredictions');
    await nextRound();
    inside.openCell({ networkId: 'a', isAttacked: false, label: 4, prediction: 9 });
    store.setState({ attackEpsilon: 0.2 });
    expect(inside.store.getState().cell).toBeNull();
  });

  it('cancels a round whose view was hidden, and queries again when it is visible', async () => {
    const { inside, inspect, hold, kinds } = setUp();
    inside.show('attackPredictions');
    await nextRound();
    const answers = () => inside.store.getState().attackPredictions.answers;
    const known = answers();
    const release = hold();
    inside.choose({ attackKind: 'pgd' });
    await nextRound();
    const signals = inspect.mock.calls
      .slice(2)
      .map((call) => (call as unknown[])[2] as AbortSignal);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    inside.show(null);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    release();
    await nextRound();
    expect(answers()).toBe(known);
    expect(inside.store.getState().attackPredictions).toMatchObject({
      isPending: false,
      progress: null,
      error: null,
    });
    inside.show('attackPredictions');
    await nextRound();
    expect(kinds()).toHaveLength(6);
    expect(answers()).not.toBe(known);
  });

  it('drops results for an experiment that was reset meanwhile', async () => {
    const { inside, store, hold } = setUp();
    const release = hold();
    inside.show('weights');
    store.setState({ experimentId: null, runs: [] });
    release();
    await nextRound();
    expect(inside.store.getState().weights.answers).toEqual({});
    expect(inside.store.getState().weights.error).toBeNull();
  });

  it('reports errors, except that a run was removed', async () => {
    const { inside, inspect, store } = setUp();
    inspect.mockRejectedValueOnce(new LabError('internal', 'A bug.', 'Reload the page.'));
    inside.show('weights');
    await nextRound();
    expect(inside.store.getState().weights.error).toMatchObject({ message: 'A bug.' });
    store.setState({ runs: [makeRun('gone', 1)] });
    await nextRound();
    expect(inside.store.getState().weights.error).toMatchObject({ message: 'A bug.' });
    store.setState({ runs: [makeRun('a', 1)] });
    await nextRound();
    expect(inside.store.getState().weights.error).toBeNull();
  });
});
