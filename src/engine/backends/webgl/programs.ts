import type { GPGPUProgram } from '@tensorflow/tfjs-backend-webgl/dist/gpgpu_math.js';
import { activations, hash, prelude } from './glsl.ts';

type UniformType = NonNullable<GPGPUProgram['customUniforms']>[number]['type'];

/**
 * A GPU program in the form that TensorFlow.js runs. Shapes are uniforms, so the last, partial batch needs no new
 * shader; only the length of an inner loop over a layer's width is compiled in. The shaders of the losses are in scores.ts
 * and divergence.ts, those of the Euclidean norm in norms.ts.
 */
export class Program {
  readonly packedInputs = true;
  readonly packedOutput = true;
  readonly enableShapeUniforms = true;
  readonly customUniforms: { name: string; type: UniformType }[];
  readonly userCode: string;

  /**
   * @param variableNames the input matrices, as samplers
   * @param uniforms scalars, in the order of their values after \`size\`
   * @param code GLSL with \`vec4 compute(ivec2 at)\`, the four elements of the block at row, column
   */
  constructor(
    readonly variableNames: string[],
    uniforms: Readonly<Record<string, UniformType>>,
    code: string,
    /** [rows, columns], set for each run. */
    public outputShape: number[] = [],
  ) {
    this.customUniforms = [
      { name: 'size', type: 'ivec2' },
      ...Object.entries(uniforms).map(([name, type]) => ({ name, type })),
    ];
    this.userCode = `${prelude}${code}
      void main() {
        ivec2 at = blockOrigin();
        setOutput(insideOnly(compute(at), at));
      }`;
  }
}

export function memoize<A extends readonly (string | number)[]>(
  make: (...key: A) => Program,
): (...key: A) => Program {
  const cache = new Map<string, Program>();
  return (...key) => {
    const name = key.join(',');
    const program = cache.get(name) ?? make(...key);
    cache.set(name, program);
    return program;
  };
}

/** f(x W + b) times a mask: one program per layer. */
export const affine = memoize(
  (fanIn: number, activation: keyof typeof activations, masked: 'masked' | 'unmasked') =>
    new Program(
      masked === 'masked' ? ['inputs', 'weights', 'mask'] : ['inputs', 'weights'],
      {},
      `${activations[activation]}
      vec4 compute(ivec2 at) {
        vec4 z = vec4(0);
        for (int k = 0; k < ${fanIn}; k += 2) {
          vec4 x = block(inputs, at.x, k);
          vec4 w = block(weights, k, at.y);
          z += x.xxzz * w.xyxy + x.yyww * w.zwzw;
        }
        vec4 b = block(weights, ${fanIn}, at.y);
        vec4 h = activate(z + b.${fanIn % 2 === 0 ? 'xyxy' : 'zwzw'});
        return h${masked === 'masked' ? ' * block(mask, at.x, at.y)' : ''};
      }`,
    ),
);

/** δ Wᵀ: the loop runs over the columns of W. */
const timesTranspose = (columns: number) => `
  vec4 timesTranspose(ivec2 at) {
    vec4 sum = vec4(0);
    for (int j = 0; j < ${columns}; j += 2) {
      vec4 d = block(delta, at.x, j);
      vec4 w = block(weights, at.y, j);
      sum += d.xxzz * w.xzxz + d.yyww * w.ywyw;
    }
    return sum;
  }`;

/** (δ Wᵀ) ∘ mask ∘ f′: a mask is 0 or at least 1, so h before the mask is h / mask. */
export const backward = memoize(
  (columns: number, activation: keyof typeof activations, masked: 'masked' | 'unmasked') =>
    new Program(
      ['delta', 'weights', 'outputs', ...(masked === 'masked' ? ['mask'] : [])],
      {},
      `${timesTranspose(columns)}${activations[activation]}
      vec4 compute(ivec2 at) {
        vec4 m = ${masked === 'masked' ? 'block(mask, at.x, at.y)' : 'vec4(1)'};
        vec4 h = block(outputs, at.x, at.y) / max(m, vec4(1));
        return timesTranspose(at) * m * slope(h);
      }`,
    ),
);

export const inputGradient = memoize(
  (columns: number) =>
    new Program(
      ['delta', 'weights'],
      {},
      `${timesTranspose(columns)}
      vec4 compute(ivec2 at) { return timesTranspose(at); }`,
    ),
);

/** [x 1]ᵀ δ: the loop runs over the batch, two images at a time. */
export const weightGradient = new Program(
  ['inputs', 'delta'],
  { images: 'int' },
  `vec4 compute(ivec2 at) {
    int biasRow = size.x - 1;
    vec4 sum = vec4(0);
    for (int b = 0; b < images; b += 2) {
      vec4 x = at.x == biasRow ? vec4(1, 0, 1, 0) : block(inputs, b, at.x);
      if (at.x + 1 == biasRow) x.yw = vec2(1);
      vec4 d = block(delta, b, at.y); // zero beyond the last image
      sum += x.xxyy * d.xyxy + x.zzww * d.zwzw;
    }
    return sum;
  }`,
);

const eachElement = `
  vec4 compute(ivec2 at) {
    return vec4(at1(at.x, at.y), at1(at.x, at.y + 1), at1(at.x + 1, at.y), at1(at.x + 1, at.y + 1));
  }`;

