import type {
  Attack,
  AttackLoss,
  FgsmAttack,
  MarginPgdAttack,
  PgdAttack,
} from '../domain/metrics.ts';
import { hashAt, type HashKey, hashKey } from '../domain/random.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { attackGradient, type ForwardPass, forward } from './backprop.ts';
import type { Network } from './network.ts';

/**
 * The labels whose loss an attack changes, and the direction: an untargeted attack increases (+1) the loss of the
 * true labels, a targeted one decreases (−1) the loss of the target class (Kurakin et al. 2017, section 2.3).
 */
function lossToFollow(
  backend: Backend,
  labels: Matrix,
  target: number | undefined,
): { labels: Matrix; sign: 1 | -1 } {
  if (target === undefined) return { labels, sign: 1 };
  const { rows } = labels;
  return { labels: backend.upload(new Float32Array(rows).fill(target), rows, 1), sign: -1 };
}

/**
 * The fast gradient sign method: x̃ = x + ε · sign(∂J(θ, x, y)/∂x) (Goodfellow et al. 2015, section 4).
 * Targeted at class t it is x̃ = x − ε · sign(∂J(θ, x, t)/∂x), which makes t more probable. The gradient is that of
 * the attacked network, without dropout; its signs are exact however confident the outputs are
 * (`attackGradient`).
 *
 * @param images [B, features]
 * @param labels [B, 1]
 * @param pass a forward pass of these images, if one has been computed
 * @returns the adversarial images, [B, features]
 */
export function fgsm(
  backend: Backend,
  network: Network,
  images: Matrix,
  labels: Matrix,
  { epsilon, clip, target }: Omit<FgsmAttack, 'kind'>,
  pass: ForwardPass = forward(backend, network, images),
): Matrix {
  const { labels: lossLabels, sign } = lossToFollow(backend, labels, target);
  const gradient = attackGradient(backend, network, pass, lossLabels, network.loss);
  return backend.addSignedStep(images, gradient, sign * epsilon, clip);
}

/**
 * Projected gradient descent (Madry et al. 2018, section 2.1) on the training loss: from a random point of the ε-ball
 * (maximum norm) around x, k steps along the sign of the gradient, each projected back to the ball. Targeted at
 * class t, the steps go against the sign of ∂J(θ, x, t)/∂x.
 *
 * @param images [B, features]
 * @param labels [B, 1]
 * @param key fixes the random start of each image
 * @returns the adversarial images, [B, features]
 */
export function pgd(
  backend: Backend,
  network: Network,
  images: Matrix,
  labels: Matrix,
  { epsilon, clip, steps, stepSize, target }: Omit<PgdAttack, 'kind' | 'seed'>,
  key: HashKey,
): Matrix {
  const ball = { epsilon, clip, target };
  const stepSizes = new Array<number>(steps).fill(stepSize);
  const start = backend.addUniformNoise(images, key, epsilon, clip);
  return ascend(backend, network, images, labels, network.loss, ball, stepSizes, start);
}

/**
 * PGD on the margin loss log Σ_{j≠y} exp(z_j) − z_y, with steps that fall linearly from 2 ε to 0: step k of K has the
 * size 2 ε (1 − k / K), k = 0, 1, … Parameters as in `pgd`.
 */
export function marginPgd(
  backend: Backend,
  network: Network,
  images: Matrix,
  labels: Matrix,
  { epsilon, clip, steps, target }: Omit<MarginPgdAttack, 'kind' | 'seed'>,
  key: HashKey,
): Matrix {
  const ball = { epsilon, clip, target };
  const stepSizes = fallingSteps(epsilon, steps);
  const start = backend.addUniformNoise(images, key, epsilon, clip);
  return ascend(backend, network, images, labels, 'margin', ball, stepSizes, start);
}

/**
 * `marginPgd` from starts that follow from each image's index in its set, so that an image's result does not depend on the
 * images that it is attacked with.
 *
 * @param indices [B] of the images in their set
 * @param restart 1 for the first restart
 */
