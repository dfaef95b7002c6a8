import { afterAll, describe, expect, it } from 'vitest';
import { networkTypes } from '../../../domain/settings/config.ts';
import { readNetwork } from '../../../formats/networkFile.ts';
import { goldenCases } from '../../golden/fixtures.ts';
import { attackCases, trainingCases } from '../../golden/methods/methodCases.ts';
import { confidentCopies } from '../../testing/compareAttacks.ts';
import { connectTasks } from '../../testing/inWorker.ts';
import type { WebGLTasks } from '../../testing/webglTasks.worker.ts';

const worker = connectTasks<WebGLTasks>(
  new Worker(new URL('../../testing/webglTasks.worker.ts', import.meta.url), { type: 'module' }),
);
afterAll(() => worker.terminate());

describe('WebGL in a worker', () => {
  it('describes its device, in float32', async () => {
    const description = await worker.run('description');
    expect(description).toMatchObject({ name: 'WebGL', isFloat32: true });
    expect(description.device).not.toBe('');
  });

  it.each(goldenCases.map(({ name }) => name))(
    'agrees with the golden vectors %s to 1e-4',
    async (name) => {
      const errors = await worker.run('golden', name);
      for (const [tensor, error] of Object.entries(errors)) {
        expect(error, tensor).toBeLessThanOrEqual(1e-4);
      }
    },
  );

  it.each([...trainingCases, ...attackCases].map(({ name }) => name))(
    'agrees with the golden case %s of methods to 1e-4',
    async (name) => {
      const errors = await worker.run('goldenMethod', name);
      for (const [tensor, error] of Object.entries(errors)) {
        expect(error, tensor).toBeLessThanOrEqual(1e-4);
      }
    },
  );

  it.each(['bce', 'ce'] as const)(
    'computes output deltas to 1e-3 of each element: %s',
    async (loss) => {
      const errors = await worker.run('outputDelta', loss);
      expect(errors).toHaveLength(24);
      for (const error of errors) expect(error).toBeLessThanOrEqual(1e-3);
    },
  );

  it.each([1, 2, 3])(
    'agrees with float64 in every operation on random shapes (seed %i)',
    async (seed) => {
      const differences = await worker.run('operations', seed);
      for (const [operation, difference] of Object.entries(differences)) {
        expect(difference, operation).toBeLessThanOrEqual(1e-5);
      }
    },
  );

  it('uses no more memory after 2,000 steps than after 20', async () => {
    const { early, late, after } = await worker.run('leak', 2000);
    expect(early.numTensors).toBeGreaterThan(0);
    expect(early.gpuBytes).toBeGreaterThan(0);
    expect(late).toEqual(early);
    expect(after).toMatchObject({ numTensors: 0, matrices: 0 });
  });

  it('gives the same weights for the same seed, to the bit', async () => {
    expect(await worker.run('determinism')).toEqual({ isEqual: true, differsForOtherSeed: true });
  });

  it.each(networkTypes)(
    'reports NaN in a %s network as a loss that is not finite',
    async (type) => {
      for (const from of ['pixels', 'weight'] as const) {
        expect(Number.isFinite(await worker.run('nan', type, from)), from).toBe(false);
      }
    },
  );

  it('agrees with SIMD on the sign of the input gradient, in 100 steps on MNIST', async () => {
    const dataUrl = new URL('/data/mnist/', location.href).href;
    const { compared, different } = await worker.run('agreeOnSigns', dataUrl, 100);
    expect(compared).toBeGreaterThan(100_000);
    expect(different).toBe(0);
  });

  it.each(['all × 3', 'output × 100'] as const)(
    'attacks a confident network as float64 does: %s',
    async (name) => {
      const file = await fetch('/pretrained/plain.safetensors');
      const { config, layers } = await readNetwork(await file.blob());
      const parameters = layers.map((layer) => Float32Array.from(layer.parameters));
      const network = confidentCopies({ config, parameters })[name];
      const dataUrl = new URL('/data/mnist/', location.href).href;
      const { signs, errors } = await worker.run('attackConfident', dataUrl, network);
      for (const sign of signs) expect(sign).toMatchObject({ zeroGradients: 0, different: 0 });
      for (const [found, expected] of errors) {
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(3);
      }
    },
  );

  it('is timed like SIMD, with the same loss, and leaves nothing in memory', async () => {
    const { webgl, simd, left } = await worker.run('timing');
    if (webgl.kind !== 'timed' || simd.kind !== 'timed') throw new Error('Not timed.');
    expect(Math.abs(webgl.loss - simd.loss)).toBeLessThan(1e-3 * simd.loss);
    expect(webgl.stepMs).toBeGreaterThan(0);
    expect(left).toBe(0);
  });

  it('releases its context when disposed, and can be started again', async () => {
    expect(await worker.run('disposeAndStartAgain')).toEqual({ isReported: false, isFinite: true });
  });

  it('reports a lost context at every call, instead of waiting forever', async () => {
    expect(await worker.run('loseContext')).toEqual({
      lost: 'engine-failed',
      finished: 'engine-failed',
      trainStep: 'engine-failed',
      evaluate: 'engine-failed',
    });
  });
});
