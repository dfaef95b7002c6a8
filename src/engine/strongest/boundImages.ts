import type { ImageSet } from '../../data/imageSet.ts';
import type { StrongestAttack } from '../../domain/metrics.ts';
import type { Backend } from '../backends/backend.ts';
import { certifyImages } from '../certify/certifySet.ts';
import type { Network } from '../network.ts';
import { attackStrongest } from './strongestAttack.ts';

/** What is known of images within one ε, [count] each. */
export interface ImageBounds {
  /** 1 where no attack can succeed. */
  readonly proven: Uint8Array;
  /** 1 where no attack that was tried succeeded. The truth lies between the two. */
  readonly survives: Uint8Array;
}

/**
 * Proves images safe, and attacks them; the costly parts of the strongest attack are for those without a proof.
 *
 * @param first index of the first image in the set
 * @param candidates [count] 0 for images that a smaller ε has fooled: they stay fooled, since a larger ball contains the
 *   smaller one
 * @param attack clipped, as certificates are
 */
export async function boundImages(
  backend: Backend,
  network: Network,
  set: ImageSet,
  first: number,
  candidates: Uint8Array,
  attack: StrongestAttack,
  yieldToEventLoop: () => Promise<void>,
): Promise<ImageBounds> {
  const count = candidates.length;
  const isCandidate = (index: number) => candidates[index - first] === 1;
  const proven = await certifyImages(
    backend,
    network,
    set,
    first,
    count,
    attack.epsilon,
    yieldToEventLoop,
    isCandidate,
  );
  const isHard = (index: number) => isCandidate(index) && proven[index - first] === 0;
  const { strongest } = await attackStrongest(
    backend,
    network,
    set,
    first,
    count,
    attack,
    yieldToEventLoop,
    isHard,
  );
  // A proof is about real numbers: an attack that rounding alone lets through does not count against it.
  const survives = strongest.map((one, i) => (one | proven[i]!) & candidates[i]!);
  return { proven, survives };
}
