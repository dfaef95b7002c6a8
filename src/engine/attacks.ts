import type { Attack, FgsmAttack, PgdAttack } from '../domain/metrics.ts';
import { type HashKey, hashKey } from '../domain/random.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { type ForwardPass, forward, inputGradient } from './backprop.ts';
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
 * the attacked network, without dropout.
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
  const gradient = inputGradient(backend, network, pass, lossLabels);
  return backend.addSignedStep(images, gradient, sign * epsilon, clip);
}

/**
 * Projected gradient descent (Madry et al. 2018, section 2.1): from a random point of the ε-ball
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
  const { labels: lossLabels, sign } = lossToFollow(backend, labels, target);
  let attacked = backend.addUniformNoise(images, key, epsilon, clip);
  for (let step = 0; step < steps; step++) {
    const previous = attacked;
    attacked = backend.scope((keep) => {
      const pass = forward(backend, network, previous);
      const gradient = inputGradient(backend, network, pass, lossLabels);
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
    case 'random-signs': {
      const key = keyOf(attack.seed, 'attackSigns');
      return backend.addRandomSigns(images, key, attack.epsilon, attack.clip);
    }
  }
}
