import { expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { defaultConfig } from '../../domain/settings/config.ts';
import type { Attack } from '../../domain/metrics.ts';
import type { LabelledImages, TrainingClient } from '../../worker/client.ts';
import { createRun } from '../runs/run.ts';
import { sliceOf } from '../slices.ts';
import { createInitialState, type LabState } from '../state.ts';
import { searchedDigits } from './smallestChanges.ts';
import { createSweeps } from './sweeps.ts';

/** Digits whose first pixel is the ε that they fall by, times 256; digit 2 is misread. */
const thresholds = [8, 20, 5, 200];

function oneHot(digits: readonly number[]): Float32Array {
  const probabilities = new Float32Array(10 * digits.length);
  digits.forEach((digit, i) => (probabilities[10 * i + digit] = 1));
  return probabilities;
}

function makeClient() {
  const images = new Float32Array(784 * searchedDigits);
  for (let i = 0; i < searchedDigits; i++) images[784 * i] = thresholds[i % 4]!;
  const client = {
    testImages: vi.fn(() =>
      Promise.resolve({ images, labels: new Uint8Array(searchedDigits).fill(3) }),
    ),
    checkpoint: vi.fn(() => Promise.resolve({ step: 40, layers: [] })),
    load: vi.fn(() => Promise.resolve()),
    reset: vi.fn<(id: string) => void>(),
    classify: vi.fn((_: string, pixels: Float32Array) =>
      Promise.resolve(oneHot([pixels[0] === 5 ? 7 : 3])),
    ),
    attack: vi.fn((_: string, { images: copies, labels }: LabelledImages, attack: Attack) => {
      const falls = 256 * attack.epsilon >= copies[0]!;
      return Promise.resolve({
        adversarialImages: copies,
        adversarialProbabilities: oneHot(Array.from(labels, () => (falls ? 9 : 3))),
      });
    }),
  };
  return client;
}

function makeStore() {
  const run = createRun('a', { name: 'a', paletteIndex: 0, config: defaultConfig });
  const runs = [{ ...run, hasNetwork: true, status: 'paused' as const }];
  return createStore<LabState>(() => ({ ...createInitialState(), runs }));
}

function makeSweeps(store: ReturnType<typeof makeStore>, client: ReturnType<typeof makeClient>) {
  const asClient = client as unknown as TrainingClient;
  return createSweeps(
    store,
    sliceOf(store, 'robustness'),
    () => asClient,
    () => undefined,
  );
}

it('searches each digit on a copy of each network, and frees the copy', async () => {
  const store = makeStore();
  const client = makeClient();
  makeSweeps(store, client).measureSmallest();
  expect(store.getState().robustness.progress).toEqual({ done: 0, total: searchedDigits });
  await vi.waitFor(() => expect(client.reset).toHaveBeenCalled());
  const { smallest, progress } = store.getState().robustness;
  expect(progress).toBeNull();
  expect(smallest['a']?.step).toBe(40);
  expect(smallest['a']?.epsilons).toHaveLength(searchedDigits);
  expect(Array.from(smallest['a']!.epsilons.subarray(0, 4))).toEqual([
    8 / 256,
    20 / 256,
    0,
    Infinity,
  ]);
  const copy = client.load.mock.calls.length;
  expect(copy).toBe(1);
  expect(client.reset).toHaveBeenCalledTimes(1);
  const [copyId] = client.reset.mock.calls[0]!;
  expect(new Set(client.attack.mock.calls.map(([id]) => id))).toEqual(new Set([copyId]));
});

it('keeps what was found when it is canceled, and frees the copy', async () => {
  const store = makeStore();
  const client = makeClient();
  const sweeps = makeSweeps(store, client);
  const countFound = () => store.getState().robustness.smallest['a']?.epsilons.length ?? 0;
  const unsubscribe = store.subscribe(() => {
    if (countFound() !== 3) return;
    unsubscribe();
    sweeps.cancel();
  });
  sweeps.measureSmallest();
  await vi.waitFor(() => expect(client.reset).toHaveBeenCalledTimes(1));
  expect(store.getState().robustness.progress).toBeNull();
  expect(countFound()).toBe(3);
});
