import { describe, expect, it } from 'vitest';
import { readKernels } from '../../../../tools/train/readKernels.ts';
import { Float64Backend } from '../../backends/float64/backend.ts';
import { SimdBackend } from '../../backends/simd/backend.ts';
import { relativeErrors } from '../goldenCase.ts';
import {
  attackCases,
  computeAttack,
  computeTraining,
  expectedAttack,
  expectedTraining,
  trainingCases,
} from './methodCases.ts';

const backends = [
  { name: 'float64', backend: new Float64Backend(), tolerance: 1e-7 },
  { name: 'SIMD', backend: await SimdBackend.create(readKernels), tolerance: 2e-5 },
] as const;

describe.each(backends)('golden cases of methods on $name', ({ backend, tolerance }) => {
  it.each(trainingCases)('agrees with $name and frees everything', async (golden) => {
    const found = await computeTraining(backend, golden);
    for (const [name, error] of Object.entries(relativeErrors(found, expectedTraining(golden)))) {
      expect(error, name).toBeLessThanOrEqual(tolerance);
    }
    expect(backend.memory().matrices).toBe(0);
  });

  it.each(attackCases)('agrees with the attack $name and frees everything', async (golden) => {
    const errors = relativeErrors(await computeAttack(backend, golden), expectedAttack(golden));
    expect(errors['attacked']).toBeLessThanOrEqual(tolerance);
    expect(backend.memory().matrices).toBe(0);
  });
});
