import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { copyImage, type ImageSet } from '../../../data/imageSet.ts';
import type { AttackLoss } from '../../../domain/metrics.ts';
import type { Loss } from '../../../domain/settings/config.ts';
import { LabError } from '../../../domain/errors.ts';
import { dropThreshold, type HashKey } from '../../../domain/random.ts';
import { type Activation, piecesOf } from '../../activations.ts';
import type { UpdateRule } from '../../optimizers.ts';
import type { Backend, BackendDescription, LayerOutput, Matrix } from '../backend.ts';
import { MatrixScope } from '../matrixScope.ts';
import { describeWebGL, releaseContext, requireFloat32WebGL2 } from './device.ts';
import { contextLost, Fence } from './fence.ts';
import * as divergence from './divergence.ts';
import * as norms from './norms.ts';
import * as programs from './programs.ts';
import * as scoring from './scores.ts';

/** A texture of 2 × 2 blocks. Textures are never written in place: an update makes a new one. */
class WebGLMatrix implements Matrix {
  constructor(
    public tensor: Tensor,
    readonly rows: number,
    readonly columns: number,
  ) {}
}

/**
 * WebGL 2: TensorFlow.js's textures and shader cache with this project's own fused programs. One method per operation of
 * `Backend`, hence the file's length.
 */
export class WebGLBackend implements Backend {
  readonly description: BackendDescription;
  readonly lost: Promise<LabError>;
  readonly #tfjs: MathBackendWebGL;
  readonly #gl: WebGL2RenderingContext;
  readonly #scope = new MatrixScope<WebGLMatrix>((matrix) => matrix.tensor.dispose());
  readonly #fence: Fence;
  #isDisposed = false;

  /** @throws LabError 'engine-unavailable' without WebGL 2 that renders to float32 textures */
  constructor() {
    requireFloat32WebGL2();
    this.#tfjs = new MathBackendWebGL();
    this.#gl = this.#tfjs.gpgpu.gl as WebGL2RenderingContext;
    this.#fence = new Fence(this.#gl);
    this.lost = new Promise((resolve) => {
      // The web worker's types have no canvas here, though its contexts do.
      const { canvas } = this.#gl as unknown as { canvas: EventTarget };
      canvas.addEventListener('webglcontextlost', () => {
        if (!this.#isDisposed) resolve(contextLost());
      });
    });
    this.description = describeWebGL(this.#gl);
  }

  #run(
    program: programs.Program,
    rows: number,
    columns: number,
    inputs: readonly Matrix[],
    uniforms: readonly (number | readonly number[])[] = [],
  ): WebGLMatrix {
    return this.#scope.add(
      new WebGLMatrix(this.#compute(program, rows, columns, inputs, uniforms), rows, columns),
    );
  }

  #compute(
    program: programs.Program,
    rows: number,
    columns: number,
    inputs: readonly Matrix[],
    uniforms: readonly (number | readonly number[])[],
  ): Tensor {
    program.outputShape = [rows, columns];
    const values = [
      [rows, columns],
      ...uniforms.map((u) => (typeof u === 'number' ? [u] : [...u])),
    ];
    const tensors: TensorInfo[] = inputs.map((input) => asWebGL(input).tensor);
    try {
      return this.#track(this.#tfjs.compileAndRun(program, tensors, 'float32', values, true));
    } catch (error) {
      this.#fence.assertNotLost(); // TensorFlow.js throws other errors after a lost context
      throw error;
    }
  }

  /** Registers a texture with TensorFlow.js, so that its memory() includes it. */
  #track(info: TensorInfo): Tensor {
    return engine().makeTensorFromTensorInfo(info, this.#tfjs);
  }

