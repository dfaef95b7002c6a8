import { describe, expect, it } from 'vitest';
import { readKernels } from '../../../cli/readKernels.ts';
import { goldenCases } from '../../golden/fixtures.ts';
import outputDelta from '../../golden/fixtures/output-delta.json';
import { computeTensors, expectedTensors, relativeErrors } from '../../golden/goldenCase.ts';
import { compareOperations } from '../../testing/compareOperations.ts';
import { Float64Backend } from '../float64/backend.ts';
import { SimdBackend } from './backend.ts';

describe.each(['relaxed', 'plain'] as const)('SIMD backend in Node, %s build', async (build) => {
  const backend = await SimdBackend.create(readKernels, { build });

  it.each(goldenCases)('golden vectors $name to 1e-5', async (golden) => {
    const errors = relativeErrors(await computeTensors(backend, golden), expectedTensors(golden));
    for (const [name, error] of Object.entries(errors)) {
      expect(error, name).toBeLessThanOrEqual(1e-5);
    }
    expect(backend.memory().matrices).toBe(0);
  });

  it.each(['bce', 'ce'] as const)('output deltas to 1e-5 of each element: %s', async (loss) => {
    const logits = backend.upload(outputDelta.logits.flat(), 6, 4);
    const labels = backend.upload(outputDelta.labels, 6, 1);
    const delta = backend.outputDelta(logits, labels, loss);
    const found = await backend.read(delta);
    outputDelta[loss].delta.flat().forEach((expected, i) => {
      expect(Math.abs(found[i]! - expected)).toBeLessThanOrEqual(1e-5 * Math.abs(expected));
    });
    backend.free(logits, labels, delta);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'every operation agrees with float64 (shapes %i)',
    async (seed) => {
      const differences = await compareOperations(backend, new Float64Backend(), seed);
      for (const [operation, difference] of Object.entries(differences)) {
        expect(difference, operation).toBeLessThanOrEqual(1e-5);
      }
    },
  );
});
