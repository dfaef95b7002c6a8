import { copyImage, type ImageSet } from '../../../data/imageSet.ts';
import type { AttackLoss } from '../../../domain/metrics.ts';
import type { Loss } from '../../../domain/settings/config.ts';
import type { LabError } from '../../../domain/errors.ts';
import { dropThreshold, type HashKey } from '../../../domain/random.ts';
import { type Activation, piecesOf } from '../../activations.ts';
import type { UpdateRule } from '../../optimizers.ts';
import type { Backend, BackendDescription, LayerOutput, Matrix } from '../backend.ts';
import { compileKernels, type KernelBuild, type ReadBytes } from './kernels.ts';
import { SimdMachine } from './machine.ts';
import { addressOf, asSimd, type SimdMatrix } from './matrix.ts';
import type { StartThread } from './threads.ts';

/** A call with fewer multiply-adds or elements than this takes less time than waking the other threads. */
const minSharedWork = { product: 500_000, elements: 100_000 };

/** The codes of the kernels; must match kernels/activations.ts and kernels/scores.ts. */
const activationCodes = { linear: 0, logistic: 1, tanh: 2, relu: 3 } as const;
const lossCodes: Readonly<Record<Loss, number>> = { bce: 0, ce: 1 };

/**
 * WebAssembly SIMD with this project's own kernels (kernels/), for machines without a fast GPU. One method per operation
 * of `Backend`, hence the file's length.
 */
export class SimdBackend implements Backend {
  readonly #machine: SimdMachine;
  readonly #build: KernelBuild;
  /** An argument of the products: 1 or 0. */
  readonly #skipZeros: number;

