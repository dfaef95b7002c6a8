import type { Attack, AttackedImages } from '../shared/metrics.ts';
import { type Answer, findAnswer } from './drawing/answer.ts';
import { makeAttack } from './readings.ts';

/** The grid that ε is searched on, and its last point: half the range of a pixel. */
export const epsilonGrid = 256;
export const largestSearched = 128;
/** Random starts of each PGD: copies of the digit, each with a start of its own. */
export const searchStarts = 4;

const pixelCount = 784;

/** Attacks copies of a digit on one network. */
export type AttackCopies = (
  images: { readonly images: Float32Array; readonly labels: Uint8Array },
  attack: Attack,
) => Promise<AttackedImages>;

/** What a search found: an upper bound of the smallest ε, since a stronger attack may need less. */
export interface SmallestEpsilon {
  /** Null where no ε up to the largest one changed the answer. */
  readonly found: {
    /** ε, a multiple of 1/256. */
    readonly epsilon: number;
    readonly attack: Attack;
    /** [784] the perturbed digit. */
    readonly image: Float32Array;
    readonly answer: Answer;
  } | null;
  /** The largest ε below it at which the same attack left the answer; 0 where none was tried. */
  readonly failedEpsilon: number;
  /** Attacks that were tried. */
  readonly trials: number;
}

export interface Search {
  /** [784] */
  readonly pixels: Float32Array;
  /** What the network answers to the digit as it is. */
  readonly answer: number;
  /** The digit that the answer shall become; null: any other. */
  readonly towards: number | null;
  readonly signal: AbortSignal;
  /** Called before each trial: its ε, trials done, and how many there will be at most. */
  readonly onTrial: (epsilon: number, done: number, most: number) => void;
}

/**
 * The smallest ε found that changes a network's answer to a digit: PGD (Madry et al. 2018) at
 * ε = 1/256, 2/256, 4/256 … until it succeeds, then bisection down to neighbours on the grid, of which
 * the larger one succeeded and the smaller one did not.
 *
 * @throws the signal's reason when it is aborted; whatever `attackCopies` rejects with
 */
export async function findSmallestEpsilon(
  attackCopies: AttackCopies,
  { pixels, answer, towards, signal, onTrial }: Search,
): Promise<SmallestEpsilon> {
  const copies = new Float32Array(searchStarts * pixelCount);
  for (let copy = 0; copy < searchStarts; copy++) copies.set(pixels, copy * pixelCount);
  const labels = new Uint8Array(searchStarts).fill(answer);
  let trials = 0;

  async function attackAt(step: number, most: number): Promise<SmallestEpsilon['found']> {
    const epsilon = step / epsilonGrid;
    const attack = aimAttack(makeAttack('pgd', epsilon), towards);
    onTrial(epsilon, trials, most);
    const result = await attackCopies({ images: copies, labels }, attack);
    signal.throwIfAborted();
    trials++;
    for (let copy = 0; copy < searchStarts; copy++) {
      const after = findAnswer(result.adversarialProbabilities, copy);
      const isHit = towards === null ? after.digit !== answer : after.digit === towards;
      if (!isHit) continue;
      const image = result.adversarialImages.slice(copy * pixelCount, (copy + 1) * pixelCount);
      return { epsilon, attack, image, answer: after };
    }
    return null;
  }

  const doublings = Math.log2(largestSearched) + 1;
  let failed = 0;
  let step = 1;
  let found = await attackAt(step, 2 * doublings - 1);
  while (found === null) {
    failed = step;
    if (step === largestSearched) break;
    step *= 2;
    found = await attackAt(step, 2 * doublings - 1);
  }
  if (found === null) return { found, failedEpsilon: failed / epsilonGrid, trials };

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

/** The attack, aimed at a digit where it has a gradient to aim with. */
export function aimAttack(attack: Attack, towards: number | null): Attack {
  if (towards === null || attack.kind === 'random-signs') return attack;
  return { ...attack, towards };
}
