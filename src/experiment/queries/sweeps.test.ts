import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { defaultConfig } from '../../domain/settings/config.ts';
import type { Attack } from '../../domain/metrics.ts';
import { LabError } from '../../domain/errors.ts';
import type { TrainingClient } from '../../worker/client.ts';
import {
  addMeasurement,
  boundedEpsilons,
  type Measurement,
  sweptL2Epsilons,
} from '../runs/measurements.ts';
import { createRun } from '../runs/run.ts';
import { sliceOf } from '../slices.ts';
import { createInitialState, type LabState } from '../state.ts';
import { createSweeps } from './sweeps.ts';

const small = {
  shape: 'grey-28',
  trainingCount: 500,
  testCount: 120,
  fingerprint: 'a'.repeat(64),
} as const;

/** A lab with one run on a small data set from the user's own files. */
function makeStore() {
  const initial = createInitialState();
  const run = createRun('a', {
    name: 'a',
    paletteIndex: 0,
    config: { ...defaultConfig, dataSet: small },
  });
  return createStore<LabState>(() => ({
    ...initial,
    customData: { ...initial.customData, loaded: small },
    runs: [{ ...run, hasNetwork: true, status: 'paused' }],
  }));
}

function makeSweeps(store: ReturnType<typeof makeStore>, client: TrainingClient) {
  const ignore = () => undefined;
  return createSweeps(store, sliceOf(store, 'robustness'), () => client, ignore);
}

describe('transfer', () => {
  it('is measured on all images if there are fewer than usual', async () => {
    const store = makeStore();
    const labels = new Uint8Array(120).fill(3);
    const testImages = vi.fn(() => Promise.resolve({ images: new Float32Array(120), labels }));
    const attack = () => Promise.resolve({ adversarialImages: new Float32Array(120) });
    const classify = () =>
      Promise.resolve(Float32Array.from({ length: 1200 }, (_, i) => Number(i % 10 === 3)));
    const client = { testImages, attack, classify } as unknown as TrainingClient;
    makeSweeps(store, client).measureTransfer('fgsm');
    await vi.waitFor(() => expect(store.getState().robustness.transfer).not.toBeNull());
    expect(testImages).toHaveBeenCalledWith(0, 120, expect.any(AbortSignal));
    expect(store.getState().robustness.transfer).toMatchObject({
      sampleCount: 120,
      errorRates: [[0]],
    });
  });

  it('is refused when training continues meanwhile; earlier measurements stay, also after a cancel', async () => {
    const store = makeStore();
    const digits = { images: new Float32Array(120), labels: new Uint8Array(120) };
    let resume: (() => void) | null = null;
    const attack = () => {
      resume?.();
      return Promise.resolve({ adversarialImages: new Float32Array(120) });
    };
    const client = {
      testImages: () => Promise.resolve(digits),
      attack,
      classify: () => Promise.resolve(new Float32Array(1200)),
    } as unknown as TrainingClient;
    const robustness = () => store.getState().robustness;
    const ended = () => vi.waitFor(() => expect(robustness().progress).toBeNull());
    const sweeps = makeSweeps(store, client);
    sweeps.measureTransfer('fgsm');
    await ended();
    const first = robustness().transfer!;
    expect(first.steps).toEqual([0]);

    const [run] = store.getState().runs;
    resume = () => store.setState({ runs: [{ ...run!, status: 'running' }] });
    sweeps.measureTransfer('margin-pgd');
    await ended();
    expect(robustness().error?.message).toContain('Training continued while transfer was measured');
    expect(robustness().transfer).toBe(first);
    sweeps.cancel();
    expect(robustness()).toMatchObject({ progress: null, error: null, transfer: first });
  });

  it.each([
    ['network-gone', null],
    ['worker-died', null],
    ['invalid-request', 'invalid-request'],
  ] as const)('that fails with %s reports %s', async (code, reported) => {
    const store = makeStore();
    const testImages = () => Promise.reject(new LabError(code, 'No.', 'Again.'));
    const client = { testImages } as unknown as TrainingClient;
    makeSweeps(store, client).measureTransfer('fgsm');
    await vi.waitFor(() => expect(store.getState().robustness.progress).toBeNull());
    expect(store.getState().robustness.error?.code ?? null).toBe(reported);
  });
});

