import type { Attack, FgsmAttack, PgdAttack } from '../shared/metrics.ts';
import { type HashKey, hashKey } from '../shared/random.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { type ForwardPass, forward, inputGradient } from './backprop.ts';
import type { Network } from './network.ts';

/**
 * The fast gradient sign method: x̃ = x + ε · sign(∂J/∂x) (Goodfellow et al. 2015, section 4).
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
  { epsilon, clip }: Omit<FgsmAttack, 'kind'>,
  pass: ForwardPass = forward(backend, network, images),
): Matrix {
  const gradient = inputGradient(backend, network, pass, labels);
  return backend.addSignedStep(images, gradient, epsilon, clip);
}

/**
 * Projected gradient descent (Madry et al. 2018, section 2.1): from a random point of the ε-ball
 * around x, k steps of size a along the gradient's sign, each projected back to the ball.
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
  { epsilon, clip, steps, stepSize }: Omit<PgdAttack, 'kind' | 'seed'>,
  key: HashKey,
): Matrix {
  let moved = backend.addUniformNoise(images, key, epsilon, clip);
  for (let step = 0; step < steps; step++) {
    const from = moved;
    moved = backend.scope((keep) => {
      const pass = forward(backend, network, from);
      const gradient = inputGradient(backend, network, pass, labels);
      return keep(backend.addProjectedStep(images, from, gradient, stepSize, epsilon, clip));
    });
    backend.free(from);
  }
  return moved;
}

/**
 * Attacks images as an evaluation does.
 *
 * @param pass a forward pass of these images
 * @param batch which batch of the evaluation this is, so that random starts differ
 */
export function attackBatch(
  backend: Backend,
  network: Network,
  images: Matrix,
  labels: Matrix,
  attack: Attack,
  pass: ForwardPass,
  batch: number,
): Matrix {
  switch (attack.kind) {
    case 'fgsm':
      return fgsm(backend, network, images, labels, attack, pass);
    case 'pgd': {
      const key = hashKey(attack.seed, 'attackStart', batch, 0);
      return pgd(backend, network, images, labels, attack, key);
    }
  }
}
