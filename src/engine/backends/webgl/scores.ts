import type { Loss } from '../../../domain/settings/config.ts';
import { eachColumn, rowMath } from './glsl.ts';
import { memoize, Program } from './programs.ts';

/** The losses, their deltas and the errors, from logits and labels. */

const labelMath = `${rowMath}
  vec2 label(int row) { return block(labels, row, 0).xz; }
  bvec2 isLabel(int row, int j) { return equal(label(row), vec2(j)); }`;

/** ∂J/∂logits, in a form that never computes p − 1. */
export const outputDelta = memoize(
  (loss: Loss) =>
    new Program(
      ['logits', 'labels'],
      { classes: 'int', scale: 'float' },
      `${labelMath}
      ${
        loss === 'bce'
          ? `void prepare(int row) {}
      vec2 delta(int row, int j) {
        vec2 z = column(logits, row, j);
        return scale * mix(sigmoid(z), -sigmoid(-z), isLabel(row, j));
      }`
          : `Softmax s;
      vec2 others;
      vec2 power(int row, int j) { return exponential(column(logits, row, j) - s.largest); }
      void prepare(int row) {
        s = softmax(logits, row);
        others = vec2(0);
        for (int j = 0; j < classes; j++) others += mix(power(row, j), vec2(0), isLabel(row, j));
      }
      vec2 delta(int row, int j) {
        return scale * mix(power(row, j), -others, isLabel(row, j)) / s.sum;
      }`
      }${eachColumn}`,
    ),
);

/**
 * ∂L/∂logits times a positive factor of each image; cross-entropy takes the form of the margin loss. Differences of
 * logits are exact where it matters, so that large logits lose no digits.
 */
export const attackDelta = memoize(
  (loss: 'bce' | 'margin') =>
    new Program(
      ['logits', 'labels'],
      { classes: 'int' },
      `${labelMath}
      vec2 largest;
      ${
        loss === 'bce'
          ? `vec2 towardError(int row, int j) {
        vec2 z = column(logits, row, j);
        return mix(z, -z, isLabel(row, j));
      }
      void prepare(int row) {
        largest = towardError(row, 0);
        for (int j = 1; j < classes; j++) largest = max(largest, towardError(row, j));
        largest = min(largest, vec2(0));
      }
      vec2 delta(int row, int j) {
        vec2 s = towardError(row, j);
        vec2 scaled = exponential(min(s, vec2(0)) - largest) / (1. + exponential(-abs(s)));
        return mix(scaled, -scaled, isLabel(row, j));
      }`
          : `vec2 sum;
      vec2 power(int row, int j) {
        return mix(exponential(column(logits, row, j) - largest), vec2(0), isLabel(row, j));
      }
      void prepare(int row) {
        largest = vec2(-1e38);
        for (int j = 0; j < classes; j++)
          largest = mix(max(largest, column(logits, row, j)), largest, isLabel(row, j));
        sum = vec2(0);
        for (int j = 0; j < classes; j++) sum += power(row, j);
      }
      vec2 delta(int row, int j) { return mix(power(row, j) / sum, vec2(-1), isLabel(row, j)); }`
      }${eachColumn}`,
    ),
);

/** Adds the loss and the error of each image to its row of the scores. */
export const addScores = memoize(
  (loss: Loss) =>
    new Program(
      ['scores', 'logits', 'labels'],
      { classes: 'int', images: 'int', weight: 'float' },
      `${labelMath}
      vec2 lossOf(int row, Softmax s) {
        vec2 total = vec2(0);
        ${
          loss === 'bce'
            ? `for (int j = 0; j < classes; j++) {
          vec2 z = column(logits, row, j);
          total += max(z, vec2(0)) + log1pExp(-abs(z)) - mix(vec2(0), z, isLabel(row, j));
        }
        return total;`
            : `for (int j = 0; j < classes; j++)
          total = mix(total, column(logits, row, j), isLabel(row, j));
        return s.largest + log(s.sum) - total;`
        }
      }
      vec4 compute(ivec2 at) {
        Softmax s = softmax(logits, at.x);
        vec2 error = vec2(notEqual(s.winner, label(at.x)));
        vec4 added = weight * vec4(lossOf(at.x, s), error).xzyw;
        bvec2 isImage = lessThan(vec2(at.x, at.x + 1), vec2(images));
        return block(scores, at.x, 0) + mix(vec4(0), added, isImage.xxyy);
      }`,
    ),
);
