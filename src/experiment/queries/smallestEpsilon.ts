import type { Attack, AttackedImages } from '../../domain/metrics.ts';
import { findPrediction, type Prediction } from '../drawing/prediction.ts';
import { makeAttack } from '../runs/measurements.ts';

/** The grid of the search over ε, and its last point: half the range of a pixel. */
export const epsilonGrid = 256;
export const largestSearched = 128;
/** Random starts of each PGD: copies of the digit, each with its own start. */
export const searchStarts = 4;

const pixelCount = 784;

/** Attacks copies of a digit on one network. */
export type AttackCopies = (
  images: { readonly images: Float32Array; readonly labels: Uint8Array },
  attack: Attack,
) => Promise<AttackedImages>;

/** The result of a search: an upper bound of the smallest ε, since a stronger attack may need less. */
export interface SmallestEpsilon {
  /** Null if no ε up to the largest one changed the prediction. */
  readonly found: {
    /** ε, a multiple of 1/256. */
    readonly epsilon: number;
    readonly attack: Attack;
    /** [784] the perturbed digit. */
    readonly image: Float32Array;
    readonly prediction: Prediction;
  } | null;
  /** The largest ε below it at which the same attack left the prediction unchanged; 0 if none was tried. */
  readonly failedEpsilon: number;
  /** Number of attacks that were tried. */
  readonly trials: number;
}

export interface Search {
  /** [784] */
  readonly pixels: Float32Array;
  /** The network's prediction for the unperturbed digit. */
  readonly before: number;
  /** The target class, or null for an untargeted attack. */
  readonly target: number | null;
  readonly signal: AbortSignal;
  /** Called before each trial with its ε, the completed trials and the maximum number of trials. */
  readonly onTrial: (epsilon: number, done: number, most: number) => void;
}

/**
 * The smallest ε found that changes a network's prediction for a digit: PGD (Madry et al. 2018) at
 * ε = 1/256, 2/256, 4/256 … until it succeeds, then bisection down to neighbors on the grid, of which
 * the larger one succeeded and the smaller one did not.
 *
 * @throws the signal's reason when it is aborted; also any error of `attackCopies`
 */
export async function findSmallestEpsilon(
  attackCopies: AttackCopies,
  { pixels, before, target, signal, onTrial }: Search,
): Promise<SmallestEpsilon> {
  const copies = new Float32Array(searchStarts * pixelCount);
  for (let copy = 0; copy < searchStarts; copy++) copies.set(pixels, copy * pixelCount);
  const labels = new Uint8Array(searchStarts).fill(before);
  let trials = 0;

  async function attackAt(step: number, most: number): Promise<SmallestEpsilon['found']> {
    const epsilon = step / epsilonGrid;
    const attack = targetAttack(makeAttack('margin-pgd', epsilon), target);
    onTrial(epsilon, trials, most);
    const result = await attackCopies({ images: copies, labels }, attack);
    signal.throwIfAborted();
    trials++;
    for (let copy = 0; copy < searchStarts; copy++) {
      const prediction = findPrediction(result.adversarialProbabilities, copy, searchStarts);
      const { digit } = prediction;
      const isHit = target === null ? digit !== before : digit === target;
      if (!isHit) continue;
      const image = result.adversarialImages.slice(copy * pixelCount, (copy + 1) * pixelCount);
      return { epsilon, attack, image, prediction };
    }
    return null;
  }

  const doublings = Math.log2(largestSearched) + 1;
  let failed = 0;
  let step = 1;
  let found = await attackAt(step, 2 * doublings - 1);
  while (found === null && step < largestSearched) {
    failed = step;
    step *= 2;
    found = await attackAt(step, 2 * doublings - 1);
  }
  if (found === null) return { found, failedEpsilon: step / epsilonGrid, trials };

  const most = trials + Math.log2(Math.max(1, step - failed));
  while (step - failed > 1) {
    const middle = (step + failed) / 2;
    const smaller = await attackAt(middle, most);
    if (smaller === null) {
      failed = middle;
    } else {
      step = middle;
      found = smaller;
    }
  }
  return { found, failedEpsilon: failed / epsilonGrid, trials };
}

/** The targeted attack, if it has a gradient to follow. */
export function targetAttack(attack: Attack, target: number | null): Attack {
  if (target === null || attack.kind === 'random-signs') return attack;
  return { ...attack, target };
}
