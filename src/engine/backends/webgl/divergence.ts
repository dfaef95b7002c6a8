import type { Loss } from '../../../domain/settings/config.ts';
import { rowMath } from './glsl.ts';
import { eachElement, memoize, Program } from './programs.ts';

/**
 * The divergence of the outputs q of moved images from the outputs p of the images, and its deltas. float64/formulas.ts
 * has the formulas; here every difference is written so that numbers near 1 do not cancel in float32.
 */
const divergenceMath = `${rowMath}
  float logSigmoid(float z) { return (z < 0. ? z : 0.) - log1pExp(-abs(z)); }
  float oneMinusExp(float x) { // x ≤ 0
    float series = -x * (1. + x / 2. * (1. + x / 3. * (1. + x / 4. * (1. + x / 5.))));
    return x > -0.1 ? series : 1. - exponential(x);
  }
  float largestOf(sampler2D matrix, int row) {
    float largest = element(matrix, row, 0);
    for (int j = 1; j < classes; j++) largest = max(largest, element(matrix, row, j));
    return largest;
  }
  /** The largest logit, and the logarithm of the sum of exponentials relative to it: apart, they lose no digits. */
  vec2 normalizer(sampler2D matrix, int row) {
    float largest = largestOf(matrix, row);
    float sum = 0.;
    for (int j = 0; j < classes; j++) sum += exponential(element(matrix, row, j) - largest);
    return vec2(largest, log(sum));
  }
  float logProbability(sampler2D matrix, int row, int j, vec2 n) {
    return (element(matrix, row, j) - n.x) - n.y;
  }
  int predicted(int row) {
    int winner = 0;
    for (int j = 1; j < classes; j++)
      if (element(logits, row, j) > element(logits, row, winner)) winner = j;
    return winner;
  }`;

const divergenceOf: Readonly<Record<Loss, string>> = {
  bce: `
  float divergence(int row) {
    float total = 0.;
    for (int j = 0; j < classes; j++) {
      float a = element(logits, row, j);
      float b = element(moved, row, j);
      total += sigmoid(a) * (logSigmoid(a) - logSigmoid(b));
      total += sigmoid(-a) * (logSigmoid(-a) - logSigmoid(-b));
    }
    return total;
  }`,
  ce: `
  float divergence(int row) {
    vec2 ofP = normalizer(logits, row);
    vec2 ofQ = normalizer(moved, row);
    float total = 0.;
    for (int j = 0; j < classes; j++) {
      float p = logProbability(logits, row, j, ofP);
      total += exponential(p) * (p - logProbability(moved, row, j, ofQ));
    }
    return total;
  }`,
};

/** The deltas of a row sum to 0, so that of the predicted class is minus the sum of the small others. */
const predictedFromOthers = `
  float at1(int row, int column) {
    if (row >= size.x || column >= classes) return 0.;
    prepare(row);
    int winner = predicted(row);
    if (column != winner) return delta(row, column);
    float others = 0.;
    for (int j = 0; j < classes; j++) if (j != winner) others += delta(row, j);
    return -others;
  }`;

/** ∂D/∂logits at the images or at the moved ones, D being the mean over the batch. */
export const divergenceDelta = memoize((loss: Loss, side: 'reference' | 'moved') => {
  const bce =
    side === 'reference'
      ? 'sigmoid(a) * sigmoid(-a) * (a - b)'
      : 'sign(b - a) * sigmoid(max(a, b)) * sigmoid(-min(a, b)) * oneMinusExp(-abs(a - b))';
  const ce =
    side === 'reference' ? 'exponential(p) * (p - q - total)' : 'exponential(q) - exponential(p)';
  return new Program(
    ['logits', 'moved'],
    { classes: 'int', scale: 'float' },
    `${divergenceMath}${divergenceOf[loss]}
    ${
      loss === 'bce'
        ? `float at1(int row, int column) {
      if (row >= size.x) return 0.;
      float a = element(logits, row, column);
      float b = element(moved, row, column);
      return scale * ${bce};
    }`
        : `vec2 ofP, ofQ;
    float total;
    void prepare(int row) {
      ofP = normalizer(logits, row);
      ofQ = normalizer(moved, row);
      total = divergence(row);
    }
    float delta(int row, int column) {
      float p = logProbability(logits, row, column, ofP);
      float q = logProbability(moved, row, column, ofQ);
      return scale * (${ce});
    }
    ${predictedFromOthers}`
    }${eachElement}`,
  );
});

/** q − p times a positive factor of each image. */
export const divergenceAttackDelta = memoize(
  (loss: Loss) =>
    new Program(
      ['logits', 'moved'],
      { classes: 'int' },
      `${divergenceMath}
      ${
        loss === 'bce'
          ? `float tailPower(int row, int j) {
        float a = element(logits, row, j);
        float b = element(moved, row, j);
        return min(max(a, b), 0.) + min(-min(a, b), 0.);
      }
      float at1(int row, int column) {
        if (row >= size.x || column >= classes) return 0.;
        float largest = tailPower(row, 0);
        for (int j = 1; j < classes; j++) largest = max(largest, tailPower(row, j));
        float a = element(logits, row, column);
        float b = element(moved, row, column);
        float tails = (1. + exponential(-abs(a))) * (1. + exponential(-abs(b)));
        float size_ = exponential(tailPower(row, column) - largest) * oneMinusExp(-abs(a - b));
        return sign(b - a) * size_ / tails;
      }`
          : `float topU, topV, sumU, sumV, largest;
      void prepare(int row) {
        int winner = predicted(row);
        topU = element(logits, row, winner);
        topV = largestOf(moved, row);
        sumU = 0.;
        sumV = 0.;
        largest = -1e38;
        for (int j = 0; j < classes; j++) {
          float u = element(logits, row, j) - topU;
          float v = element(moved, row, j) - topV;
          sumU += exponential(u);
          sumV += exponential(v);
          if (j != winner) largest = max(largest, max(u, v));
        }
      }
      float delta(int row, int column) {
        float rise = exponential(element(moved, row, column) - topV - largest) * sumU;
        return rise - exponential(element(logits, row, column) - topU - largest) * sumV;
      }
      ${predictedFromOthers}`
      }${eachElement}`,
    ),
);

/** Adds the divergence of each image, times the weight, to the loss in its row of the scores. */
export const addDivergence = memoize(
  (loss: Loss) =>
    new Program(
      ['scores', 'logits', 'moved'],
      { classes: 'int', images: 'int', weight: 'float' },
      `${divergenceMath}${divergenceOf[loss]}
      float scoreOf(int row) { return row < images ? weight * divergence(row) : 0.; }
      vec4 compute(ivec2 at) {
        return block(scores, at.x, 0) + vec4(scoreOf(at.x), 0, scoreOf(at.x + 1), 0);
      }`,
    ),
);
