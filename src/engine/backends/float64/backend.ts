import type { ImageSet } from '../../../data/imageSet.ts';
import type { AttackLoss } from '../../../domain/metrics.ts';
import type { Loss } from '../../../domain/settings/config.ts';
import { dropThreshold, type HashKey, hashAt } from '../../../domain/random.ts';
import { type Activation, piecesOf } from '../../activations.ts';
import type { UpdateRule } from '../../optimizers.ts';
import type { Backend, BackendDescription, LayerOutput, Matrix } from '../backend.ts';
import { MatrixScope } from '../matrixScope.ts';
import {
  activate,
  attackDeltas,
  derivative,
  divergenceAttackDeltas,
  divergenceDeltas,
  sampleDeltas,
  sampleDivergence,
  sampleLoss,
} from './formulas.ts';

class Float64Matrix implements Matrix {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly values = new Float64Array(rows * columns),
  ) {}
}

/**
 * The reference: every operation by its definition, in float64, with plain loops. It is slow, and short enough to
 * check by eye, in one file although it is long. Tests compare the other backends with it, and compare it with golden vectors from PyTorch and with
 * central differences.
 */
export class Float64Backend implements Backend {
  readonly description: BackendDescription = {
    name: 'Reference',
    device: 'JavaScript, float64',
    isSoftware: true,
    isFloat32: false,
  };
  readonly lost = new Promise<never>(() => undefined);
  readonly #scope = new MatrixScope<Float64Matrix>(() => undefined);

