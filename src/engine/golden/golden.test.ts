import { describe, expect, it } from 'vitest';
import { Float64Backend } from '../backends/float64/backend.ts';
import { goldenCases } from './fixtures.ts';
import outputDelta from './fixtures/output-delta.json';
import { computeTensors, expectedTensors, relativeErrors } from './goldenCase.ts';

describe('golden vectors on the float64 reference', () => {
  it('has all 24 cases', () => {
    expect(goldenCases).toHaveLength(24);
  });

  it.each(goldenCases)('agrees with $name to 1e-7 and frees everything', async (golden) => {
    const backend = new Float64Backend();
    const errors = relativeErrors(await computeTensors(backend, golden), expectedTensors(golden));
    for (const [name, error] of Object.entries(errors)) {
      expect(error, name).toBeLessThanOrEqual(1e-7);
    }
    expect(backend.memory().matrices).toBe(0);
  });

  it.each(['bce', 'ce'] as const)('keeps the sign of tiny output deltas: %s', async (loss) => {
    const backend = new Float64Backend();
    const logits = backend.upload(outputDelta.logits.flat(), 6, 4);
    const labels = backend.upload(outputDelta.labels, 6, 1);
    const delta = await backend.read(backend.outputDelta(logits, labels, loss));
    outputDelta[loss].delta.flat().forEach((expected, i) => {
      expect(Math.abs(delta[i]! - expected)).toBeLessThanOrEqual(1e-7 * Math.abs(expected));
    });
  });
});
