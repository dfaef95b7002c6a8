import type {
  Attack,
  AttackLoss,
  FgsmAttack,
  MarginPgdAttack,
  PgdAttack,
} from '../domain/metrics.ts';
import { hashAt, type HashKey, hashKey } from '../domain/random.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { backpropagateToInput, type ForwardPass, forward } from './backprop.ts';
import type { Network } from './network.ts';

/** What an attack climbs: ∂/∂z at the output for the logits that it has reached, up to a positive factor of each image. */
type OutputDelta = (logits: Matrix) => Matrix;

/** A loss, and whether steps go up (+1) or down (−1). */
interface Direction {
  readonly outputDelta: OutputDelta;
  readonly sign: 1 | -1;
}

/**
 * Some of the steps of an iterative attack, so that a long one can be interrupted: `from` to `to` − 1. All parts in order,
 * each from where the one before it arrived, give the same images as the attack at once.
 */
export interface AttackPart {
  readonly from: number;
  readonly to: number;
  /** Where the steps before `from` arrived, [B, features]; it is freed. Null for the first part, which makes the start. */
  readonly reached: Matrix | null;
}

const wholeAttack: AttackPart = { from: 0, to: Infinity, reached: null };

/**
 * The loss whose gradient an attack follows: an untargeted attack goes up the loss of the true labels, a targeted one down
 * the loss of the target class (Kurakin et al. 2017, section 2.3).
 */
function follow(
  backend: Backend,
  labels: Matrix,
  loss: AttackLoss,
  target: number | undefined,
): Direction {
  const { rows } = labels;
  const lossLabels =
    target === undefined ? labels : backend.upload(new Float32Array(rows).fill(target), rows, 1);
  return {
    outputDelta: (logits) => backend.attackDelta(logits, lossLabels, loss),
    sign: target === undefined ? 1 : -1,
  };
}

/**
 * The fast gradient sign method: x̃ = x + ε · sign(∂J(θ, x, y)/∂x) (Goodfellow et al. 2015, section 4).
 * Targeted at class t it is x̃ = x − ε · sign(∂J(θ, x, t)/∂x), which makes t more probable. In the Euclidean norm the step
 * is ε · g / ‖g‖₂. The gradient g is that of the attacked network, without dropout; its signs are exact however confident
 * the outputs are (`Backend.attackDelta`).
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
  { epsilon, clip, norm, target }: Omit<FgsmAttack, 'kind'>,
  pass: ForwardPass = forward(backend, network, images),
): Matrix {
  const { outputDelta, sign } = follow(backend, labels, network.loss, target);
  const gradient = backpropagateToInput(backend, network, pass, outputDelta(pass.logits));
  return norm === 'l2'
    ? backend.addNormalizedStep(images, images, gradient, sign * epsilon, epsilon, clip)
    : backend.addSignedStep(images, gradient, sign * epsilon, clip);
}

/**
 * Projected gradient descent (Madry et al. 2018, section 2.1) on the training loss: from a random point of the ε-ball
 * around x, k steps up the loss, each projected back to the ball. In the maximum norm steps go along the sign of the
 * gradient g, in the Euclidean norm along g / ‖g‖₂. Targeted at class t, they go down the loss of t.
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
  { epsilon, clip, norm, steps, stepSize, target }: Omit<PgdAttack, 'kind' | 'seed'>,
  key: HashKey,
  part = wholeAttack,
): Matrix {
  const ball = { epsilon, clip, norm };
  const direction = follow(backend, labels, network.loss, target);
  const stepSizes = new Array<number>(steps).fill(stepSize).slice(part.from, part.to);
  const start = part.reached ?? drawStart(backend, images, ball, key);
  return climb(backend, network, images, direction, ball, stepSizes, start);
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
  { epsilon, clip, norm, steps, target }: Omit<MarginPgdAttack, 'kind' | 'seed'>,
  key: HashKey,
  part = wholeAttack,
): Matrix {
  const ball = { epsilon, clip, norm };
  const direction = follow(backend, labels, 'margin', target);
  const stepSizes = fallingSteps(epsilon, steps).slice(part.from, part.to);
  const start = part.reached ?? drawStart(backend, images, ball, key);
  return climb(backend, network, images, direction, ball, stepSizes, start);
}

/**
 * `marginPgd` from starts that follow from each image's index in its set, so that an image's result does not depend on the
 * images that it is attacked with.
 *
 * @param aim `classes` [B, 1]: the labels to move away from or, if it is targeted, the class to move each image to
 * @param indices [B] of the images in their set
 * @param restart 1 for the first restart
 */
export function marginPgdRestart(
  backend: Backend,
  network: Network,
  images: Matrix,
  { classes, isTargeted }: { readonly classes: Matrix; readonly isTargeted: boolean },
  attack: Omit<MarginPgdAttack, 'kind' | 'target' | 'norm'>,
  indices: ArrayLike<number>,
  restart: number,
  part = wholeAttack,
): Matrix {
  const { epsilon, clip, steps } = attack;
  const ball = { epsilon, clip, norm: undefined };
  const direction: Direction = {
    outputDelta: (logits) => backend.attackDelta(logits, classes, 'margin'),
    sign: isTargeted ? -1 : 1,
  };
  const stepSizes = fallingSteps(epsilon, steps).slice(part.from, part.to);
  const start = part.reached ?? drawRestart(backend, images, attack, indices, restart);
  return climb(backend, network, images, direction, ball, stepSizes, start);
}

