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

/** Loss and error rate without an attack, and the error rate under one. */
export async function measureUnder(
  { backend, network, set, yieldToEventLoop }: Subject,
  attack: Attack | StrongestAttack,
): Promise<{ clean: Score; attacked: number }> {
  const { count } = set;
  const { epsilon, clip } = attack;
  const weak: Attack = attack.kind === 'strongest' ? { kind: 'fgsm', epsilon, clip } : attack;
  const { clean, adversarial } = await evaluate(
    backend,
    network,
    set,
    count,
    weak,
    yieldToEventLoop,
  );
  if (attack.kind !== 'strongest') return { clean, attacked: adversarial.errorRate };
  const { strongest } = await attackStrongest(
    backend,
    network,
    set,
    0,
    count,
    attack,
    yieldToEventLoop,
  );
  return { clean, attacked: (count - countOf(strongest)) / count };
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