describe('measurements at the end', () => {
  it('keep each image’s result at the page’s ε only, and are repeated where it is missing', async () => {
    const store = makeStore();
    store.setState({ attackEpsilon: 0.1 });
    const score = { loss: 1, errorRate: 0.1 };
    const mistakes = { clean: 'AAAA', adversarial: 'AAAA' };
    const measure = vi.fn((_: string, attack: Attack, count: number) => {
      const at = { step: 5, epoch: 1, split: 'test', sampleCount: Math.min(120, count) } as const;
      return Promise.resolve({ ...at, clean: score, adversarial: score, attack, mistakes });
    });
    const measureTraining = () => Promise.resolve({ sampleCount: 120, clean: 0, attacked: 0.1 });
    const client = {
      freeze: () => Promise.resolve(5),
      measure,
      measureTraining,
    } as unknown as TrainingClient;
    const setRun = (measurements: readonly Measurement[]) => {
      const [run] = store.getState().runs;
      const progress = { ...run!.progress!, step: 5 };
      store.setState({ runs: [{ ...run!, progress, measurements }] });
    };
    setRun([]);
    const sweeps = createSweeps(
      store,
      sliceOf(store, 'robustness'),
      () => client,
      (_, measurement) =>
        setRun(addMeasurement(store.getState().runs[0]!.measurements, measurement)),
    );
    const measureEnd = async () => {
      measure.mockClear();
      sweeps.measureEnd();
      await vi.waitFor(() => expect(store.getState().robustness.progress).toBeNull());
      return measure.mock.calls.map(([, { kind, epsilon }]) => `${kind} ${epsilon}`);
    };
    await measureEnd();
    const { measurements } = store.getState().runs[0]!;
    const kept = measurements.filter((one) => one.mistakes !== undefined);
    expect(kept.map(({ attack: { kind, epsilon } }) => `${kind} ${epsilon}`)).toEqual([
      'fgsm 0.1',
      'margin-pgd 0.1',
    ]);
    expect(await measureEnd()).toEqual([]);
    setRun(measurements.map(({ mistakes: _mistakes, ...one }) => one));
    expect(await measureEnd()).toEqual(['fgsm 0.1', 'margin-pgd 0.1']);
  });
});

it('measures training images where FGSM is the attack of the training, and once', async () => {
  const store = makeStore();
  const [run] = store.getState().runs;
  const config = { ...run!.config, method: 'adversarial', trainingEpsilon: 0.12 } as const;
  store.setState({ runs: [{ ...run!, config, progress: { ...run!.progress!, step: 5 } }] });
  const score = { loss: 1, errorRate: 0.1 };
  const training = { sampleCount: 200, clean: 0.02, attacked: 0.05 };
  const measureTraining = vi.fn(() => Promise.resolve(training));
  const measure = (_: string, attack: Attack, count: number) =>
    Promise.resolve({
      step: 5,
      epoch: 1,
      split: 'test',
      sampleCount: count,
      clean: score,
      adversarial: score,
      attack,
    });
  const client = { freeze: () => Promise.resolve(5), measure, measureTraining };
  const stored: Measurement[] = [];
  createSweeps(
    store,
    sliceOf(store, 'robustness'),
    () => client as unknown as TrainingClient,
    (_, measurement) => stored.push(measurement),
  ).sweepEpoch();
  await vi.waitFor(() => expect(store.getState().robustness.progress).toBeNull());
  expect(measureTraining.mock.calls).toEqual([['a', 200, expect.any(AbortSignal)]]);
  const found = stored.filter((one) => one.training !== undefined);
  expect(found).toMatchObject([{ attack: { kind: 'fgsm', epsilon: 0.12 }, training }]);
});

