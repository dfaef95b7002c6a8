/**
 * GLSL ES 3.00 code that the programs share. Every matrix is a texture of 2 × 2 blocks: the
 * texel at (column / 2, row / 2) holds (r, c), (r, c + 1), (r + 1, c), (r + 1, c + 1) as x, y, z, w.
 * Elements beyond the edge of the matrix are zero: products rely on it, and `insideOnly` ensures it.
 */
export const prelude = `
  // By its bits: Mesa's compiler turns comparisons and selections of floats into min() and max(), which drop NaN.
  bool isNaN(float x) { return (floatBitsToInt(x) & 0x7fffffff) > 0x7f800000; }
  bvec2 isNaN(vec2 x) { return greaterThan(floatBitsToInt(x) & 0x7fffffff, ivec2(0x7f800000)); }
  bvec4 isNaN(vec4 x) { return greaterThan(floatBitsToInt(x) & 0x7fffffff, ivec4(0x7f800000)); }

  ivec2 blockOrigin() { return ivec2(gl_FragCoord.yx) * 2; } // row, column

  vec4 block(sampler2D matrix, int row, int column) {
    return texelFetch(matrix, ivec2(column >> 1, row >> 1), 0);
  }

  float element(sampler2D matrix, int row, int column) {
    return block(matrix, row, column)[((row & 1) << 1) | (column & 1)];
  }

  vec4 insideOnly(vec4 values, ivec2 at) {
    bool right = at.y + 1 < size.y;
    bool below = at.x + 1 < size.x;
    return vec4(values.x, right ? values.y : 0., below ? values.z : 0.,
                right && below ? values.w : 0.);
  }
`;

/**
 * exp(x) for x ≤ 0, to about 1e-7 of its value. GLSL's own exp may be wrong by 3 + 2 |x| units in the
 * last place, differently on every device.
 * x = n ln 2 + r with |r| ≤ ln 2 / 2, and exp(r) by its Taylor series.
 */
const expOf = (float: 'vec2' | 'vec4', int: 'ivec2' | 'ivec4') => `
  ${float} exponential(${float} x) {
    ${float} given = x;
    x = max(x, ${float}(-87.)); // smaller ones would be denormal
    ${float} n = floor(x * 1.44269504 + 0.5);
    ${float} r = (x - n * 0.693359375) + n * 2.12194440e-4; // ln 2 in two parts
    ${float} p = 1. + r * (1. + r * (0.5 + r * (1. / 6. + r * (1. / 24. + r * (1. / 120. +
      r * (1. / 720. + r * (1. / 5040.)))))));
    return mix(p * intBitsToFloat((${int}(n) + 127) << 23), given, isNaN(given));
  }`;

/**
 * f(z), and f′ as a function of h = f(z), for four elements at once. NaN stays NaN. mix() with booleans selects;
 * with numbers it would blend, and lose digits to the branch not taken.
 */
export const activations = {
  linear: `
    vec4 activate(vec4 z) { return z; }
    vec4 slope(vec4 h) { return vec4(1); }`,
  logistic: `${expOf('vec4', 'ivec4')}
    vec4 activate(vec4 z) {
      vec4 e = exponential(-abs(z)); // never overflows
      vec4 s = 1. / (1. + e);
      return mix(e * s, s, greaterThanEqual(z, vec4(0)));
    }
    vec4 slope(vec4 h) { return h * (1. - h); }`,
  tanh: `${expOf('vec4', 'ivec4')}
    vec4 activate(vec4 z) {
      vec4 e = exponential(-2. * abs(z));
      vec4 large = sign(z) * (1. - e) / (1. + e);
      vec4 q = z * z;
      vec4 small = z * (1. - q * (1. / 3. - q * (2. / 15.))); // where 1 − e would cancel
      return mix(small, large, greaterThan(abs(z), vec4(0.05)));
    }
    vec4 slope(vec4 h) { return 1. - h * h; }`,
  relu: `
    vec4 activate(vec4 z) { return z * vec4(greaterThanEqual(z, vec4(0))); }
    vec4 slope(vec4 h) { return vec4(greaterThan(h, vec4(0))); }`,
} as const;

/** The counter-based hash of shared/random.ts. Needs a uniform \`ivec2 key\`. */
export const hash = `
  uint mix32(uint x) {
    x = (x ^ (x >> 16)) * 0x7feb352du;
    x = (x ^ (x >> 15)) * 0x846ca68bu;
    return x ^ (x >> 16);
  }
  uint hashAt(ivec2 at) {
    uint index = uint(at.x) * uint(size.y) + uint(at.y);
    return mix32(mix32(index + uint(key.x)) ^ uint(key.y));
  }
  uvec4 hashBlock(ivec2 at) {
    return uvec4(hashAt(at), hashAt(at + ivec2(0, 1)), hashAt(at + ivec2(1, 0)),
                 hashAt(at + ivec2(1, 1)));
  }
`;

/**
 * Functions of the logits of two images at once, those of the two rows of a block: a vec2 has a number of each, and one
 * loop over the classes serves all four elements. Loops of each element's own were four times as many, and Mesa's
 * software renderer did not compile such a shader within a minute. Need a uniform \`int classes\`.
 */
export const rowMath = `${expOf('vec2', 'ivec2')}
  vec2 column(sampler2D matrix, int row, int j) {
    vec4 b = block(matrix, row, j);
    return (j & 1) == 0 ? b.xz : b.yw;
  }
  vec2 sigmoid(vec2 z) {
    vec2 e = exponential(-abs(z));
    return mix(e, vec2(1), greaterThanEqual(z, vec2(0))) / (1. + e);
  }
  vec2 log1pExp(vec2 negative) { // log(1 + exp(negative)), negative ≤ 0
    vec2 e = exponential(negative);
    return mix(log(1. + e), e * (1. - e * (0.5 - e / 3.)), lessThan(e, vec2(1e-3)));
  }

  /** The class of the largest logit, that logit, and the sum of the exponentials relative to it. */
  struct Softmax { vec2 winner, largest, sum; };
  Softmax softmax(sampler2D matrix, int row) {
    Softmax s = Softmax(vec2(0), column(matrix, row, 0), vec2(0));
    for (int j = 1; j < classes; j++) {
      vec2 z = column(matrix, row, j);
      s.winner = mix(s.winner, vec2(j), greaterThan(z, s.largest));
      s.largest = max(s.largest, z);
    }
    for (int j = 0; j < classes; j++) s.sum += exponential(column(matrix, row, j) - s.largest);
    return s;
  }
`;

/** Computes the two columns of a block by \`vec2 delta(int row, int j)\`, after \`void prepare(int row)\`. */
export const eachColumn = `
  vec4 compute(ivec2 at) {
    prepare(at.x);
    return vec4(delta(at.x, at.y), delta(at.x, at.y + 1)).xzyw;
  }`;
