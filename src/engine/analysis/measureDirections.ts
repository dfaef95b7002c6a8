import {
  type Direction,
  type DirectionMeasures,
  pgdSteps,
  randomPatterns,
} from '../../domain/analysis/directionMeasures.ts';
import { hashKey } from '../../domain/random.ts';
import { fgsm, pgd } from '../attacks.ts';
import type { Backend, Matrix } from '../backends/backend.ts';
import { forward, inputGradient } from '../backprop.ts';
import type { Network } from '../network.ts';

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
  const kept = backend.scope((keep) => {
    const x = backend.upload(images, count, images.length / count);
    const y = backend.upload(labels, count, 1);
    const pass = forward(backend, network, x);
    const along = (size: number) =>
      fgsm(backend, network, x, y, { epsilon: size, clip: false }, pass);
    /** Scores of sets of images, [n, 2], averaged over the sets. */
    const score = (sets: readonly Matrix[]): Matrix => {
      const scores = backend.zeros(count, 2);
      for (const set of sets) {
        const { logits } = forward(backend, network, set);
        backend.addScores(scores, logits, y, network.loss, 1 / sets.length);
      }
      return keep(scores);
    };
    const stepSize = (2.5 * epsilon) / pgdSteps;
    const start = hashKey(seed, 'attackStart', 0, 0);
    const options = { epsilon, clip: false, steps: pgdSteps, stepSize };
    const scores: Record<Direction | 'tenth', Matrix> = {
      clean: score([x]),
      random: score(
        Array.from({ length: randomPatterns }, (_, pattern) =>
          backend.addRandomSigns(x, hashKey(seed, 'attackSigns', pattern, 0), epsilon, false),
        ),
      ),
      fgsm: score([along(epsilon)]),
      pgd: score([pgd(backend, network, x, y, options, start)]),
      fgsmTriple: score([along(3 * epsilon)]),
      tenth: score([along(epsilon / 10)]),
    };
    return {
      gradient: keep(inputGradient(backend, network, pass, y)),
      scores,
      logits: [
        keep(pass.logits),
        keep(forward(backend, network, along(epsilon / 2)).logits),
        keep(forward(backend, network, along(epsilon)).logits),
      ] as const,
    };
  });
  const all = [kept.gradient, ...Object.values(kept.scores), ...kept.logits];
  try {
    const gradient = await backend.read(kept.gradient);
    const measured = {} as Record<Direction | 'tenth', { loss: number; errorRate: number }>;
    for (const [name, matrix] of Object.entries(kept.scores)) {
      measured[name as Direction | 'tenth'] = meanOf(await backend.read(matrix), count);
    }
    const labelLogits: number[] = [];
    for (const matrix of kept.logits) {
      labelLogits.push(meanAtLabels(await backend.read(matrix), labels, matrix.columns));
    }
    const [at, half, whole] = labelLogits as [number, number, number];
    const { tenth, ...scores } = measured;
    const pick = (key: 'loss' | 'errorRate') =>
      Object.fromEntries(
        Object.entries(scores).map(([name, score]) => [name, score[key]]),
      ) as Record<Direction, number>;
    return {
      epsilon,
      count,
      ...meanNorms(gradient, count),
      riseAtTenth: tenth.loss - scores.clean.loss,
      logitFalls: { half: at - half, whole: at - whole },
      losses: pick('loss'),
      errorRates: pick('errorRate'),
    };
  } finally {
    backend.free(...all);
  }
}

function meanOf(scores: ArrayLike<number>, count: number): { loss: number; errorRate: number } {
  let loss = 0;
  let errors = 0;
  for (let i = 0; i < scores.length; i += 2) {
    loss += scores[i]!;
    errors += scores[i + 1]!;
  }
  return { loss: loss / count, errorRate: errors / count };
}

/**
 * Norms of the gradient of the mean loss, whose rows are the gradients of each image's loss divided by their number.
 */
function meanNorms(
  gradient: ArrayLike<number>,
  count: number,
): { gradientSum: number; gradientLength: number } {
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

function meanAtLabels(logits: ArrayLike<number>, labels: Uint8Array, classes: number): number {
  let sum = 0;
  labels.forEach((label, image) => (sum += logits[image * classes + label]!));
  return sum / labels.length;
}
