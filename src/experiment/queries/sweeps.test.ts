import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { defaultConfig } from '../../domain/settings/config.ts';
import { LabError } from '../../domain/errors.ts';
import type { TrainingClient } from '../../worker/client.ts';
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
    sweeps.measureTransfer('pgd');
    await ended();
    expect(robustness().error?.message).toContain('Training went on while transfer was measured');
    expect(robustness().transfer).toBe(first);
    sweeps.cancel();
    expect(robustness()).toEqual({ progress: null, error: null, transfer: first });
  });

  it.each([
    ['network-gone', null],
    ['worker-died', null],
    ['invalid-request', 'invalid-request'],
  ] as const)('that fails with %s reports %s', async (code, told) => {
    const store = makeStore();
    const testImages = () => Promise.reject(new LabError(code, 'No.', 'Again.'));
    const client = { testImages } as unknown as TrainingClient;
    makeSweeps(store, client).measureTransfer('fgsm');
    await vi.waitFor(() => expect(store.getState().robustness.progress).toBeNull());
    expect(store.getState().robustness.error?.code ?? null).toBe(told);
  });
});
