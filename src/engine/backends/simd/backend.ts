import { copyImage, type ImageSet } from '../../../data/imageSet.ts';
import type { Loss } from '../../../shared/config.ts';
import type { LabError } from '../../../shared/errors.ts';
import { dropThreshold, type HashKey } from '../../../shared/random.ts';
import { type Activation, piecesOf } from '../../activations.ts';
import type { UpdateRule } from '../../optimizers.ts';
import type { Backend, BackendDescription, LayerOutput, Matrix } from '../backend.ts';
import { compileKernels, type KernelBuild, type ReadBytes } from './kernels.ts';
import { SimdMachine } from './machine.ts';
import { addressOf, own, type SimdMatrix } from './matrix.ts';
import type { StartThread } from './threads.ts';

/** Multiply-adds, or elements, below which a call costs less than waking the other threads. */
const worthSharing = { product: 500_000, elements: 100_000 };

/** Codes that the kernels take, as in kernels/activations.ts and kernels/scores.ts. */
const activationCodes = { linear: 0, logistic: 1, tanh: 2, relu: 3 } as const;
const lossCodes: Readonly<Record<Loss, number>> = { bce: 0, ce: 1 };

/** WebAssembly SIMD: this project's own kernels (kernels/), for machines without a fast GPU. */
export class SimdBackend implements Backend {
  readonly #machine: SimdMachine;
  readonly #build: KernelBuild;

  private constructor(machine: SimdMachine, build: KernelBuild) {
    this.#machine = machine;
    this.#build = build;
  }

  get description(): BackendDescription {
    const { threads } = this.#machine;
    const counted = threads === 1 ? '1 thread' : `${threads} threads`;
    return {
      name: 'SIMD',
      device: `WebAssembly, ${this.#build} SIMD, ${counted}`,
      threads,
      isSoftware: false,
      isFloat32: true,
    };
  }

  get lost(): Promise<LabError> {
    return this.#machine.lost;
  }

  /**
   * @param options.build one build alone, for tests
   * @param options.threads threads that compute, the caller included; more than one need
   *   `startThread` and a page that is cross-origin isolated
   * @param options.shareAll share even work that is not worth it, for tests
   * @throws LabError 'engine-unavailable' without WebAssembly SIMD
   */
  static async create(
    readBytes: ReadBytes,
    options: {
      readonly build?: KernelBuild;
      readonly threads?: number;
      readonly startThread?: StartThread;
      readonly shareAll?: boolean;
    } = {},
  ): Promise<SimdBackend> {
    const compiled = await compileKernels(readBytes, options.build);
    const { threads = 1, startThread = null, shareAll = false } = options;
    const machine = new SimdMachine(compiled, startThread, shareAll);
    await machine.useThreads(threads);
    return new SimdBackend(machine, compiled.build);
  }

  useThreads(threads: number): Promise<void> {
    return this.#machine.useThreads(threads);
  }

