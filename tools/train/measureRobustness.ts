import type { ImageSet } from '../../src/data/imageSet.ts';
import type { Attack, Score, StrongestAttack } from '../../src/domain/metrics.ts';
import type { Backend } from '../../src/engine/backends/backend.ts';
import { certifyImages } from '../../src/engine/certify/certifySet.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import type { Network } from '../../src/engine/network.ts';
import { attackStrongest } from '../../src/engine/strongest/strongestAttack.ts';

/** What is measured, and where. */
export interface Subject {
  readonly backend: Backend;
  readonly network: Network;
  /** All of its images are used. */
  readonly set: ImageSet;
  readonly yieldToEventLoop: () => Promise<void>;
}

/** Error rates without an attack and under one, 0 to 1; the loss without it, if it is measured. */
export async function measureUnder(
  { backend, network, set, yieldToEventLoop }: Subject,
  attack: Attack | StrongestAttack,
): Promise<{ clean: Pick<Score, 'errorRate'> & { loss: number | null }; attacked: number }> {
  const { count } = set;
  if (attack.kind !== 'strongest') {
    const { clean, adversarial } = await evaluate(
      backend,
      network,
      set,
      count,
      attack,
      yieldToEventLoop,
    );
    return { clean, attacked: adversarial.errorRate };
  }
  const survivors = await attackStrongest(
    backend,
    network,
    set,
    0,
    count,
    attack,
    yieldToEventLoop,
  );
  const errorRate = (count - countOf(survivors.clean)) / count;
  return {
    clean: { errorRate, loss: null },
    attacked: (count - countOf(survivors.strongest)) / count,
  };
}

/** The share of images that are provably safe, 0 to 1, by ε. */
export async function measureCertified(
  { backend, network, set, yieldToEventLoop }: Subject,
  epsilons: readonly number[],
): Promise<Record<string, number>> {
  const shares: Record<string, number> = {};
  for (const epsilon of epsilons) {
    const { count } = set;
    const safe = await certifyImages(backend, network, set, 0, count, epsilon, yieldToEventLoop);
    shares[epsilon] = countOf(safe) / count;
  }
  return shares;
}

function countOf(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}
