import type { ImageSet } from '../../../data/imageSet.ts';
import type { Loss } from '../../../shared/config.ts';
import { LabError } from '../../../shared/errors.ts';
import { dropThreshold, type HashKey } from '../../../shared/random.ts';
import { type Activation, piecesOf } from '../../activations.ts';
import type { UpdateRule } from '../../optimizers.ts';
import type { Backend, BackendDescription, LayerOutput, Matrix } from '../backend.ts';
import { MatrixScope } from '../matrixScope.ts';
import {
  type CompiledKernels,
  compileKernels,
  instantiateKernels,
  type Kernel,
  type KernelBuild,
  type KernelName,
  type ReadBytes,
} from './kernels.ts';
import { KernelMemory } from './memory.ts';
import { type StartThread, ThreadPool } from './threads.ts';

/** A tile of a product is 6 × 8 floats; matrices are padded to whole tiles. */
const tileRows = 6;
const tileColumns = 8;
/** Depth of a block of a product, as in kernels/gemm.ts. */
const blockDepth = 256;

/** Multiply-adds, or elements, below which a call costs less than waking the other threads. */
const worthSharing = { product: 500_000, elements: 40_000 };

/** Codes that the kernels take, as in kernels/activations.ts and kernels/scores.ts. */
const activationCodes = { linear: 0, logistic: 1, tanh: 2, relu: 3 } as const;
const lossCodes: Readonly<Record<Loss, number>> = { bce: 0, ce: 1 };

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** A matrix in the kernels' memory: rows of `stride` floats, padded to whole tiles. */
class SimdMatrix implements Matrix {
  readonly stride: number;
  readonly bytes: number;

  constructor(
    readonly address: number,
    readonly rows: number,
    readonly columns: number,
  ) {
    this.stride = roundUp(columns, tileColumns);
    this.bytes = SimdMatrix.bytesFor(rows, columns);
  }

  static bytesFor(rows: number, columns: number): number {
    return roundUp(rows, tileRows) * roundUp(columns, tileColumns) * 4;
  }

  /** Bytes from one row to the next. */
  get rowBytes(): number {
    return this.stride * 4;
  }

  /** Floats of all rows, their padding included. */
  get count(): number {
    return this.rows * this.stride;
  }
}

/** i / 255 in float32, for every byte. */
const pixelValues = Float32Array.from({ length: 256 }, (_, i) => i / 255);

