import type { ImageSet } from '../../src/data/imageSet.ts';
import type { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import {
  type AttackKind,
  attackKinds,
  makeAttack,
  sweptEpsilons,
} from '../../src/experiment/runs/measurements.ts';
import type { PretrainedRobustness } from '../../src/features/robustness/pretrainedRobustness.ts';
import { loadPretrained } from './loadPretrained.ts';

const noYield = () => Promise.resolve();

/** Error rates of the pretrained networks on the first images of a set, for each attack and ε that the page sweeps. */
export async function measurePretrained(
  backend: SimdBackend,
  test: ImageSet,
  sampleCount: number,
): Promise<PretrainedRobustness> {
  const networks = [];
  for (const { record, network, free } of await loadPretrained(backend)) {
    const { clean } = await evaluate(
      backend,
      network,
      test,
      sampleCount,
      makeAttack('fgsm', 0),
      noYield,
    );
    const measure = async (kind: AttackKind) => {
      const errors: number[] = [];
      for (const epsilon of sweptEpsilons) {
        const attack = makeAttack(kind, epsilon);
        const score = await evaluate(backend, network, test, sampleCount, attack, noYield);
        errors.push(score.adversarial.errorRate);
      }
      return [kind, errors] as const;
    };
    const errorRates: [AttackKind, number[]][] = [];
    for (const kind of attackKinds) errorRates.push([...(await measure(kind))]);
    const { id, name, config } = record;
    networks.push({
      id,
      name,
      config,
      clean: clean.errorRate,
      errorRates: Object.fromEntries(errorRates) as Record<AttackKind, number[]>,
    });
    free();
  }
  return { sampleCount, epsilons: sweptEpsilons, networks };
}