  #make(rows: number, columns: number): Float64Matrix {
    return this.#scope.add(new Float64Matrix(rows, columns));
  }

  /** A matrix whose element at (row, column) is at(row, column). */
  #fill(rows: number, columns: number, at: (row: number, column: number) => number) {
    const matrix = this.#make(rows, columns);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) matrix.values[r * columns + c] = at(r, c);
    }
    return matrix;
  }

  upload(values: ArrayLike<number>, rows: number, columns: number): Matrix {
    if (values.length !== rows * columns) {
      throw new Error(`${values.length} values do not fill a matrix of ${rows} × ${columns}.`);
    }
    return this.#fill(rows, columns, (r, c) => values[r * columns + c]!);
  }

  zeros(rows: number, columns: number): Matrix {
    return this.#make(rows, columns);
  }

  loadImages({ pixels, features, pixelOrder }: ImageSet, indices: Uint32Array): Matrix {
    return this.#fill(
      indices.length,
      features,
      (r, c) => pixels[indices[r]! * features + (pixelOrder?.[c] ?? c)]! / 255,
    );
  }

  loadLabels({ labels }: ImageSet, indices: Uint32Array): Matrix {
    return this.#fill(indices.length, 1, (r) => labels[indices[r]!]!);
  }

  read(matrix: Matrix): Promise<Float64Array> {
    return Promise.resolve(asFloat64(matrix).values.slice());
  }

  free(...matrices: readonly Matrix[]): void {
    for (const matrix of matrices) this.#scope.free(asFloat64(matrix));
  }

  scope<T>(compute: (keep: <M extends Matrix>(matrix: M) => M) => T): T {
    return this.#scope.run((keep) =>
      compute((matrix) => {
        keep(asFloat64(matrix));
        return matrix;
      }),
    );
  }

  forwardLayer(
    input: Matrix,
    parameters: Matrix,
    activation: Activation,
    mask: Matrix | null,
  ): LayerOutput {
    const [x, p] = [asFloat64(input), asFloat64(parameters)];
    const z = this.#fill(x.rows, p.columns, (b, c) => {
      let sum = p.values[x.columns * p.columns + c]!;
      for (let k = 0; k < x.columns; k++) {
        sum += x.values[b * x.columns + k]! * p.values[k * p.columns + c]!;
      }
      return sum;
    });
    const pieces = piecesOf(activation);
    const scale = mask && asFloat64(mask).values;
    const units = p.columns / pieces;
    const output = this.#fill(x.rows, units, (b, u) => {
      const from = b * p.columns + u * pieces;
      const h = activate(activation, z.values.subarray(from, from + pieces));
      return h * (scale ? scale[b * units + u]! : 1);
    });
    return { output, preactivation: activation.type === 'maxout' ? z : null };
  }

  backwardLayer(
    delta: Matrix,
    parametersAbove: Matrix,
    { output, preactivation }: LayerOutput,
    activation: Activation,
    mask: Matrix | null,
  ): Matrix {
    const [d, p, h] = [asFloat64(delta), asFloat64(parametersAbove), asFloat64(output)];
    const pieces = piecesOf(activation);
    const z = preactivation && asFloat64(preactivation).values;
    const units = h.columns;
    const gradient = this.#timesTranspose(d, p, units);
    return this.#fill(d.rows, units * pieces, (b, c) => {
      const unit = Math.floor(c / pieces);
      const scale = mask ? asFloat64(mask).values[b * units + unit]! : 1;
      if (scale === 0) return 0;
      const from = b * units * pieces + unit * pieces;
      const slope = derivative(
        activation,
        h.values[b * units + unit]! / scale,
        z?.subarray(from, from + pieces) ?? null,
        c % pieces,
      );
      return gradient.values[b * units + unit]! * scale * slope;
    });
  }

  outputDelta(logits: Matrix, labels: Matrix, loss: Loss): Matrix {
    const [z, y] = [asFloat64(logits), asFloat64(labels)];
    const deltas = Array.from({ length: z.rows }, (_, b) =>
      sampleDeltas(rowOf(z, b), y.values[b]!, loss),
    );
    return this.#fill(z.rows, z.columns, (b, c) => deltas[b]![c]! / z.rows);
  }

  attackDelta(logits: Matrix, labels: Matrix, loss: AttackLoss): Matrix {
    const [z, y] = [asFloat64(logits), asFloat64(labels)];
    const deltas = Array.from({ length: z.rows }, (_, b) =>
      attackDeltas(rowOf(z, b), y.values[b]!, loss),
    );
    return this.#fill(z.rows, z.columns, (b, c) => deltas[b]![c]!);
  }

  divergenceDelta(
    logits: Matrix,
    movedLogits: Matrix,
    loss: Loss,
    at: 'reference' | 'moved',
  ): Matrix {
    const [z, moved] = [asFloat64(logits), asFloat64(movedLogits)];
    const deltas = Array.from({ length: z.rows }, (_, b) =>
      divergenceDeltas(rowOf(z, b), rowOf(moved, b), loss, at),
    );
    return this.#fill(z.rows, z.columns, (b, c) => deltas[b]![c]! / z.rows);
  }

  divergenceAttackDelta(logits: Matrix, movedLogits: Matrix, loss: Loss): Matrix {
    const [z, moved] = [asFloat64(logits), asFloat64(movedLogits)];
    const deltas = Array.from({ length: z.rows }, (_, b) =>
      divergenceAttackDeltas(rowOf(z, b), rowOf(moved, b), loss),
    );
    return this.#fill(z.rows, z.columns, (b, c) => deltas[b]![c]!);
  }

  inputGradient(delta: Matrix, parameters: Matrix): Matrix {
    return this.#timesTranspose(asFloat64(delta), asFloat64(parameters), parameters.rows - 1);
  }

  /** δ Wᵀ without the row of biases: [B, fanIn]. */
  #timesTranspose(d: Float64Matrix, p: Float64Matrix, fanIn: number): Float64Matrix {
    return this.#fill(d.rows, fanIn, (b, i) => {
      let sum = 0;
      for (let j = 0; j < d.columns; j++) {
        sum += d.values[b * d.columns + j]! * p.values[i * d.columns + j]!;
      }
      return sum;
    });
  }

  weightGradient(input: Matrix, delta: Matrix): Matrix {
    const [x, d] = [asFloat64(input), asFloat64(delta)];
    return this.#fill(x.columns + 1, d.columns, (i, j) => {
      let sum = 0;
      for (let b = 0; b < x.rows; b++) {
        const xi = i < x.columns ? x.values[b * x.columns + i]! : 1;
        sum += xi * d.values[b * d.columns + j]!;
      }
      return sum;
    });
  }

  blend(alpha: number, a: Matrix, beta: number, b: Matrix): Matrix {
    const [left, right] = [asFloat64(a), asFloat64(b)];
    return this.#fill(left.rows, left.columns, (r, c) => {
      const i = r * left.columns + c;
      return alpha * left.values[i]! + beta * right.values[i]!;
    });
  }

  scaleAndShift(images: Matrix, scale: number, shift: number): Matrix {
    const { rows, columns, values } = asFloat64(images);
    return this.#fill(rows, columns, (r, c) => scale * values[r * columns + c]! + shift);
  }

  updateParameters(
    rule: UpdateRule,
    parameters: Matrix,
    gradient: Matrix,
    state: readonly Matrix[],
  ): void {
    const [w, g] = [asFloat64(parameters).values, asFloat64(gradient).values];
    const first = state[0] && asFloat64(state[0]).values;
    const second = state[1] && asFloat64(state[1]).values;
    for (let i = 0; i < w.length; i++) {
      switch (rule.type) {
        case 'sgd':
          w[i]! -= rule.learningRate * g[i]!;
          break;
        case 'momentum':
          first![i] = rule.momentum * first![i]! + g[i]!;
          w[i]! -= rule.learningRate * first![i]!;
          break;
        case 'rmsprop':
          first![i] = rule.squaredDecay * first![i]! + (1 - rule.squaredDecay) * g[i]! ** 2;
          w[i]! -= (rule.learningRate * g[i]!) / (Math.sqrt(first![i]!) + rule.eps);
          break;
        case 'adam': {
          first![i] = rule.beta1 * first![i]! + (1 - rule.beta1) * g[i]!;
          second![i] = rule.beta2 * second![i]! + (1 - rule.beta2) * g[i]! ** 2;
          const root = Math.sqrt(second![i]! * rule.correction2) + rule.eps;
          w[i]! -= (rule.learningRate * first![i]! * rule.correction1) / root;
          break;
        }
      }
    }
  }

  scaleWeights(parameters: Matrix, factor: number): void {
    const { rows, columns, values } = asFloat64(parameters);
    for (let i = 0; i < (rows - 1) * columns; i++) values[i]! *= factor;
  }

  addSignedStep(images: Matrix, gradient: Matrix, epsilon: number, clip: boolean): Matrix {
    const g = asFloat64(gradient).values;
    return this.#perturb(images, clip, (i) => epsilon * Math.sign(g[i]!));
  }

  addRandomSigns(images: Matrix, key: HashKey, epsilon: number, clip: boolean): Matrix {
    return this.#perturb(images, clip, (i) => ((hashAt(key, i) & 1) === 0 ? -epsilon : epsilon));
  }

  addUniformNoise(images: Matrix, key: HashKey, epsilon: number, clip: boolean): Matrix {
    return this.#perturb(images, clip, (i) => epsilon * ((hashAt(key, i) >>> 8) / 2 ** 23 - 1));
  }

  addProjectedStep(
    images: Matrix,
    current: Matrix,
    gradient: Matrix,
    size: number,
    epsilon: number,
    clip: boolean,
  ): Matrix {
    const [x, from, g] = [
      asFloat64(images).values,
      asFloat64(current).values,
      asFloat64(gradient).values,
    ];
    return this.#perturb(images, clip, (i) => {
      const change = from[i]! - x[i]! + size * Math.sign(g[i]!);
      return Math.min(epsilon, Math.max(-epsilon, change));
    });
  }

  addNormalizedStep(
    images: Matrix,
    current: Matrix,
    gradient: Matrix,
    size: number,
    epsilon: number,
    clip: boolean,
  ): Matrix {
    const [x, from, g] = [asFloat64(images), asFloat64(current), asFloat64(gradient)];
    const changes = Array.from({ length: x.rows }, (_, b) => {
      const [image, start, slope] = [rowOf(x, b), rowOf(from, b), rowOf(g, b)];
      const steepness = Math.hypot(...slope);
      const scale = steepness > 0 ? size / steepness : 0;
      const change = start.map((value, i) => value - image[i]! + scale * slope[i]!);
      const length = Math.hypot(...change);
      return length > epsilon ? change.map((value) => (value * epsilon) / length) : change;
    });
    return this.#perturb(images, clip, (i) => changes[Math.floor(i / x.columns)]![i % x.columns]!);
  }

  #perturb(images: Matrix, clip: boolean, perturbation: (index: number) => number): Matrix {
    const x = asFloat64(images);
    return this.#fill(x.rows, x.columns, (r, c) => {
      const i = r * x.columns + c;
      const perturbed = x.values[i]! + perturbation(i);
      return clip ? Math.min(1, Math.max(0, perturbed)) : perturbed;
    });
  }

  dropoutMask(rows: number, columns: number, rate: number, key: HashKey): Matrix {
    const threshold = dropThreshold(rate);
    return this.#fill(rows, columns, (r, c) =>
      hashAt(key, r * columns + c) < threshold ? 0 : 1 / (1 - rate),
    );
  }

  applyMask(images: Matrix, mask: Matrix): Matrix {
    const [x, m] = [asFloat64(images), asFloat64(mask)];
    return this.#fill(x.rows, x.columns, (r, c) => {
      const i = r * x.columns + c;
      return x.values[i]! * m.values[i]!;
    });
  }

  addScores(scores: Matrix, logits: Matrix, labels: Matrix, loss: Loss, weight = 1): void {
    const [s, z, y] = [asFloat64(scores), asFloat64(logits), asFloat64(labels)];
    for (let b = 0; b < z.rows; b++) {
      const row = rowOf(z, b);
      s.values[2 * b]! += weight * sampleLoss(row, y.values[b]!, loss);
      s.values[2 * b + 1]! += row.indexOf(Math.max(...row)) === y.values[b] ? 0 : weight;
    }
  }

  addDivergence(
    scores: Matrix,
    logits: Matrix,
    movedLogits: Matrix,
    loss: Loss,
    weight: number,
  ): void {
    const [s, z, moved] = [asFloat64(scores), asFloat64(logits), asFloat64(movedLogits)];
    for (let b = 0; b < z.rows; b++) {
      s.values[2 * b]! += weight * sampleDivergence(rowOf(z, b), rowOf(moved, b), loss);
    }
  }

  finished(): Promise<void> {
    return Promise.resolve();
  }

  useThreads(): Promise<void> {
    return Promise.resolve();
  }

  memory() {
    let bytes = 0;
    for (const { values } of this.#scope.alive()) bytes += values.byteLength;
    return { matrices: this.#scope.count, bytes };
  }

  dispose(): void {
    // The garbage collector frees the memory.
  }
}

function rowOf({ values, columns }: Float64Matrix, row: number): Float64Array {
  return values.subarray(row * columns, (row + 1) * columns);
}

function asFloat64(matrix: Matrix): Float64Matrix {
  if (!(matrix instanceof Float64Matrix))
    throw new Error('This matrix belongs to another backend.');
  return matrix;
}
