import type { Attack } from '../shared/metrics.ts';
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
  { epsilon, clip }: Pick<Attack, 'epsilon' | 'clip'>,
  pass: ForwardPass = forward(backend, network, images),
): Matrix {
  const gradient = inputGradient(backend, network, pass, labels);
  return backend.addSignedStep(images, gradient, epsilon, clip);
}