  upload(values: ArrayLike<number>, rows: number, columns: number): Matrix {
    if (values.length !== rows * columns) {
      throw new Error(`${values.length} values do not fill a matrix of ${rows} × ${columns}.`);
    }
    const matrix = this.#machine.make(rows, columns);
    const floats = this.#machine.floatsOf(matrix).fill(0);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) floats[r * matrix.stride + c] = values[r * columns + c]!;
    }
    return matrix;
  }

  zeros(rows: number, columns: number): Matrix {
    const matrix = this.#machine.make(rows, columns);
    this.#machine.floatsOf(matrix).fill(0);
    return matrix;
  }

  loadImages(set: ImageSet, indices: Uint32Array): Matrix {
    const matrix = this.#machine.make(indices.length, set.features);
    // The bytes go into memory as they are; a kernel makes numbers of them. Rows end as the matrix's.
    const bytes = matrix.count;
    const { memory } = this.#machine;
    const staging = memory.allocate(bytes);
    const target = memory.bytes;
    let to = staging;
    for (const index of indices) {
      copyImage(set, index, target, to);
      to += matrix.stride;
    }
    this.#machine.run(
      matrix.count > worthSharing.elements,
      'scalePixels',
      ...[staging, matrix.stride, matrix.address, matrix.rowBytes, matrix.rows],
    );
    memory.release(staging, bytes);
    return matrix;
  }

  loadLabels({ labels }: ImageSet, indices: Uint32Array): Matrix {
    const matrix = this.#machine.make(indices.length, 1);
    const floats = this.#machine.floatsOf(matrix).fill(0);
    for (let r = 0; r < indices.length; r++) floats[r * matrix.stride] = labels[indices[r]!]!;
    return matrix;
  }

  read(matrix: Matrix): Promise<Float32Array> {
    const { rows, columns, stride } = own(matrix);
    const floats = this.#machine.floatsOf(own(matrix));
    const values = new Float32Array(rows * columns);
    for (let r = 0; r < rows; r++) {
      values.set(floats.subarray(r * stride, r * stride + columns), r * columns);
    }
    return Promise.resolve(values);
  }

  free(...matrices: readonly Matrix[]): void {
    this.#machine.free(matrices);
  }

  scope<T>(compute: (keep: <M extends Matrix>(matrix: M) => M) => T): T {
    return this.#machine.scope(compute);
  }

  forwardLayer(
    input: Matrix,
    parameters: Matrix,
    activation: Activation,
    mask: Matrix | null,
  ): LayerOutput {
    if (activation.type === 'maxout') {
      const linear = this.forwardLayer(input, parameters, { type: 'linear' }, null);
      const z = own(linear.output);
      const { pieces } = activation;
      const output = this.#machine.make(z.rows, z.columns / pieces);
      this.#machine.run(
        false,
        'largestPieces',
        ...[z.address, z.rowBytes, addressOf(mask), output.address, output.rowBytes],
        ...[z.rows, output.columns, pieces],
      );
      return { output, preactivation: z };
    }
    const [x, w] = [own(input), own(parameters)];
    const output = this.#machine.make(x.rows, w.columns);
    const isLarge = x.rows * x.columns * w.columns > worthSharing.product;
    this.#machine.run(
      isLarge,
      'forward',
      ...[x.address, x.rowBytes, w.address, w.rowBytes, addressOf(mask)],
      ...[output.address, output.rowBytes, x.rows, x.columns, w.columns],
      ...[activationCodes[activation.type], ...this.#machine.scratchFor(x.rows, x.columns)],
    );
    return { output, preactivation: null };
  }

  backwardLayer(
    delta: Matrix,
    parametersAbove: Matrix,
    { output, preactivation }: LayerOutput,
    activation: Activation,
    mask: Matrix | null,
  ): Matrix {
    if (activation.type !== 'maxout') {
      const code = activationCodes[activation.type];
      return this.#timesTranspose(delta, parametersAbove, own(output), mask, code);
    }
    const gradient = own(this.inputGradient(delta, parametersAbove));
    const z = own(preactivation!);
    const units = output.columns;
    const routed = this.#machine.make(gradient.rows, units * piecesOf(activation));
    this.#machine.run(
      false,
      'routeToLargestPieces',
      ...[gradient.address, gradient.rowBytes, z.address, z.rowBytes, addressOf(mask)],
      ...[routed.address, gradient.rows, units, activation.pieces],
    );
    return routed;
  }

  inputGradient(delta: Matrix, parameters: Matrix): Matrix {
    return this.#timesTranspose(delta, parameters, null, null, activationCodes.linear);
  }

  /** (δ Wᵀ) ∘ mask ∘ f′(h), W without its row of biases. */
  #timesTranspose(
    delta: Matrix,
    parameters: Matrix,
    h: SimdMatrix | null,
    mask: Matrix | null,
    activationCode: number,
  ): Matrix {
    const [d, w] = [own(delta), own(parameters)];
    const result = this.#machine.make(d.rows, w.rows - 1);
    const isLarge = d.rows * d.columns * result.columns > worthSharing.product;
    this.#machine.run(
      isLarge,
      'backward',
      ...[d.address, d.rowBytes, w.address, w.rowBytes, h?.address ?? 0, addressOf(mask)],
      ...[result.address, result.rowBytes, d.rows, d.columns, result.columns],
      ...[activationCode, ...this.#machine.scratchFor(d.rows, d.columns)],
    );
    return result;
  }

  weightGradient(input: Matrix, delta: Matrix): Matrix {
    const [x, d] = [own(input), own(delta)];
    const gradient = this.#machine.make(x.columns + 1, d.columns);
    const isLarge = x.rows * x.columns * d.columns > worthSharing.product;
    this.#machine.run(
      isLarge,
      'weightGradient',
      ...[x.address, x.rowBytes, d.address, d.rowBytes, gradient.address, gradient.rowBytes],
      ...[x.columns, x.rows, d.columns, ...this.#machine.scratchFor(x.columns, x.rows)],
    );
    return gradient;
  }

  outputDelta(logits: Matrix, labels: Matrix, loss: Loss): Matrix {
    const z = own(logits);
    const delta = this.#machine.make(z.rows, z.columns);
    // The padding enters products, whose result would not change but could become slow to compute.
    this.#machine.floatsOf(delta).fill(0);
    this.#machine.run(
      false,
      'outputDelta',
      ...[z.address, own(labels).address, delta.address, z.rowBytes],
      ...[z.rows, z.columns, lossCodes[loss]],
    );
    return delta;
  }

  blend(alpha: number, a: Matrix, beta: number, b: Matrix): Matrix {
    const [left, right] = [own(a), own(b)];
    const sum = this.#machine.make(left.rows, left.columns);
    const isLarge = left.count > worthSharing.elements;
    const args = [alpha, left.address, beta, right.address, sum.address, left.count];
    this.#machine.run(isLarge, 'blend', ...args);
    return sum;
  }

  scaleAndShift(images: Matrix, scale: number, shift: number): Matrix {
    const x = own(images);
    const result = this.#machine.make(x.rows, x.columns);
    const isLarge = x.count > worthSharing.elements;
    this.#machine.run(isLarge, 'scaleAndShift', x.address, result.address, x.count, scale, shift);
    return result;
  }

  updateParameters(
    rule: UpdateRule,
    parameters: Matrix,
    gradient: Matrix,
    state: readonly Matrix[],
  ): void {
    const { address, count } = own(parameters);
    const g = own(gradient).address;
    const [first = 0, second = 0] = state.map((matrix) => own(matrix).address);
    const rate = rule.learningRate;
    const isLarge = count > worthSharing.elements;
    switch (rule.type) {
      case 'sgd':
        this.#machine.run(isLarge, 'sgd', address, g, count, rate);
        break;
      case 'momentum':
        this.#machine.run(isLarge, 'momentum', address, g, first, count, rate, rule.momentum);
        break;
      case 'rmsprop': {
        const { squaredDecay, stabilizer } = rule;
        const scalars = [rate, squaredDecay, 1 - squaredDecay, stabilizer];
        this.#machine.run(isLarge, 'rmsprop', address, g, first, count, ...scalars);
        break;
      }
      case 'adam': {
        const { beta1, beta2, correction1, correction2, stabilizer } = rule;
        const scalars = [beta1, 1 - beta1, beta2, 1 - beta2, correction2, stabilizer];
        this.#machine.run(
          isLarge,
          'adam',
          address,
          g,
          first,
          second,
          count,
          rate * correction1,
          ...scalars,
        );
        break;
      }
    }
  }

  addSignedStep(images: Matrix, gradient: Matrix, epsilon: number, clip: boolean): Matrix {
    const [x, g] = [own(images), own(gradient)];
    const moved = this.#machine.make(x.rows, x.columns);
    const args = [x.address, g.address, moved.address, x.count, epsilon, Number(clip)];
    this.#machine.run(x.count > worthSharing.elements, 'addSignedStep', ...args);
    return moved;
  }

  addRandomSigns(images: Matrix, key: HashKey, epsilon: number, clip: boolean): Matrix {
    return this.#addNoise('addRandomSigns', images, key, epsilon, clip);
  }

  addUniformNoise(images: Matrix, key: HashKey, epsilon: number, clip: boolean): Matrix {
    return this.#addNoise('addUniformNoise', images, key, epsilon, clip);
  }

  #addNoise(
    name: 'addRandomSigns' | 'addUniformNoise',
    images: Matrix,
    key: HashKey,
    epsilon: number,
    clip: boolean,
  ): Matrix {
    const x = own(images);
    const moved = this.#machine.make(x.rows, x.columns);
    const args = [x.address, moved.address, x.rowBytes, x.rows, x.columns];
    const isLarge = x.count > worthSharing.elements;
    this.#machine.run(isLarge, name, ...args, ...key, epsilon, Number(clip));
    return moved;
  }

  addProjectedStep(
    images: Matrix,
    moved: Matrix,
    gradient: Matrix,
    size: number,
    epsilon: number,
    clip: boolean,
  ): Matrix {
    const x = own(images);
    const next = this.#machine.make(x.rows, x.columns);
    const addresses = [x.address, own(moved).address, own(gradient).address, next.address];
    const isLarge = x.count > worthSharing.elements;
    const scalars = [size, epsilon, Number(clip)];
    this.#machine.run(isLarge, 'addProjectedStep', ...addresses, x.count, ...scalars);
    return next;
  }

  dropoutMask(rows: number, columns: number, rate: number, key: HashKey): Matrix {
    const mask = this.#machine.make(rows, columns);
    const args = [mask.address, mask.rowBytes, rows, columns, ...key];
    const isLarge = rows * columns > worthSharing.elements;
    this.#machine.run(isLarge, 'dropoutMask', ...args, dropThreshold(rate), 1 / (1 - rate));
    return mask;
  }

  applyMask(images: Matrix, mask: Matrix): Matrix {
    const x = own(images);
    const product = this.#machine.make(x.rows, x.columns);
    this.#machine.run(false, 'multiply', x.address, own(mask).address, product.address, x.count);
    return product;
  }

  addScores(scores: Matrix, logits: Matrix, labels: Matrix, loss: Loss, weight = 1): void {
    const z = own(logits);
    this.#machine.run(
      false,
      'addScores',
      ...[own(scores).address, z.address, own(labels).address, z.rowBytes],
      ...[z.rows, z.columns, lossCodes[loss], weight],
    );
  }

  finished(): Promise<void> {
    return Promise.resolve(); // every call has computed when it returns
  }

  memory() {
    const { matrices, memory } = this.#machine;
    return { matrices, bytes: memory.usedBytes };
  }

  dispose(): void {
    this.#machine.dispose();
  }
}