  private constructor(machine: SimdMachine, build: KernelBuild, skipZeros: boolean) {
    this.#machine = machine;
    this.#build = build;
    this.#skipZeros = Number(skipZeros);
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
   * @param options.build use this build only, for tests
   * @param options.threads number of threads, the caller included; more than one requires `startThread` and
   *   memory that workers can share
   * @param options.shareAll share all work among the threads, however small, for tests
   * @param options.skipZeros whether products skip the zeros of images and hidden units, which does not change their
   *   results; false for comparisons
   * @throws LabError 'engine-unavailable' without WebAssembly SIMD
   */
  static async create(
    readBytes: ReadBytes,
    options: {
      readonly build?: KernelBuild;
      readonly threads?: number;
      readonly startThread?: StartThread;
      readonly shareAll?: boolean;
      readonly skipZeros?: boolean;
    } = {},
  ): Promise<SimdBackend> {
    const compiled = await compileKernels(readBytes, options.build);
    const { threads = 1, startThread = null, shareAll = false, skipZeros = true } = options;
    const machine = new SimdMachine(compiled, startThread, shareAll);
    await machine.useThreads(threads);
    return new SimdBackend(machine, compiled.build, skipZeros);
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
    // The bytes are copied into memory with the matrix's stride, and a kernel converts them to floats.
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
      matrix.count > minSharedWork.elements,
      'scalePixels',
      staging,
      matrix.stride,
      ...matrix.location,
      matrix.rows,
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
    const { rows, columns, stride } = asSimd(matrix);
    const floats = this.#machine.floatsOf(asSimd(matrix));
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
      const z = asSimd(linear.output);
      const { pieces } = activation;
      const output = this.#machine.make(z.rows, z.columns / pieces);
      this.#machine.run(
        false,
        'largestPieces',
        ...z.location,
        addressOf(mask),
        ...output.location,
        z.rows,
        output.columns,
        pieces,
      );
      return { output, preactivation: z };
    }
    const [x, w] = [asSimd(input), asSimd(parameters)];
    const output = this.#machine.make(x.rows, w.columns);
    const isLarge = x.rows * x.columns * w.columns > minSharedWork.product;
    this.#machine.run(
      isLarge,
      'forward',
      ...x.location,
      ...w.location,
      addressOf(mask),
      ...output.location,
      x.rows,
      x.columns,
      w.columns,
      activationCodes[activation.type],
      this.#skipZeros,
      ...this.#machine.scratchFor(x.rows, x.columns),
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
      return this.#timesTranspose(delta, parametersAbove, asSimd(output), mask, code);
    }
    const gradient = asSimd(this.inputGradient(delta, parametersAbove));
    const z = asSimd(preactivation!);
    const units = output.columns;
    const routed = this.#machine.make(gradient.rows, units * piecesOf(activation));
    this.#machine.run(
      false,
      'routeToLargestPieces',
      ...gradient.location,
      ...z.location,
      addressOf(mask),
      routed.address,
      gradient.rows,
      units,
      activation.pieces,
    );
    return routed;
  }

  inputGradient(delta: Matrix, parameters: Matrix): Matrix {
    return this.#timesTranspose(delta, parameters, null, null, activationCodes.linear);
  }

  /** (δ Wᵀ) ∘ mask ∘ f′(h), where W is the parameters without the row of biases. */
  #timesTranspose(
    delta: Matrix,
    parameters: Matrix,
    h: SimdMatrix | null,
    mask: Matrix | null,
    activationCode: number,
  ): Matrix {
    const [d, w] = [asSimd(delta), asSimd(parameters)];
    const result = this.#machine.make(d.rows, w.rows - 1);
    const isLarge = d.rows * d.columns * result.columns > minSharedWork.product;
    this.#machine.run(
      isLarge,
      'backward',
      ...d.location,
      ...w.location,
      addressOf(h),
      addressOf(mask),
      ...result.location,
      d.rows,
      d.columns,
      result.columns,
      activationCode,
      this.#skipZeros,
      ...this.#machine.scratchFor(d.rows, d.columns),
    );
    return result;
  }

  weightGradient(input: Matrix, delta: Matrix): Matrix {
    const [x, d] = [asSimd(input), asSimd(delta)];
    const gradient = this.#machine.make(x.columns + 1, d.columns);
    const isLarge = x.rows * x.columns * d.columns > minSharedWork.product;
    this.#machine.run(
      isLarge,
      'weightGradient',
      ...x.location,
      ...d.location,
      ...gradient.location,
      x.columns,
      x.rows,
      d.columns,
      this.#skipZeros,
      ...this.#machine.scratchFor(x.columns, x.rows),
    );
    return gradient;
  }

  outputDelta(logits: Matrix, labels: Matrix, loss: Loss): Matrix {
    return this.#deltaOf('outputDelta', logits, labels, lossCodes[loss]);
  }

  attackDelta(logits: Matrix, labels: Matrix, loss: AttackLoss): Matrix {
    // Cross-entropy and margin loss have the same scaled delta.
    return this.#deltaOf('attackDelta', logits, labels, lossCodes[loss === 'bce' ? 'bce' : 'ce']);
  }

  #deltaOf(
    kernel: 'outputDelta' | 'attackDelta' | 'divergenceDelta' | 'divergenceAttackDelta',
    logits: Matrix,
    other: Matrix,
    ...codes: readonly number[]
  ): Matrix {
    const z = asSimd(logits);
    const delta = this.#machine.make(z.rows, z.columns);
    // The padding takes part in products. It does not change them, but denormal floats in it would slow them down.
    this.#machine.floatsOf(delta).fill(0);
    this.#machine.run(
      false,
      kernel,
      z.address,
      asSimd(other).address,
      delta.address,
      z.rowBytes,
      z.rows,
      z.columns,
      ...codes,
    );
    return delta;
  }

  divergenceDelta(
    logits: Matrix,
    movedLogits: Matrix,
    loss: Loss,
    at: 'reference' | 'moved',
  ): Matrix {
    const side = at === 'reference' ? 0 : 1;
    return this.#deltaOf('divergenceDelta', logits, movedLogits, lossCodes[loss], side);
  }

  divergenceAttackDelta(logits: Matrix, movedLogits: Matrix, loss: Loss): Matrix {
    return this.#deltaOf('divergenceAttackDelta', logits, movedLogits, lossCodes[loss]);
  }

  blend(alpha: number, a: Matrix, beta: number, b: Matrix): Matrix {
    const [left, right] = [asSimd(a), asSimd(b)];
    const sum = this.#machine.make(left.rows, left.columns);
    const isLarge = left.count > minSharedWork.elements;
    const args = [alpha, left.address, beta, right.address, sum.address, left.count];
    this.#machine.run(isLarge, 'blend', ...args);
    return sum;
  }

  scaleAndShift(images: Matrix, scale: number, shift: number): Matrix {
    const x = asSimd(images);
    const result = this.#machine.make(x.rows, x.columns);
    const isLarge = x.count > minSharedWork.elements;
    this.#machine.run(isLarge, 'scaleAndShift', x.address, result.address, x.count, scale, shift);
    return result;
  }

  updateParameters(
    rule: UpdateRule,
    parameters: Matrix,
    gradient: Matrix,
    state: readonly Matrix[],
  ): void {
    const { address, count } = asSimd(parameters);
    const g = asSimd(gradient).address;
    const [first = 0, second = 0] = state.map((matrix) => asSimd(matrix).address);
    const rate = rule.learningRate;
    const isLarge = count > minSharedWork.elements;
    switch (rule.type) {
      case 'sgd':
        this.#machine.run(isLarge, 'sgd', address, g, count, rate);
        break;
      case 'momentum':
        this.#machine.run(isLarge, 'momentum', address, g, first, count, rate, rule.momentum);
        break;
      case 'rmsprop': {
        const { squaredDecay, eps } = rule;
        const scalars = [rate, squaredDecay, 1 - squaredDecay, eps];
        this.#machine.run(isLarge, 'rmsprop', address, g, first, count, ...scalars);
        break;
      }
      case 'adam': {
        const { beta1, beta2, correction1, correction2, eps } = rule;
        const scalars = [beta1, 1 - beta1, beta2, 1 - beta2, correction2, eps];
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

  scaleWeights(parameters: Matrix, factor: number): void {
    const { address, rows, stride } = asSimd(parameters);
    const count = (rows - 1) * stride;
    const isLarge = count > minSharedWork.elements;
    this.#machine.run(isLarge, 'scaleAndShift', address, address, count, factor, 0);
  }

  addSignedStep(images: Matrix, gradient: Matrix, epsilon: number, clip: boolean): Matrix {
    const [x, g] = [asSimd(images), asSimd(gradient)];
    const result = this.#machine.make(x.rows, x.columns);
    const args = [x.address, g.address, result.address, x.count, epsilon, Number(clip)];
    this.#machine.run(x.count > minSharedWork.elements, 'addSignedStep', ...args);
    return result;
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
    const x = asSimd(images);
    const result = this.#machine.make(x.rows, x.columns);
    const args = [x.address, result.address, x.rowBytes, x.rows, x.columns];
    const isLarge = x.count > minSharedWork.elements;
    this.#machine.run(isLarge, name, ...args, ...key, epsilon, Number(clip));
    return result;
  }

  addProjectedStep(
    images: Matrix,
    current: Matrix,
    gradient: Matrix,
    size: number,
    epsilon: number,
    clip: boolean,
  ): Matrix {
    const x = asSimd(images);
    const next = this.#machine.make(x.rows, x.columns);
    const addresses = [x.address, asSimd(current).address, asSimd(gradient).address, next.address];
    const isLarge = x.count > minSharedWork.elements;
    const scalars = [size, epsilon, Number(clip)];
    this.#machine.run(isLarge, 'addProjectedStep', ...addresses, x.count, ...scalars);
    return next;
  }

  addNormalizedStep(
    images: Matrix,
    current: Matrix,
    gradient: Matrix,
    size: number,
    epsilon: number,
    clip: boolean,
  ): Matrix {
    const x = asSimd(images);
    const next = this.#machine.make(x.rows, x.columns);
    const addresses = [x.address, asSimd(current).address, asSimd(gradient).address, next.address];
    const isLarge = x.count > minSharedWork.elements;
    const shape = [x.rowBytes, x.rows, x.columns];
    const scalars = [size, epsilon, Number(clip)];
    this.#machine.run(isLarge, 'addNormalizedStep', ...addresses, ...shape, ...scalars);
    return next;
  }

  dropoutMask(rows: number, columns: number, rate: number, key: HashKey): Matrix {
    const mask = this.#machine.make(rows, columns);
    const args = [mask.address, mask.rowBytes, rows, columns, ...key];
    const isLarge = rows * columns > minSharedWork.elements;
    this.#machine.run(isLarge, 'dropoutMask', ...args, dropThreshold(rate), 1 / (1 - rate));
    return mask;
  }

  applyMask(images: Matrix, mask: Matrix): Matrix {
    const x = asSimd(images);
    const product = this.#machine.make(x.rows, x.columns);
    this.#machine.run(false, 'multiply', x.address, asSimd(mask).address, product.address, x.count);
    return product;
  }

  addScores(scores: Matrix, logits: Matrix, labels: Matrix, loss: Loss, weight = 1): void {
    const z = asSimd(logits);
    this.#machine.run(
      false,
      'addScores',
      asSimd(scores).address,
      z.address,
      asSimd(labels).address,
      z.rowBytes,
      z.rows,
      z.columns,
      lossCodes[loss],
      weight,
    );
  }

  addDivergence(
    scores: Matrix,
    logits: Matrix,
    movedLogits: Matrix,
    loss: Loss,
    weight: number,
  ): void {
    const z = asSimd(logits);
    const addresses = [asSimd(scores).address, z.address, asSimd(movedLogits).address];
    const shape = [z.rowBytes, z.rows, z.columns];
    this.#machine.run(false, 'addDivergence', ...addresses, ...shape, lossCodes[loss], weight);
  }

  finished(): Promise<void> {
    return Promise.resolve(); // every call computes before it returns
  }

  memory() {
    const { matrices, memory } = this.#machine;
    return { matrices, bytes: memory.usedBytes };
  }

  dispose(): void {
    this.#machine.dispose();
  }
}
