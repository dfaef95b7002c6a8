import type { Attack, FgsmAttack, PgdAttack } from '../shared/metrics.ts';
import { type HashKey, hashKey } from '../shared/random.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { type ForwardPass, forward, inputGradient } from './backprop.ts';
import type { Network } from './network.ts';

/**
 * The labels whose loss an attack moves along, and the sign of the way: +1 up the loss of the true
 * labels, −1 down the loss of the digit that it is directed at (Kurakin et al. 2017, section 2.3).
 */
function aim(
  backend: Backend,
  labels: Matrix,
  towards: number | undefined,
): { labels: Matrix; sign: 1 | -1 } {
  if (towards === undefined) return { labels, sign: 1 };
  const { rows } = labels;
  return { labels: backend.upload(new Float32Array(rows).fill(towards), rows, 1), sign: -1 };
}

/**
 * The fast gradient sign method: x̃ = x + ε · sign(∂J(θ, x, y)/∂x) (Goodfellow et al. 2015, section 4);
 * towards a digit t: x̃ = x − ε · sign(∂J(θ, x, t)/∂x), which makes t more likely.
 * The gradient is the attacked network's own, without dropout.
 *
 * @param images [B, features]
 * @param labels [B, 1]
 * @param pass a forward pass of these images, if there is one already
 * @returns [B, features]
 */
export function fgsm(
  backend: Backend,
  network: Network,
  images: Matrix,
  labels: Matrix,
  { epsilon, clip, towards }: Omit<FgsmAttack, 'kind'>,
  pass: ForwardPass = forward(backend, network, images),
): Matrix {
  const { labels: aimed, sign } = aim(backend, labels, towards);
  const gradient = inputGradient(backend, network, pass, aimed);
  return backend.addSignedStep(images, gradient, sign * epsilon, clip);
}

/**
 * Projected gradient descent (Madry et al. 2018, section 2.1): from a random point of the ε-ball
 * around x, k steps of size a along the gradient's sign, each projected back to the ball. Towards a
 * digit t the steps go against the sign of ∂J(θ, x, t)/∂x.
 *
 * @param images [B, features]
 * @param labels [B, 1]
 * @param key fixes the random start of each image
 * @returns [B, features]
 */
export function pgd(
  backend: Backend,
  network: Network,
  images: Matrix,
  labels: Matrix,
  { epsilon, clip, steps, stepSize, towards }: Omit<PgdAttack, 'kind' | 'seed'>,
  key: HashKey,
): Matrix {
  const { labels: aimed, sign } = aim(backend, labels, towards);
  let moved = backend.addUniformNoise(images, key, epsilon, clip);
  for (let step = 0; step < steps; step++) {
    const from = moved;
    moved = backend.scope((keep) => {
      const pass = forward(backend, network, from);
      const gradient = inputGradient(backend, network, pass, aimed);
      const size = sign * stepSize;
      return keep(backend.addProjectedStep(images, from, gradient, size, epsilon, clip));
    });
    backend.free(from);
  }
  return moved;
}

/**
 * Attacks images as an evaluation does.
 *
 * @param pass a forward pass of these images
 * @param first place of the first image in its set: an image's random numbers follow from its place, however
 *   many images are attacked at once
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
  /** The sequence from the position of the first pixel on: the hash adds positions to the first word. */
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
    case 'random-signs': {
      const key = keyOf(attack.seed, 'attackSigns');
      return backend.addRandomSigns(images, key, attack.epsilon, attack.clip);
    }
  }
}
