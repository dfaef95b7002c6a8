import {
  type Direction,
  directions,
  type DirectionMeasures,
  pgdSteps,
  randomPatterns,
} from '../../domain/analysis/directionMeasures.ts';
import { defaultStepSize } from '../../domain/metrics.ts';
import { hashKey } from '../../domain/random.ts';
import { fgsm, pgd } from '../attacks.ts';
import type { Backend, Matrix } from '../backends/backend.ts';
import { forward, inputGradient } from '../backprop.ts';
import type { Network } from '../network.ts';
import { readResults } from '../readResults.ts';

/** Fixes the random signs and the random starts, which are the same for every network. */
const seed = 1;

/**
 * Measures the loss around images: its slope; the loss after a step of size ε along the sign of the gradient, along
 * random signs and along PGD's path; and how far the linear approximation holds. Nothing is clipped, as in the
 * training step. All results are means over the images.
 *
 * @param images [n × features], 0 to 1
 * @param labels [n]
 * @param epsilon largest change of a pixel on the [0, 1] scale
 */
export async function measureDirections(
  backend: Backend,
  network: Network,
  images: Float32Array,
  labels: Uint8Array,
  epsilon: number,
): Promise<Omit<DirectionMeasures, 'step'>> {
  const count = labels.length;
  const { gradient, at, half, whole, ...scores } = await readResults(backend, () => {
    const x = backend.upload(images, count, images.length / count);
    const y = backend.upload(labels, count, 1);
    const pass = forward(backend, network, x);
    const along = (size: number) =>
      fgsm(backend, network, x, y, { epsilon: size, clip: false }, pass);
    /** Scores of sets of images, [n, 2], averaged over the sets. */
    const score = (...sets: readonly Matrix[]): Matrix => {
      const averages = backend.zeros(count, 2);
      for (const set of sets) {
        const { logits } = forward(backend, network, set);
        backend.addScores(averages, logits, y, network.loss, 1 / sets.length);
      }
      return averages;
    };
    const patterns = Array.from({ length: randomPatterns }, (_, pattern) =>
      backend.addRandomSigns(x, hashKey(seed, 'attackSigns', pattern, 0), epsilon, false),
    );
    const stepSize = defaultStepSize(epsilon, pgdSteps);
    const options = { epsilon, clip: false, steps: pgdSteps, stepSize };
    const start = hashKey(seed, 'attackStart', 0, 0);
    return {
      gradient: inputGradient(backend, network, pass, y),
      at: pass.logits,
      half: forward(backend, network, along(epsilon / 2)).logits,
      whole: forward(backend, network, along(epsilon)).logits,
      clean: score(x),
      random: score(...patterns),
      fgsm: score(along(epsilon)),
      pgd: score(pgd(backend, network, x, y, options, start)),
      fgsmTriple: score(along(3 * epsilon)),
      tenth: score(along(epsilon / 10)),
    };
  });
  /** The means of one column of the scores: the losses (0) or the errors (1). */
  const average = (column: 0 | 1) =>
    Object.fromEntries(
      directions.map((direction) => [direction, meanOf(scores[direction], column)]),
    ) as Record<Direction, number>;
  const losses = average(0);
  const labelLogit = (logits: ArrayLike<number>) => meanAtLabels(logits, labels);
  return {
    epsilon,
    count,
    ...meanNorms(gradient, count),
    riseAtTenth: meanOf(scores.tenth, 0) - losses.clean,
    logitFalls: {
      half: labelLogit(at) - labelLogit(half),
      whole: labelLogit(at) - labelLogit(whole),
    },
    losses,
    errorRates: average(1),
  };
}

/** The mean of one column of scores [n × 2]. */
function meanOf(scores: ArrayLike<number>, column: 0 | 1): number {
  let sum = 0;
  for (let i = column; i < scores.length; i += 2) sum += scores[i]!;
  return sum / (scores.length / 2);
}

/**
 * Norms of the gradient of the mean loss, whose rows are the gradients of each image's loss divided by their number.
 */
function meanNorms(
  gradient: ArrayLike<number>,
  count: number,
): Pick<DirectionMeasures, 'gradientSum' | 'gradientLength'> {
  const features = gradient.length / count;
  let sums = 0;
  let lengths = 0;
  for (let image = 0; image < count; image++) {
    let sum = 0;
    let squares = 0;
    for (let i = image * features; i < (image + 1) * features; i++) {
      sum += Math.abs(gradient[i]!);
      squares += gradient[i]! ** 2;
    }
    sums += sum;
    lengths += Math.sqrt(squares);
  }
  return { gradientSum: sums, gradientLength: lengths };
}

function meanAtLabels(logits: ArrayLike<number>, labels: Uint8Array): number {
  const classes = logits.length / labels.length;
  let sum = 0;
  labels.forEach((label, image) => (sum += logits[image * classes + label]!));
  return sum / labels.length;
}
