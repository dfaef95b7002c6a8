import type { Loss } from '../../../domain/settings/config.ts';
import { eachColumn, rowMath } from './glsl.ts';
import { memoize, Program } from './programs.ts';

/**
 * The divergence of the outputs q of moved images from the outputs p of the images, and its deltas. float64/formulas.ts
 * has the formulas; here every difference is written so that numbers near 1 do not cancel in float32.
 */
const divergenceMath: Readonly<Record<Loss, string>> = {
  bce: `${rowMath}
  vec2 logSigmoid(vec2 z) { return min(z, vec2(0)) - log1pExp(-abs(z)); }
  vec2 oneMinusExp(vec2 x) { // x ≤ 0
    vec2 series = -x * (1. + x / 2. * (1. + x / 3. * (1. + x / 4. * (1. + x / 5.))));
    return mix(1. - exponential(x), series, greaterThan(x, vec2(-0.1)));
  }
  vec2 divergence(int row) {
    vec2 total = vec2(0);
    for (int j = 0; j < classes; j++) {
      vec2 a = column(logits, row, j);
      vec2 b = column(moved, row, j);
      total += sigmoid(a) * (logSigmoid(a) - logSigmoid(b));
      total += sigmoid(-a) * (logSigmoid(-a) - logSigmoid(-b));
    }
    return total;
  }`,
  ce: `${rowMath}
  Softmax ofP, ofQ;
  void findOutputs(int row) {
    ofP = softmax(logits, row);
    ofQ = softmax(moved, row);
  }
  // The largest logit first: it and the logarithm apart lose no digits.
  vec2 logP(int row, int j) { return (column(logits, row, j) - ofP.largest) - log(ofP.sum); }
  vec2 logQ(int row, int j) { return (column(moved, row, j) - ofQ.largest) - log(ofQ.sum); }
  vec2 divergence(int row) {
    findOutputs(row);
    vec2 total = vec2(0);
    for (int j = 0; j < classes; j++) {
      vec2 p = logP(row, j);
      total += exponential(p) * (p - logQ(row, j));
    }
    return total;
  }`,
};

/**
 * The deltas of a row sum to 0, so that of the predicted class is minus the sum of the small others. Needs
 * \`vec2 otherDelta(int row, int j)\`, and \`void prepareOthers(int row)\` before it.
 */
const predictedFromOthers = `
  vec2 others;
  bvec2 isPredicted(int j) { return equal(ofP.winner, vec2(j)); }
  void prepare(int row) {
    prepareOthers(row);
    others = vec2(0);
    for (int j = 0; j < classes; j++) others += mix(otherDelta(row, j), vec2(0), isPredicted(j));
  }
  vec2 delta(int row, int j) { return mix(otherDelta(row, j), -others, isPredicted(j)); }`;

/** ∂D/∂logits at the images or at the moved ones, D being the mean over the batch. */
export const divergenceDelta = memoize((loss: Loss, side: 'reference' | 'moved') => {
  const deltas = {
    bce: `
    void prepare(int row) {}
    vec2 delta(int row, int j) {
      vec2 a = column(logits, row, j);
      vec2 b = column(moved, row, j);
      return scale * ${
        side === 'reference'
          ? 'sigmoid(a) * sigmoid(-a) * (a - b)'
          : 'sign(b - a) * sigmoid(max(a, b)) * sigmoid(-min(a, b)) * oneMinusExp(-abs(a - b))'
      };
    }`,
    ce: `
    vec2 total;
    void prepareOthers(int row) { ${side === 'reference' ? 'total = divergence(row)' : 'findOutputs(row)'}; }
    vec2 otherDelta(int row, int j) {
      vec2 p = logP(row, j);
      vec2 q = logQ(row, j);
      return scale * (${
        side === 'reference'
          ? 'exponential(p) * (p - q - total)'
          : 'exponential(q) - exponential(p)'
      });
    }${predictedFromOthers}`,
  };
  return new Program(
    ['logits', 'moved'],
    { classes: 'int', scale: 'float' },
    `${divergenceMath[loss]}${deltas[loss]}${eachColumn}`,
  );
});

const attackDeltas: Readonly<Record<Loss, string>> = {
  bce: `
  vec2 largest;
  vec2 tailPower(int row, int j) {
    vec2 a = column(logits, row, j);
    vec2 b = column(moved, row, j);
    return min(max(a, b), vec2(0)) + min(-min(a, b), vec2(0));
  }
  void prepare(int row) {
    largest = tailPower(row, 0);
    for (int j = 1; j < classes; j++) largest = max(largest, tailPower(row, j));
  }
  vec2 delta(int row, int j) {
    vec2 a = column(logits, row, j);
    vec2 b = column(moved, row, j);
    vec2 tails = (1. + exponential(-abs(a))) * (1. + exponential(-abs(b)));
    vec2 length_ = exponential(tailPower(row, j) - largest) * oneMinusExp(-abs(a - b));
    return sign(b - a) * length_ / tails;
  }`,
  ce: `
  vec2 largest;
  vec2 u(int row, int j) { return column(logits, row, j) - ofP.largest; }
  vec2 v(int row, int j) { return column(moved, row, j) - ofQ.largest; }
  void prepareOthers(int row) {
    findOutputs(row);
    largest = vec2(-1e38);
    for (int j = 0; j < classes; j++)
      largest = mix(max(largest, max(u(row, j), v(row, j))), largest, equal(ofP.winner, vec2(j)));
  }
  vec2 otherDelta(int row, int j) {
    return exponential(v(row, j) - largest) * ofP.sum - exponential(u(row, j) - largest) * ofQ.sum;
  }${predictedFromOthers}`,
};

/** q − p times a positive factor of each image. */
export const divergenceAttackDelta = memoize(
  (loss: Loss) =>
    new Program(
      ['logits', 'moved'],
      { classes: 'int' },
      `${divergenceMath[loss]}${attackDeltas[loss]}${eachColumn}`,
    ),
);

/** Adds the divergence of each image, times the weight, to the loss in its row of the scores. */
export const addDivergence = memoize(
  (loss: Loss) =>
    new Program(
      ['scores', 'logits', 'moved'],
      { classes: 'int', images: 'int', weight: 'float' },
      `${divergenceMath[loss]}
      vec4 compute(ivec2 at) {
        bvec2 isImage = lessThan(vec2(at.x, at.x + 1), vec2(images));
        vec2 added = mix(vec2(0), weight * divergence(at.x), isImage);
        return block(scores, at.x, 0) + vec4(added.x, 0, added.y, 0);
      }`,
    ),
);
