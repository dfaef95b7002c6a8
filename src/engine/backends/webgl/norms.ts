import { clipped, Program } from './programs.ts';

/** Steps in the Euclidean norm, whose length is that of a whole row. */

/** ‖row‖₂, [rows, 1]. The largest element is taken out, so that squares of tiny ones do not vanish. */
export const rowLength = new Program(
  ['source'],
  { columns: 'int' },
  `vec4 compute(ivec2 at) {
    vec2 largest = vec2(0);
    for (int c = 0; c < columns; c += 2) {
      vec4 values = abs(block(source, at.x, c));
      largest = max(largest, max(values.xz, values.yw));
    }
    vec2 scale = max(largest, vec2(1e-37));
    vec2 squares = vec2(0);
    for (int c = 0; c < columns; c += 2) {
      vec4 values = block(source, at.x, c) / scale.xxyy;
      squares += values.xz * values.xz + values.yw * values.yw;
    }
    vec2 lengths = largest * sqrt(squares);
    return vec4(lengths.x, 0, lengths.y, 0);
  }`,
);

/** current + size · g / ‖g‖₂ − x; without a step where g is 0. */
export const normalizedChange = new Program(
  ['images', 'current', 'gradients', 'lengths'],
  { stepSize: 'float' },
  `vec4 compute(ivec2 at) {
    vec2 n = block(lengths, at.x, 0).xz;
    vec4 direction = block(gradients, at.x, at.y) / max(n, vec2(1e-37)).xxyy;
    return block(current, at.x, at.y) - block(images, at.x, at.y) + stepSize * direction;
  }`,
);

/** x + change, where a change longer than ε is scaled back to length ε. */
export const addWithin = new Program(
  ['images', 'changes', 'lengths'],
  { epsilon: 'float', clip: 'int' },
  `vec4 compute(ivec2 at) {
    vec2 n = max(block(lengths, at.x, 0).xz, vec2(1e-37));
    vec2 share = min(epsilon / n, vec2(1));
    vec4 perturbed = block(images, at.x, at.y) + share.xxyy * block(changes, at.x, at.y);
    return ${clipped};
  }`,
);