/** The largest piece of each maxout unit, times a mask. */
export const largestPiece = memoize(
  (masked: 'masked' | 'unmasked') =>
    new Program(
      masked === 'masked' ? ['pieceValues', 'mask'] : ['pieceValues'],
      { pieces: 'int' },
      `float at1(int row, int unit) {
        float largest = element(pieceValues, row, unit * pieces);
        for (int p = 1; p < pieces; p++) {
          float z = element(pieceValues, row, unit * pieces + p);
          largest = isNaN(z) ? z : isNaN(largest) ? largest : max(largest, z);
        }
        return largest${masked === 'masked' ? ' * element(mask, row, unit)' : ''};
      }${eachElement}`,
    ),
);

/** The gradient of each maxout unit, at its first largest piece. */
export const routeToLargestPiece = memoize(
  (masked: 'masked' | 'unmasked') =>
    new Program(
      ['gradients', 'pieceValues', ...(masked === 'masked' ? ['mask'] : [])],
      { pieces: 'int' },
      `float at1(int row, int column) {
        int unit = column / pieces;
        int winner = 0;
        float largest = element(pieceValues, row, unit * pieces);
        for (int p = 1; p < pieces; p++) {
          float z = element(pieceValues, row, unit * pieces + p);
          if (z > largest) { largest = z; winner = p; }
        }
        if (column - unit * pieces != winner) return 0.;
        return element(gradients, row, unit)${masked === 'masked' ? ' * element(mask, row, unit)' : ''};
      }${eachElement}`,
    ),
);

export const clipped = 'clip == 1 ? clamp(perturbed, 0., 1.) : perturbed';

export const scaleAndShift = new Program(
  ['images'],
  { scale: 'float', shift: 'float' },
  `vec4 compute(ivec2 at) {
    return scale * block(images, at.x, at.y) + shift;
  }`,
);

export const addSignedStep = new Program(
  ['images', 'gradients'],
  { epsilon: 'float', clip: 'int' },
  `vec4 compute(ivec2 at) {
    vec4 perturbed = block(images, at.x, at.y) + epsilon * sign(block(gradients, at.x, at.y));
    return ${clipped};
  }`,
);

export const addRandomSigns = new Program(
  ['images'],
  { key: 'ivec2', epsilon: 'float', clip: 'int' },
  `${hash}
  vec4 compute(ivec2 at) {
    vec4 signs = vec4(hashBlock(at) & 1u) * 2. - 1.;
    vec4 perturbed = block(images, at.x, at.y) + epsilon * signs;
    return ${clipped};
  }`,
);

export const addUniformNoise = new Program(
  ['images'],
  { key: 'ivec2', epsilon: 'float', clip: 'int' },
  `${hash}
  vec4 compute(ivec2 at) {
    vec4 uniform_ = vec4(hashBlock(at) >> 8u) / 8388608. - 1.; // 24 bits are exact in a float
    vec4 perturbed = block(images, at.x, at.y) + epsilon * uniform_;
    return ${clipped};
  }`,
);

export const addProjectedStep = new Program(
  ['images', 'current', 'gradients'],
  { stepSize: 'float', epsilon: 'float', clip: 'int' },
  `vec4 compute(ivec2 at) {
    vec4 x = block(images, at.x, at.y);
    vec4 change = block(current, at.x, at.y) - x + stepSize * sign(block(gradients, at.x, at.y));
    vec4 perturbed = x + clamp(change, -epsilon, epsilon);
    return ${clipped};
  }`,
);

export const dropoutMask = new Program(
  [],
  { key: 'ivec2', threshold: 'int', kept: 'float' },
  `${hash}
  vec4 compute(ivec2 at) {
    return kept * vec4(greaterThanEqual(hashBlock(at), uvec4(uint(threshold))));
  }`,
);

export const multiply = new Program(
  ['left', 'right'],
  {},
  'vec4 compute(ivec2 at) { return block(left, at.x, at.y) * block(right, at.x, at.y); }',
);

export const copy = new Program(
  ['source'],
  {},
  'vec4 compute(ivec2 at) { return block(source, at.x, at.y); }',
);

export const zero = new Program([], {}, 'vec4 compute(ivec2 at) { return vec4(0); }');

/** α a + β b, and α a + β b². */
export const combine = memoize(
  (power: 'value' | 'square') =>
    new Program(
      ['left', 'right'],
      { alpha: 'float', beta: 'float' },
      `vec4 compute(ivec2 at) {
        vec4 r = block(right, at.x, at.y);
        return alpha * block(left, at.x, at.y) + beta * ${power === 'square' ? 'r * r' : 'r'};
      }`,
    ),
);

/** The weights times a factor, and the biases, the last row, as they are. */
export const scaleWeights = new Program(
  ['parameters'],
  { factor: 'float' },
  `vec4 compute(ivec2 at) {
    vec2 factors = vec2(at.x == size.x - 1 ? 1. : factor, at.x + 1 == size.x - 1 ? 1. : factor);
    return factors.xxyy * block(parameters, at.x, at.y);
  }`,
);

/** w − η m / (√(s c) + eps): the weight update of RMSprop and Adam. */
export const scaledStep = new Program(
  ['weights', 'direction', 'squares'],
  { rate: 'float', correction: 'float', eps: 'float' },
  `vec4 compute(ivec2 at) {
    vec4 root = sqrt(block(squares, at.x, at.y) * correction) + eps;
    return block(weights, at.x, at.y) - rate * block(direction, at.x, at.y) / root;
  }`,
);