/** WebAssembly SIMD: this project's own kernels (kernels/), for machines without a fast GPU. */
export class SimdBackend implements Backend {
  readonly description: BackendDescription;
  readonly lost: Promise<LabError>;
  readonly #memory: KernelMemory;
  readonly #kernels: Readonly<Record<KernelName, Kernel>>;
  readonly #scope = new MatrixScope<SimdMatrix>((matrix) =>
    this.#memory.release(matrix.address, matrix.bytes),
  );
  #scratch = { address: 0, bytes: 0 };

  readonly #pool: ThreadPool | null;
  readonly #shareAll: boolean;

  private constructor(
    { module, build }: CompiledKernels,
    memory: KernelMemory,
    pool: ThreadPool | null,
    shareAll: boolean,
  ) {
    this.#shareAll = shareAll;
    this.#memory = memory;
    this.#pool = pool;
    this.lost = pool?.broken ?? new Promise<never>(() => undefined);
    this.#kernels = instantiateKernels(module, memory.memory);
    const threads = pool ? `${pool.parts} threads` : '1 thread';
    this.description = {
      name: 'SIMD',
      device: `WebAssembly, ${build} SIMD, ${threads}`,
      isSoftware: false,
      isFloat32: true,
    };
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
    const memory = new KernelMemory();
    const { threads = 1, startThread } = options;
    let pool: ThreadPool | null = null;
    if (threads > 1 && startThread) {
      pool = await ThreadPool.start(threads, compiled.module, memory.memory, startThread);
    }
    return new SimdBackend(compiled, memory, pool, options.shareAll ?? false);
  }

  /** Runs a kernel in this thread alone. */
  #call(name: KernelName, ...args: number[]): void {
    this.#kernels[name](0, 1, ...args);
  }

  /** Runs a kernel in all threads if the work is worth it. */
  #share(isWorthIt: boolean, name: KernelName, ...args: number[]): void {
    const pool = this.#pool;
    if (!pool || !(isWorthIt || this.#shareAll)) this.#call(name, ...args);
    else pool.call(name, args, () => this.#kernels[name](0, pool.parts, ...args));
  }

  #make(rows: number, columns: number): SimdMatrix {
    const address = this.#memory.allocate(SimdMatrix.bytesFor(rows, columns));
    return this.#scope.add(new SimdMatrix(address, rows, columns));
  }

  /**
   * Scratch for a product of `rows` × `depth` with anything: a packed panel and the packed block, for
   * each thread. @returns its address and the bytes of one thread
   */
  #scratchFor(rows: number, depth: number): [number, number] {
    const block = roundUp(rows, tileRows) * Math.min(depth, blockDepth);
    const bytesEach = (blockDepth * tileColumns + block) * 4;
    const bytes = bytesEach * (this.#pool?.parts ?? 1);
    if (this.#scratch.bytes < bytes) {
      this.#releaseScratch();
      this.#scratch = { address: this.#memory.allocate(bytes), bytes };
    }
    return [this.#scratch.address, bytesEach];
  }

  #releaseScratch(): void {
    const { address, bytes } = this.#scratch;
    this.#scratch = { address: 0, bytes: 0 };
    if (bytes > 0) this.#memory.release(address, bytes);
  }

  /** The floats of a matrix and its padding; a view that must not be kept. */
  #floats({ address, bytes }: SimdMatrix): Float32Array {
    return this.#memory.floats.subarray(address / 4, (address + bytes) / 4);
  }

  upload(values: ArrayLike<number>, rows: number, columns: number): Matrix {
    if (values.length !== rows * columns) {
      throw new Error(`${values.length} values do not fill a matrix of ${rows} × ${columns}.`);
    }
    const matrix = this.#make(rows, columns);
    const floats = this.#floats(matrix).fill(0);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) floats[r * matrix.stride + c] = values[r * columns + c]!;
    }
    return matrix;
  }

  zeros(rows: number, columns: number): Matrix {
    const matrix = this.#make(rows, columns);
    this.#floats(matrix).fill(0);
    return matrix;
  }

  loadImages({ pixels, features }: ImageSet, indices: Uint32Array): Matrix {
    const matrix = this.#make(indices.length, features);
    const floats = this.#floats(matrix);
    let to = 0;
    for (const index of indices) {
      const from = index * features;
      for (let i = 0; i < features; i++) floats[to + i] = pixelValues[pixels[from + i]!]!;
      to += matrix.stride;
    }
    return matrix;
  }

  loadLabels({ labels }: ImageSet, indices: Uint32Array): Matrix {
    return this.upload(
      Float32Array.from(indices, (i) => labels[i]!),
      indices.length,
      1,
    );
  }

  read(matrix: Matrix): Promise<Float32Array> {
    const { rows, columns, stride } = own(matrix);
    const floats = this.#floats(own(matrix));
    const values = new Float32Array(rows * columns);
    for (let r = 0; r < rows; r++) {
      values.set(floats.subarray(r * stride, r * stride + columns), r * columns);
    }
    return Promise.resolve(values);
  }

  free(...matrices: readonly Matrix[]): void {
    for (const matrix of matrices) this.#scope.free(own(matrix));
    if (this.#scope.count === 0) this.#releaseScratch(); // the last network is gone
  }

  scope<T>(compute: (keep: <M extends Matrix>(matrix: M) => M) => T): T {
    return this.#scope.run((keep) =>
      compute((matrix) => {
        keep(own(matrix));
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
    if (activation.type === 'maxout') {
      const linear = this.forwardLayer(input, parameters, { type: 'linear' }, null);
      const z = own(linear.output);
      const { pieces } = activation;
      const output = this.#make(z.rows, z.columns / pieces);
      this.#share(
        false,
        'largestPieces',
        ...[z.address, z.rowBytes, addressOf(mask), output.address, output.rowBytes],
        ...[z.rows, output.columns, pieces],
      );
      return { output, preactivation: z };
    }
    const [x, w] = [own(input), own(parameters)];
    const output = this.#make(x.rows, w.columns);
    const isLarge = x.rows * x.columns * w.columns > worthSharing.product;
    this.#share(
      isLarge,
      'forward',
      ...[x.address, x.rowBytes, w.address, w.rowBytes, addressOf(mask)],
      ...[output.address, output.rowBytes, x.rows, x.columns, w.columns],
      ...[activationCodes[activation.type], ...this.#scratchFor(x.rows, x.columns)],
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
    const routed = this.#make(gradient.rows, units * piecesOf(activation));
    this.#share(
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
    const result = this.#make(d.rows, w.rows - 1);
    const isLarge = d.rows * d.columns * result.columns > worthSharing.product;
    this.#share(
      isLarge,
      'backward',
      ...[d.address, d.rowBytes, w.address, w.rowBytes, h?.address ?? 0, addressOf(mask)],
      ...[result.address, result.rowBytes, d.rows, d.columns, result.columns],
      ...[activationCode, ...this.#scratchFor(d.rows, d.columns)],
    );
    return result;
  }

  weightGradient(input: Matrix, delta: Matrix): Matrix {
    const [x, d] = [own(input), own(delta)];
    const gradient = this.#make(x.columns + 1, d.columns);
    const isLarge = x.rows * x.columns * d.columns > worthSharing.product;
    this.#share(
      isLarge,
      'weightGradient',
      ...[x.address, x.rowBytes, d.address, d.rowBytes, gradient.address, gradient.rowBytes],
      ...[x.columns, x.rows, d.columns, ...this.#scratchFor(x.columns, x.rows)],
    );
    return gradient;
  }

  outputDelta(logits: Matrix, labels: Matrix, loss: Loss): Matrix {
    const z = own(logits);
    const delta = this.#make(z.rows, z.columns);
    // The padding enters products, whose result would not change but could become slow to compute.
    this.#floats(delta).fill(0);
    this.#share(
      false,
      'outputDelta',
      ...[z.address, own(labels).address, delta.address, z.rowBytes],
      ...[z.rows, z.columns, lossCodes[loss]],
    );
    return delta;
  }

  blend(alpha: number, a: Matrix, beta: number, b: Matrix): Matrix {
    const [left, right] = [own(a), own(b)];
    const sum = this.#make(left.rows, left.columns);
    const isLarge = left.count > worthSharing.elements;
    const args = [alpha, left.address, beta, right.address, sum.address, left.count];
    this.#share(isLarge, 'blend', ...args);
    return sum;
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
        this.#share(isLarge, 'sgd', address, g, count, rate);
        break;
      case 'momentum':
        this.#share(isLarge, 'momentum', address, g, first, count, rate, rule.momentum);
        break;
      case 'rmsprop': {
        const { squaredDecay, stabilizer } = rule;
        const scalars = [rate, squaredDecay, 1 - squaredDecay, stabilizer];
        this.#share(isLarge, 'rmsprop', address, g, first, count, ...scalars);
        break;
      }
      case 'adam': {
        const { beta1, beta2, correction1, correction2, stabilizer } = rule;
        const scalars = [beta1, 1 - beta1, beta2, 1 - beta2, correction2, stabilizer];
        this.#share(
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
    const moved = this.#make(x.rows, x.columns);
    const args = [x.address, g.address, moved.address, x.count, epsilon, Number(clip)];
    this.#share(x.count > worthSharing.elements, 'addSignedStep', ...args);
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
    const moved = this.#make(x.rows, x.columns);
    const args = [x.address, moved.address, x.rowBytes, x.rows, x.columns];
    const isLarge = x.count > worthSharing.elements;
    this.#share(isLarge, name, ...args, ...key, epsilon, Number(clip));
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
    const next = this.#make(x.rows, x.columns);
    const addresses = [x.address, own(moved).address, own(gradient).address, next.address];
    const isLarge = x.count > worthSharing.elements;
    const scalars = [size, epsilon, Number(clip)];
    this.#share(isLarge, 'addProjectedStep', ...addresses, x.count, ...scalars);
    return next;
  }

  dropoutMask(rows: number, columns: number, rate: number, key: HashKey): Matrix {
    const mask = this.#make(rows, columns);
    const args = [mask.address, mask.rowBytes, rows, columns, ...key];
    const isLarge = rows * columns > worthSharing.elements;
    this.#share(isLarge, 'dropoutMask', ...args, dropThreshold(rate), 1 / (1 - rate));
    return mask;
  }

  applyMask(images: Matrix, mask: Matrix): Matrix {
    const x = own(images);
    const product = this.#make(x.rows, x.columns);
    this.#share(false, 'multiply', x.address, own(mask).address, product.address, x.count);
    return product;
  }

  addScores(scores: Matrix, logits: Matrix, labels: Matrix, loss: Loss, weight = 1): void {
    const z = own(logits);
    this.#share(
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
    return { matrices: this.#scope.count, bytes: this.#memory.usedBytes };
  }

  dispose(): void {
    this.#pool?.dispose(); // the garbage collector frees the memory with the backend
  }
}

function addressOf(matrix: Matrix | null): number {
  return matrix ? own(matrix).address : 0;
}

function own(matrix: Matrix): SimdMatrix {
  if (!(matrix instanceof SimdMatrix)) {
    throw new LabError('internal', 'This matrix is of another backend.', 'Reload the page.');
  }
  return matrix;
}
