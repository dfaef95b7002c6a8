import { describe, expect, it } from 'vitest';
import { attackDeltas } from '../backends/float64/formulas.ts';
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

  it.each(['bce', 'ce'] as const)(
    'scales the deltas of an attack by a positive factor: %s',
    (loss) => {
      outputDelta.logits.forEach((row, image) => {
        const z = Float64Array.from(row);
        const label = outputDelta.labels[image]!;
        const scaled = attackDeltas(z, label, loss);
        const largest = Math.max(...Array.from(scaled, Math.abs));
        expect(largest >= 0.5 && largest <= 1).toBe(true);
        const ratios = outputDelta[loss].delta[image]!.map((delta, j) => scaled[j]! / delta);
        for (const ratio of ratios) {
          expect(ratio).toBeGreaterThan(0);
          expect(ratio / ratios[label]!).toBeCloseTo(1, 6);
        }
      });
    },
  );

  it('follows the margin log Σ exp(z_j) − z_y over the other classes, by central differences', () => {
    const z = Float64Array.of(1.5, -0.3, 0.8, 2.1);
    const label = 2;
    const margin = (logits: Float64Array) => {
      const others = [...logits].filter((_, j) => j !== label);
      return Math.log(others.reduce((sum, zj) => sum + Math.exp(zj), 0)) - logits[label]!;
    };
    attackDeltas(z, label, 'margin').forEach((delta, j) => {
      const slope = (margin(moved(z, j, 1e-5)) - margin(moved(z, j, -1e-5))) / 2e-5;
      expect(delta).toBeCloseTo(slope, 8);
    });
  });
});

function moved(z: Float64Array, at: number, change: number): Float64Array {
  return z.map((value, j) => (j === at ? value + change : value));
}