export function marginPgdRestart(
  backend: Backend,
  network: Network,
  images: Matrix,
  labels: Matrix,
  { epsilon, clip, steps, seed }: Omit<MarginPgdAttack, 'kind' | 'target'>,
  indices: ArrayLike<number>,
  restart: number,
): Matrix {
  const { rows, columns } = images;
  const key = hashKey(seed, 'attackRestart', restart, 0);
  const noise = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const first = indices[row]! * columns;
    for (let c = 0; c < columns; c++) {
      // Uniform in [−1, 1) by 24 bits, as `addUniformNoise` draws it.
      noise[row * columns + c] = (hashAt(key, first + c) >>> 8) / 0x80_0000 - 1;
    }
  }
  const drawn = backend.blend(1, images, epsilon, backend.upload(noise, rows, columns));
  // A step of size 0 projects the start as any other point.
  const start = backend.addProjectedStep(images, drawn, drawn, 0, epsilon, clip);
  const ball = { epsilon, clip, target: undefined };
  return ascend(
    backend,
    network,
    images,
    labels,
    'margin',
    ball,
    fallingSteps(epsilon, steps),
    start,
  );
}

/** 2 ε (1 − k / K) for k = 0, 1, … K − 1. */
function fallingSteps(epsilon: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, k) => 2 * epsilon * (1 - k / steps));
}

/** Where an attack may go, and the target class of a targeted one. */
interface Ball {
  readonly epsilon: number;
  readonly clip: boolean;
  readonly target: number | undefined;
}

/** Signed steps of these sizes up the loss, or down that of the target. @param start is freed */
function ascend(
  backend: Backend,
  network: Network,
  images: Matrix,
  labels: Matrix,
  loss: AttackLoss,
  { epsilon, clip, target }: Ball,
  stepSizes: readonly number[],
  start: Matrix,
): Matrix {
  const { labels: lossLabels, sign } = lossToFollow(backend, labels, target);
  let attacked = start;
  for (const stepSize of stepSizes) {
    const previous = attacked;
    attacked = backend.scope((keep) => {
      const pass = forward(backend, network, previous);
      const gradient = attackGradient(backend, network, pass, lossLabels, loss);
      const size = sign * stepSize;
      return keep(backend.addProjectedStep(images, previous, gradient, size, epsilon, clip));
    });
    backend.free(previous);
  }
  return attacked;
}

/**
 * Applies an attack to consecutive images of a set.
 *
 * @param images [B, features]
 * @param labels [B, 1]
 * @param pass a forward pass of these images
 * @param first index of the first image in its set. It fixes the random numbers of each image, so the result does
 *   not depend on the batch size.
 * @returns the attacked images, [B, features]
 */
export function attackBatch(
  backend: Backend,
  network: Network,
  images: Matrix,
  labels: Matrix,
  attack: Attack,
  pass: ForwardPass,
  first: number,
): Matrix {
  /** Continues the random sequence at the first pixel: the hash adds the position to the first word of its key. */
  const keyOf = (seed: number, stream: 'attackStart' | 'attackSigns'): HashKey => {
    const [a, b] = hashKey(seed, stream, 0, 0);
    return [(a + first * images.columns) >>> 0, b];
  };
  switch (attack.kind) {
    case 'fgsm':
      return fgsm(backend, network, images, labels, attack, pass);
    case 'pgd': {
      const key = keyOf(attack.seed, 'attackStart');
      return pgd(backend, network, images, labels, attack, key);
    }
    case 'margin-pgd': {
      const key = keyOf(attack.seed, 'attackStart');
      return marginPgd(backend, network, images, labels, attack, key);
    }
    case 'random-signs': {
      const key = keyOf(attack.seed, 'attackSigns');
      return backend.addRandomSigns(images, key, attack.epsilon, attack.clip);
    }
  }
}
