import type { ImageSet } from '../../src/data/imageSet.ts';
import type { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import {
  type MeasuredKind,
  boundedCount,
  boundedEpsilons,
  measuredKinds,
  makeBounds,
  makeAttack,
  sweptEpsilons,
} from '../../src/experiment/runs/measurements.ts';
import type { Network } from '../../src/engine/network.ts';
import { boundImages } from '../../src/engine/strongest/boundImages.ts';
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
    const measure = async (kind: MeasuredKind) => {
      const errors: number[] = [];
      for (const epsilon of sweptEpsilons) {
        const attack = makeAttack(kind, epsilon);
        const score = await evaluate(backend, network, test, sampleCount, attack, noYield);
        errors.push(score.adversarial.errorRate);
      }
      return [kind, errors] as const;
    };
    const errorRates: [MeasuredKind, number[]][] = [];
    for (const kind of measuredKinds) errorRates.push([...(await measure(kind))]);
    const bounds = await boundNetwork(backend, network, test);
    const { id, name, config } = record;
    networks.push({
      id,
      name,
      config,
      clean: clean.errorRate,
      errorRates: Object.fromEntries(errorRates) as Record<MeasuredKind, number[]>,
      bounds,
    });
    free();
  }
  return { sampleCount, epsilons: sweptEpsilons, networks };
}

/** What the page’s Bounds show, from the smallest ε on: images that one fooled are not attacked again. */
async function boundNetwork(
  backend: SimdBackend,
  network: Network,
  test: ImageSet,
): Promise<PretrainedRobustness['networks'][number]['bounds']> {
  let candidates: Uint8Array = new Uint8Array(boundedCount).fill(1);
  const bounds = [];
  for (const epsilon of boundedEpsilons) {
    const { strongest: attack } = makeBounds(epsilon);
    const found = await boundImages(backend, network, test, 0, candidates, attack, noYield);
    candidates = found.survives;
    const errorOf = (safe: Uint8Array) => {
      const count = safe.reduce((sum, one) => sum + one, 0);
      return (boundedCount - count) / boundedCount;
    };
    bounds.push({ epsilon, strongest: errorOf(candidates), certificate: errorOf(found.proven) });
    console.log(JSON.stringify(bounds.at(-1)));
  }
  return bounds;
}