it('measures curves in the Euclidean norm on copies, and keeps them apart from the others', async () => {
  const store = makeStore();
  const score = { loss: 1, errorRate: 0.1 };
  const measure = vi.fn((_: string, attack: Attack, count: number) =>
    Promise.resolve({
      step: 5,
      epoch: 1,
      split: 'test',
      sampleCount: count,
      clean: score,
      adversarial: { ...score, errorRate: attack.epsilon / 4 },
      attack,
      mistakes: {},
    }),
  );
  const freeze = vi.fn(() => Promise.resolve(5));
  const stored = vi.fn();
  createSweeps(
    store,
    sliceOf(store, 'robustness'),
    () => ({ freeze, measure }) as unknown as TrainingClient,
    stored,
  ).measureL2();
  await vi.waitFor(() => expect(store.getState().robustness.progress).toBeNull());
  expect(freeze.mock.calls).toHaveLength(store.getState().runs.length);
  expect(stored).not.toHaveBeenCalled();
  const curve = store.getState().robustness.l2['a']!;
  expect(curve.map(({ attack }) => attack.epsilon)).toEqual([...sweptL2Epsilons]);
  for (const { attack, adversarial, sampleCount, ...rest } of curve) {
    expect(attack).toMatchObject({ kind: 'margin-pgd', norm: 'l2', clip: true, steps: 20 });
    expect(adversarial.errorRate).toBe(attack.epsilon / 4);
    expect(sampleCount).toBe(1000);
    expect(rest).not.toHaveProperty('mistakes');
  }
});

describe('bounds', () => {
  it('go from small ε to large, attack no image again that was fooled, and count proofs and survivors', async () => {
    const store = makeStore();
    const clean = { loss: 0.1, errorRate: 0 };
    const evaluation = { step: 5, epoch: 1, split: 'test', sampleCount: 120, clean };
    const asked: [number, number, number][] = [];
    const client = {
      freeze: () => Promise.resolve(5),
      measure: () => Promise.resolve({ ...evaluation, adversarial: clean }),
      // Image i of 120 is fooled from ε = i / 400 on, and proven safe up to half of that.
      bound: (_: string, attack: { epsilon: number }, first: number, candidates: Uint8Array) => {
        asked.push([attack.epsilon, first, candidates.reduce((sum, one) => sum + one, 0)]);
        const below = (factor: number) =>
          candidates.map((one, i) => (attack.epsilon <= ((first + i) / 400) * factor ? one : 0));
        return Promise.resolve({ survives: below(1), proven: below(0.5) });
      },
    } as unknown as TrainingClient;
    const stored: Measurement[] = [];
    const sweeps = createSweeps(
      store,
      sliceOf(store, 'robustness'),
      () => client,
      (_, measurement) => stored.push(measurement),
    );
    sweeps.measureBounds();
    await vi.waitFor(() => expect(stored).toHaveLength(2 * boundedEpsilons.length));
    await vi.waitFor(() => expect(store.getState().robustness.progress).toBeNull());
    for (const { attack, adversarial, sampleCount } of stored) {
      const factor = attack.kind === 'certificate' ? 0.5 : 1;
      const safe = Array.from({ length: 120 }, (_, i) => attack.epsilon <= (i / 400) * factor);
      expect(adversarial.errorRate).toBeCloseTo(1 - safe.filter(Boolean).length / 120, 12);
      expect(sampleCount).toBe(120);
    }
    const [smallest, second] = boundedEpsilons;
    const candidatesAt = (epsilon: number) =>
      asked.filter(([one]) => one === epsilon).reduce((sum, [, , count]) => sum + count, 0);
    expect(candidatesAt(smallest)).toBe(120);
    expect(candidatesAt(second)).toBe(120 - Math.ceil(400 * smallest));
  });
});