/** A uniform point of the ball around each image, by its index in its set. */
function drawRestart(
  backend: Backend,
  images: Matrix,
  { epsilon, clip, seed }: Pick<MarginPgdAttack, 'epsilon' | 'clip' | 'seed'>,
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
  return backend.addProjectedStep(images, drawn, drawn, 0, epsilon, clip);
}

/** Half the range of the random start of `divergencePgd`: at x itself the divergence has no slope. */
const nearStart = 0.001;

/**
 * The inner maximization of TRADES (Zhang et al. 2019, algorithm 1): PGD in the maximum norm on the divergence KL(p ‖ q) of
 * the outputs q at x̃ from the outputs p at x (`Backend.divergenceDelta`). The start is uniform within ± 0.001 of x, where
 * the authors draw it from a normal distribution of that size.
 *
 * @param images [B, features]
 * @param key fixes the random start of each image
 * @returns the adversarial images, [B, features]
 */
export function divergencePgd(
  backend: Backend,
  network: Network,
  images: Matrix,
  { epsilon, clip, steps, stepSize }: Omit<PgdAttack, 'kind' | 'seed' | 'target' | 'norm'>,
  key: HashKey,
): Matrix {
  const ball = { epsilon, clip, norm: undefined };
  const stepSizes = new Array<number>(steps).fill(stepSize);
  return backend.scope((keep) => {
    const { logits } = forward(backend, network, images);
    const direction: Direction = {
      outputDelta: (moved) => backend.divergenceAttackDelta(logits, moved, network.loss),
      sign: 1,
    };
    const start = backend.addUniformNoise(images, key, Math.min(nearStart, epsilon), clip);
    return keep(climb(backend, network, images, direction, ball, stepSizes, start));
  });
}

/** 2 ε (1 − k / K) for k = 0, 1, … K − 1. */
function fallingSteps(epsilon: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, k) => 2 * epsilon * (1 - k / steps));
}

/** Where an attack may go. */
interface Ball {
  readonly epsilon: number;
  readonly clip: boolean;
  /** Absent: the maximum norm. */
  readonly norm: PgdAttack['norm'];
}

/**
 * A random point of the ball: uniform in the maximum norm; in the Euclidean norm at distance ε, in the direction of a
 * uniform point of a cube.
 */
function drawStart(
  backend: Backend,
  images: Matrix,
  { epsilon, clip, norm }: Ball,
  key: HashKey,
): Matrix {
  if (norm !== 'l2') return backend.addUniformNoise(images, key, epsilon, clip);
  return backend.scope((keep) => {
    const zeros = backend.zeros(images.rows, images.columns);
    const noise = backend.addUniformNoise(zeros, key, 1, false);
    return keep(backend.addNormalizedStep(images, images, noise, epsilon, epsilon, clip));
  });
}

/** Steps of these sizes, each projected back to the ball. @param start is freed, unless there is no step */
function climb(
  backend: Backend,
  network: Network,
  images: Matrix,
  { outputDelta, sign }: Direction,
  { epsilon, clip, norm }: Ball,
  stepSizes: readonly number[],
  start: Matrix,
): Matrix {
  let attacked = start;
  for (const stepSize of stepSizes) {
    const previous = attacked;
    try {
      attacked = backend.scope((keep) => {
        const pass = forward(backend, network, previous);
        const gradient = backpropagateToInput(backend, network, pass, outputDelta(pass.logits));
        const size = sign * stepSize;
        return keep(
          norm === 'l2'
            ? backend.addNormalizedStep(images, previous, gradient, size, epsilon, clip)
            : backend.addProjectedStep(images, previous, gradient, size, epsilon, clip),
        );
      });
    } finally {
      backend.free(previous);
    }
  }
  return attacked;
}

/**
 * Applies an attack to consecutive images of a set.
 *
 * @param images [B, features]
 * @param labels [B, 1]
 * @param pass a forward pass of these images, if one has been computed
 * @param first index of the first image in its set. It fixes the random numbers of each image, so the result does
 *   not depend on the batch size.
 * @param part of an attack with several steps
 * @returns the attacked images, [B, features]
 */
export function attackBatch(
  backend: Backend,
  network: Network,
  images: Matrix,
  labels: Matrix,
  attack: Attack,
  pass: ForwardPass | undefined,
  first: number,
  part = wholeAttack,
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
      return pgd(backend, network, images, labels, attack, key, part);
    }
    case 'margin-pgd': {
      const key = keyOf(attack.seed, 'attackStart');
      return marginPgd(backend, network, images, labels, attack, key, part);
    }
    case 'random-signs': {
      const key = keyOf(attack.seed, 'attackSigns');
      return backend.addRandomSigns(images, key, attack.epsilon, attack.clip);
    }
  }
}
