import type { Loss } from '../../../domain/settings/config.ts';
import type { AttackLoss } from '../../../domain/metrics.ts';
import type { Activation } from '../../activations.ts';

/** σ(z) without overflow. */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

/** f(z) of one unit; z has one element, or the pieces of a maxout unit. */
export function activate({ type }: Activation, z: ArrayLike<number>): number {
  switch (type) {
    case 'linear':
      return z[0]!;
    case 'logistic':
      return sigmoid(z[0]!);
    case 'tanh':
      return Math.tanh(z[0]!);
    case 'relu':
      return Math.max(0, z[0]!);
    case 'maxout':
      return Math.max(...Array.from(z));
  }
}

/**
 * ∂h/∂z of one unit from its output h. For maxout it is the derivative with respect to one piece of z: 1 for the
 * largest piece (the first one of equal ones), 0 for the others.
 */
export function derivative(
  { type }: Activation,
  h: number,
  z: Float64Array | null,
  piece: number,
): number {
  switch (type) {
    case 'linear':
      return 1;
    case 'logistic':
      return h * (1 - h);
    case 'tanh':
      return 1 - h * h;
    case 'relu':
      return h > 0 ? 1 : 0;
    case 'maxout':
      return z!.indexOf(Math.max(...z!)) === piece ? 1 : 0;
  }
}

/** exp(z_j − max z) and their sum. */
function exponentials(z: Float64Array) {
  const largest = Math.max(...z);
  const powers = z.map((zj) => Math.exp(zj - largest));
  return { largest, powers, sum: powers.reduce((a, b) => a + b, 0) };
}

/**
 * The loss of one sample from its logits: the sum over classes of the binary cross-entropy of σ(z),
 * or the cross-entropy of softmax(z).
 */
export function sampleLoss(z: Float64Array, label: number, loss: Loss): number {
  if (loss === 'bce') {
    return z.reduce((sum, zj, j) => {
      const softplus = Math.max(zj, 0) + Math.log1p(Math.exp(-Math.abs(zj)));
      return sum + softplus - (j === label ? zj : 0);
    }, 0);
  }
  const { largest, sum } = exponentials(z);
  return largest + Math.log(sum) - z[label]!;
}

/** ∂loss/∂z of one sample, in a form that keeps the sign of tiny values (never p − 1). */
export function sampleDeltas(z: Float64Array, label: number, loss: Loss): Float64Array {
  if (loss === 'bce') {
    return z.map((zj, j) => (j === label ? -sigmoid(-zj) : sigmoid(zj)));
  }
  const { powers, sum } = exponentials(z);
  const others = powers.reduce((total, power, j) => (j === label ? total : total + power), 0);
  return powers.map((power, j) => (j === label ? -others / sum : power / sum));
}

/**
 * ∂L/∂z of one sample times a positive factor. BCE: σ(s) = exp(min(s, 0)) / (1 + exp(−|s|)) with s = z, or −z at the
 * label; the factor is exp(−max min(s, 0)). Margin and cross-entropy: softmax over the other classes, and −1.
 */
export function attackDeltas(z: Float64Array, label: number, loss: AttackLoss): Float64Array {
  if (loss === 'bce') {
    const s = z.map((zj, j) => (j === label ? -zj : zj));
    const largest = Math.min(0, Math.max(...s));
    return s.map((sj, j) => {
      const scaled = Math.exp(Math.min(sj, 0) - largest) / (1 + Math.exp(-Math.abs(sj)));
      return j === label ? -scaled : scaled;
    });
  }
  const others = exponentials(z.map((zj, j) => (j === label ? -Infinity : zj)));
  return others.powers.map((power, j) => (j === label ? -1 : power / others.sum));
}
