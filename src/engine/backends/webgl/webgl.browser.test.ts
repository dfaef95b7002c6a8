import { afterAll, describe, expect, it } from 'vitest';
import { goldenCases } from '../../golden/fixtures.ts';
import type { Tasks } from '../../testing/webglTasks.worker.ts';

const worker = new Worker(new URL('../../testing/webglTasks.worker.ts', import.meta.url), {
  type: 'module',
});

/** Runs one task inside the worker, where the page's engine runs too. */
function inWorker<K extends keyof Tasks>(
  task: K,
  ...args: Parameters<Tasks[K]>
): Promise<Awaited<ReturnType<Tasks[K]>>> {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({
      data,
    }: MessageEvent<{ value: Awaited<ReturnType<Tasks[K]>>; error?: string }>) => {
      if (data.error === undefined) resolve(data.value);
      else reject(new Error(data.error));
    };
    worker.postMessage({ task, args });
  });
}

afterAll(() => worker.terminate());

describe('WebGL in a worker', () => {
  it('says which device computes, in float32', async () => {
    const description = await inWorker('description');
    expect(description).toMatchObject({ name: 'WebGL', isFloat32: true });
    expect(description.device).not.toBe('');
  });

  it.each(goldenCases.map(({ name }) => name))('golden vectors %s to 1e-4', async (name) => {
    const errors = await inWorker('golden', name);
    for (const [tensor, error] of Object.entries(errors)) {
      expect(error, tensor).toBeLessThanOrEqual(1e-4);
    }
  });

  it.each(['bce', 'ce'] as const)('output deltas to 1e-3 of each element: %s', async (loss) => {
    const errors = await inWorker('outputDelta', loss);
    expect(errors).toHaveLength(24);
    for (const error of errors) expect(error).toBeLessThanOrEqual(1e-3);
  });

  it.each([1, 2, 3])(
    'every operation agrees with float64 on random shapes (seed %i)',
    async (seed) => {
      const differences = await inWorker('operations', seed);
      for (const [operation, difference] of Object.entries(differences)) {
        expect(difference, operation).toBeLessThanOrEqual(1e-5);
      }
    },
  );

  it('leaves memory as it was after 2,000 steps', async () => {
    const { early, late, after } = await inWorker('leak', 2000);
    expect(early.numTensors).toBeGreaterThan(0);
    expect(early.gpuBytes).toBeGreaterThan(0);
    expect(late).toEqual(early);
    expect(after).toMatchObject({ numTensors: 0, matrices: 0 });
  });

  it('gives the same weights for the same seed, to the bit', async () => {
    expect(await inWorker('determinism')).toEqual({ isEqual: true, isOtherWithOtherSeed: true });
  });

  it('shows a diverged network as a loss that is not finite', async () => {
    expect(Number.isFinite(await inWorker('nan'))).toBe(false);
  });

  it('reports a lost context instead of waiting for ever', async () => {
    expect(await inWorker('loseContext')).toBe('engine-failed');
  });
});
