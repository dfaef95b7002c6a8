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

/** log σ(z) without overflow. */
function logSigmoid(z: number): number {
  return Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
}

/** log softmax(z). */
function logSoftmax(z: Float64Array): Float64Array {
  const { largest, sum } = exponentials(z);
  return z.map((zj) => zj - largest - Math.log(sum));
}

/** KL(p ‖ q) of one sample: Σ_j of Bernoulli divergences (bce), or of distributions over the classes (ce). */
export function sampleDivergence(z: Float64Array, moved: Float64Array, loss: Loss): number {
  if (loss === 'bce') {
    return z.reduce((total, zj, j) => {
      const rise = logSigmoid(zj) - logSigmoid(moved[j]!);
      const fall = logSigmoid(-zj) - logSigmoid(-moved[j]!);
      return total + sigmoid(zj) * rise + sigmoid(-zj) * fall;
    }, 0);
  }
  const [p, q] = [logSoftmax(z), logSoftmax(moved)];
  return p.reduce((total, pj, j) => total + Math.exp(pj) * (pj - q[j]!), 0);
}

/** ∂KL/∂z of one sample at the images ('reference') or at the moved ones. */
export function divergenceDeltas(
  z: Float64Array,
  moved: Float64Array,
  loss: Loss,
  at: 'reference' | 'moved',
): Float64Array {
  if (loss === 'bce') {
    return z.map((zj, j) => {
      const zMoved = moved[j]!;
      return at === 'moved'
        ? sigmoid(zMoved) - sigmoid(zj)
        : sigmoid(zj) * sigmoid(-zj) * (zj - zMoved);
    });
  }
  const [p, q] = [logSoftmax(z), logSoftmax(moved)];
  if (at === 'moved') return p.map((pj, j) => Math.exp(q[j]!) - Math.exp(pj));
  const divergence = sampleDivergence(z, moved, loss);
  return p.map((pj, j) => Math.exp(pj) * (pj - q[j]! - divergence));
}

/**
 * q − p of one sample times a positive factor.
 *
 * BCE: with a ≥ b the two logits of a class, σ(a) − σ(b) = σ(a) σ(−b) (1 − exp(b − a)); the factor is exp(−m) with m the
 * largest of min(a, 0) + min(−b, 0). Cross-entropy: with c the class of the largest z, u = z − z_c, v = z̃ − max z̃ and
 * U, V the sums of their exponentials, q_j − p_j = (exp(v_j) U − exp(u_j) V) / (U V) for j ≠ c, and minus the sum of
 * these at c; the factor is U V exp(−m) with m the largest of u_j and v_j, j ≠ c.
 */
export function divergenceAttackDeltas(
  z: Float64Array,
  moved: Float64Array,
  loss: Loss,
): Float64Array {
  if (loss === 'bce') {
    const pairs = Array.from(z, (zj, j) => [Math.max(zj, moved[j]!), Math.min(zj, moved[j]!)]);
    const powers = pairs.map(([a, b]) => Math.min(a!, 0) + Math.min(-b!, 0));
    const largest = Math.max(...powers);
    return z.map((zj, j) => {
      const [a, b] = pairs[j]!;
      const tails = (1 + Math.exp(-Math.abs(a!))) * (1 + Math.exp(-Math.abs(b!)));
      const size = (Math.exp(powers[j]! - largest) * -Math.expm1(b! - a!)) / tails;
      return Math.sign(moved[j]! - zj) * size;
    });
  }
  const c = z.indexOf(Math.max(...z));
  const u = z.map((zj) => zj - z[c]!);
  const top = Math.max(...moved);
  const v = moved.map((zj) => zj - top);
  const sumOf = (powers: Float64Array) => powers.reduce((sum, power) => sum + Math.exp(power), 0);
  const [sumU, sumV] = [sumOf(u), sumOf(v)];
  const others = (powers: Float64Array) => Math.max(...powers.filter((_, j) => j !== c));
  const largest = Math.max(others(u), others(v));
  const deltas = u.map((uj, j) =>
    j === c ? 0 : Math.exp(v[j]! - largest) * sumU - Math.exp(uj - largest) * sumV,
  );
  deltas[c] = -deltas.reduce((sum, delta) => sum + delta, 0);
  return deltas;
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