  /** Replaces the contents of a matrix by a computation, which may read the matrix itself. */
  #replace(
    target: Matrix,
    program: programs.Program,
    inputs: readonly Matrix[],
    uniforms: readonly number[],
  ): void {
    const matrix = asWebGL(target);
    const tensor = this.#compute(program, matrix.rows, matrix.columns, inputs, uniforms);
    matrix.tensor.dispose();
    matrix.tensor = tensor;
  }

  upload(values: ArrayLike<number>, rows: number, columns: number): Matrix {
    if (values.length !== rows * columns) {
      throw new Error(`${values.length} values do not fill a matrix of ${rows} × ${columns}.`);
    }
    const floats = values instanceof Float32Array ? values : Float32Array.from(values);
    const dataId = this.#tfjs.write(floats, [rows, columns], 'float32');
    const tensor = this.#track({ dataId, shape: [rows, columns], dtype: 'float32' });
    return this.#scope.add(new WebGLMatrix(tensor, rows, columns));
  }

  zeros(rows: number, columns: number): Matrix {
    return this.#run(programs.zero, rows, columns, []);
  }

  loadImages(set: ImageSet, indices: Uint32Array): Matrix {
    const { features } = set;
    const bytes = new Uint8Array(indices.length * features);
    indices.forEach((index, row) => copyImage(set, index, bytes, row * features));
    const values = Float32Array.from(bytes, (byte) => byte / 255);
    return this.upload(values, indices.length, features);
  }

  loadLabels({ labels }: ImageSet, indices: Uint32Array): Matrix {
    return this.upload(
      Float32Array.from(indices, (i) => labels[i]!),
      indices.length,
      1,
    );
  }

  async read(matrix: Matrix): Promise<Float32Array> {
    // A copy, because TensorFlow.js moves a tensor off the GPU when it reads it.
    const copy = this.#compute(programs.copy, matrix.rows, matrix.columns, [matrix], []);
    try {
      await this.finished();
      // A synchronization that does not wait, because the fence has passed.
      const values = copy.dataSync<'float32'>();
      this.#fence.assertNotLost();
      return values;
    } finally {
      copy.dispose();
    }
  }

  free(...matrices: readonly Matrix[]): void {
    for (const matrix of matrices) this.#scope.free(asWebGL(matrix));
  }

  scope<T>(compute: (keep: <M extends Matrix>(matrix: M) => M) => T): T {
    return this.#scope.run((keep) =>
      compute((matrix) => {
        keep(asWebGL(matrix));
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
    const { rows } = input;
    const { columns } = parameters;
    if (activation.type === 'maxout') {
      const linear = programs.affine(input.columns, 'linear', 'unmasked');
      const preactivation = this.#run(linear, rows, columns, [input, parameters]);
      const output = this.#run(
        programs.largestPiece(maskKind(mask)),
        rows,
        columns / activation.pieces,
        [preactivation, ...maskInputs(mask)],
        [activation.pieces],
      );
      return { output, preactivation };
    }
    const program = programs.affine(input.columns, activation.type, maskKind(mask));
    const output = this.#run(program, rows, columns, [input, parameters, ...maskInputs(mask)]);
    return { output, preactivation: null };
  }

  backwardLayer(
    delta: Matrix,
    parametersAbove: Matrix,
    { output, preactivation }: LayerOutput,
    activation: Activation,
    mask: Matrix | null,
  ): Matrix {
    if (activation.type === 'maxout') {
      const gradients = this.inputGradient(delta, parametersAbove);
      return this.#run(
        programs.routeToLargestPiece(maskKind(mask)),
        output.rows,
        output.columns * piecesOf(activation),
        [gradients, preactivation!, ...maskInputs(mask)],
        [activation.pieces],
      );
    }
    const program = programs.backward(parametersAbove.columns, activation.type, maskKind(mask));
    const inputs = [delta, parametersAbove, output, ...maskInputs(mask)];
    return this.#run(program, output.rows, output.columns, inputs);
  }

  outputDelta(logits: Matrix, labels: Matrix, loss: Loss): Matrix {
    const { rows, columns } = logits;
    const program = scoring.outputDelta(loss);
    return this.#run(program, rows, columns, [logits, labels], [columns, 1 / rows]);
  }

  attackDelta(logits: Matrix, labels: Matrix, loss: AttackLoss): Matrix {
    const { rows, columns } = logits;
    const program = scoring.attackDelta(loss === 'bce' ? 'bce' : 'margin');
    return this.#run(program, rows, columns, [logits, labels], [columns]);
  }

  divergenceDelta(
    logits: Matrix,
    movedLogits: Matrix,
    loss: Loss,
    at: 'reference' | 'moved',
  ): Matrix {
    const { rows, columns } = logits;
    const program = divergence.divergenceDelta(loss, at);
    return this.#run(program, rows, columns, [logits, movedLogits], [columns, 1 / rows]);
  }

  divergenceAttackDelta(logits: Matrix, movedLogits: Matrix, loss: Loss): Matrix {
    const { rows, columns } = logits;
    const program = divergence.divergenceAttackDelta(loss);
    return this.#run(program, rows, columns, [logits, movedLogits], [columns]);
  }

  inputGradient(delta: Matrix, parameters: Matrix): Matrix {
    const program = programs.inputGradient(parameters.columns);
    return this.#run(program, delta.rows, parameters.rows - 1, [delta, parameters]);
  }

  weightGradient(input: Matrix, delta: Matrix): Matrix {
    const { weightGradient } = programs;
    return this.#run(
      weightGradient,
      input.columns + 1,
      delta.columns,
      [input, delta],
      [input.rows],
    );
  }

  blend(alpha: number, a: Matrix, beta: number, b: Matrix): Matrix {
    return this.#run(programs.combine('value'), a.rows, a.columns, [a, b], [alpha, beta]);
  }

  scaleAndShift(images: Matrix, scale: number, shift: number): Matrix {
    const { rows, columns } = images;
    return this.#run(programs.scaleAndShift, rows, columns, [images], [scale, shift]);
  }

  updateParameters(
    rule: UpdateRule,
    parameters: Matrix,
    gradient: Matrix,
    state: readonly Matrix[],
  ): void {
    const { combine, scaledStep } = programs;
    const [first, second] = state;
    switch (rule.type) {
      case 'sgd':
        this.#replace(
          parameters,
          combine('value'),
          [parameters, gradient],
          [1, -rule.learningRate],
        );
        break;
      case 'momentum':
        this.#replace(first!, combine('value'), [first!, gradient], [rule.momentum, 1]);
        this.#replace(parameters, combine('value'), [parameters, first!], [1, -rule.learningRate]);
        break;
      case 'rmsprop': {
        const { learningRate, squaredDecay, eps } = rule;
        const mix = [squaredDecay, 1 - squaredDecay];
        this.#replace(first!, combine('square'), [first!, gradient], mix);
        const inputs = [parameters, gradient, first!];
        this.#replace(parameters, scaledStep, inputs, [learningRate, 1, eps]);
        break;
      }
      case 'adam': {
        const { learningRate, beta1, beta2, eps, correction1, correction2 } = rule;
        this.#replace(first!, combine('value'), [first!, gradient], [beta1, 1 - beta1]);
        this.#replace(second!, combine('square'), [second!, gradient], [beta2, 1 - beta2]);
        const inputs = [parameters, first!, second!];
        const rate = learningRate * correction1;
        this.#replace(parameters, scaledStep, inputs, [rate, correction2, eps]);
        break;
      }
    }
  }

  scaleWeights(parameters: Matrix, factor: number): void {
    this.#replace(parameters, programs.scaleWeights, [parameters], [factor]);
  }

  addSignedStep(images: Matrix, gradient: Matrix, epsilon: number, clip: boolean): Matrix {
    const { rows, columns } = images;
    const uniforms = [epsilon, Number(clip)];
    return this.#run(programs.addSignedStep, rows, columns, [images, gradient], uniforms);
  }

  addRandomSigns(images: Matrix, key: HashKey, epsilon: number, clip: boolean): Matrix {
    const { rows, columns } = images;
    const uniforms = [key.map((word) => word | 0), epsilon, Number(clip)];
    return this.#run(programs.addRandomSigns, rows, columns, [images], uniforms);
  }

  addUniformNoise(images: Matrix, key: HashKey, epsilon: number, clip: boolean): Matrix {
    const { rows, columns } = images;
    const uniforms = [key.map((word) => word | 0), epsilon, Number(clip)];
    return this.#run(programs.addUniformNoise, rows, columns, [images], uniforms);
  }

  addProjectedStep(
    images: Matrix,
    current: Matrix,
    gradient: Matrix,
    size: number,
    epsilon: number,
    clip: boolean,
  ): Matrix {
    const { rows, columns } = images;
    const inputs = [images, current, gradient];
    const uniforms = [size, epsilon, Number(clip)];
    return this.#run(programs.addProjectedStep, rows, columns, inputs, uniforms);
  }

  addNormalizedStep(
    images: Matrix,
    current: Matrix,
    gradient: Matrix,
    size: number,
    epsilon: number,
    clip: boolean,
  ): Matrix {
    const { rows, columns } = images;
    return this.scope((keep) => {
      const steepness = this.#run(norms.rowLength, rows, 1, [gradient], [columns]);
      const inputs = [images, current, gradient, steepness];
      const change = this.#run(norms.normalizedChange, rows, columns, inputs, [size]);
      const length = this.#run(norms.rowLength, rows, 1, [change], [columns]);
      const uniforms = [epsilon, Number(clip)];
      return keep(this.#run(norms.addWithin, rows, columns, [images, change, length], uniforms));
    });
  }

  dropoutMask(rows: number, columns: number, rate: number, key: HashKey): Matrix {
    const uniforms = [key.map((word) => word | 0), dropThreshold(rate) | 0, 1 / (1 - rate)];
    return this.#run(programs.dropoutMask, rows, columns, [], uniforms);
  }

  applyMask(images: Matrix, mask: Matrix): Matrix {
    return this.#run(programs.multiply, images.rows, images.columns, [images, mask]);
  }

  addScores(scores: Matrix, logits: Matrix, labels: Matrix, loss: Loss, weight = 1): void {
    const inputs = [scores, logits, labels];
    const uniforms = [logits.columns, logits.rows, weight];
    this.#replace(scores, scoring.addScores(loss), inputs, uniforms);
  }

  addDivergence(
    scores: Matrix,
    logits: Matrix,
    movedLogits: Matrix,
    loss: Loss,
    weight: number,
  ): void {
    const inputs = [scores, logits, movedLogits];
    const uniforms = [logits.columns, logits.rows, weight];
    this.#replace(scores, divergence.addDivergence(loss), inputs, uniforms);
  }

  finished(): Promise<void> {
    return this.#fence.passed();
  }

  useThreads(): Promise<void> {
    return Promise.resolve();
  }

  memory() {
    // The kernel backend's declared type omits what WebGL's memory() adds.
    const { numBytesInGPUAllocated: bytes } = this.#tfjs.memory() as unknown as {
      numBytesInGPUAllocated: number;
    };
    return { matrices: this.#scope.count, bytes };
  }

  /** Releases the WebGL context, as a lost device does; later calls fail. For tests of recovery. */
  loseContext(): void {
    releaseContext(this.#gl);
  }

  /** Frees everything, including the context: browsers allow few, and collect them late. */
  dispose(): void {
    this.#isDisposed = true;
    releaseContext(this.#gl); // first, or TensorFlow.js would wait for all submitted work
    this.#tfjs.gpgpu.outputTexture = null; // or it warns about what was freed with the context
    this.#tfjs.dispose();
  }
}

function maskKind(mask: Matrix | null): 'masked' | 'unmasked' {
  return mask ? 'masked' : 'unmasked';
}

function maskInputs(mask: Matrix | null): Matrix[] {
  return mask ? [mask] : [];
}

function asWebGL(matrix: Matrix): WebGLMatrix {
  if (!(matrix instanceof WebGLMatrix)) {
    throw new LabError('internal', 'This matrix belongs to another backend.', 'Reload the page.');
  }
  return matrix;
}
