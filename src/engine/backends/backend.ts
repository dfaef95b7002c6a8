import type { ImageSet } from '../../data/imageSet.ts';
import type { Loss } from '../../shared/config.ts';
import type { LabError } from '../../shared/errors.ts';
import type { EngineDescription } from '../../shared/metrics.ts';
import type { HashKey } from '../../shared/random.ts';
import type { Activation } from '../activations.ts';
import type { UpdateRule } from '../optimizers.ts';

/** What a backend can tell of itself; why it was chosen is select.ts's to say. */
export type BackendDescription = Omit<EngineDescription, 'reason'>;

/** A matrix that lives in a backend. Row-major where its values are uploaded or read. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
}

/** What a layer gives and what its backward pass needs. B images. */
export interface LayerOutput {
  /** [B, units] after activation and dropout mask: the input of the next layer. */
  readonly output: Matrix;
  /** [B, units × pieces] before the maximum; null for all activations but maxout. */
  readonly preactivation: Matrix | null;
}

/**
 * The operations that a training step is made of, each a whole layer's worth so that a backend can
 * fuse it. The mathematics is written once above this interface (backprop.ts, methods/).
 *
 * A layer's parameters are one matrix [fanIn + 1, columns]: the weights W [fanIn, columns] and, as
 * last row, the biases. `columns` is units × pieces for maxout, where unit u owns the columns
 * u · pieces … u · pieces + pieces − 1, and units otherwise.
 */
export interface Backend {
  readonly description: BackendDescription;

  // Memory ------------------------------------------------------------------------------------

  /** A matrix with these values, rows · columns of them, row by row. */
  upload(values: ArrayLike<number>, rows: number, columns: number): Matrix;
  zeros(rows: number, columns: number): Matrix;
  /** Gathers images as a matrix [B, features], in the set's pixel order, scaled from 0 … 255 to 0 … 1. */
  loadImages(set: ImageSet, indices: Uint32Array): Matrix;
  /** Gathers labels as a matrix [B, 1] of class numbers. */
  loadLabels(set: ImageSet, indices: Uint32Array): Matrix;
  /** Reads a matrix back, row by row. Waits for all submitted work: a synchronisation. */
  read(matrix: Matrix): Promise<Float32Array | Float64Array>;
  free(...matrices: readonly Matrix[]): void;
  /** Frees every matrix made while `compute` runs, except those that it passes to `keep`. */
  scope<T>(compute: (keep: <M extends Matrix>(matrix: M) => M) => T): T;

  // Layers ------------------------------------------------------------------------------------

  /** f(x W + b), times the dropout mask if there is one. x [B, fanIn], mask [B, units]. */
  forwardLayer(
    input: Matrix,
    parameters: Matrix,
    activation: Activation,
    mask: Matrix | null,
  ): LayerOutput;
  /**
   * ∂J/∂z at a hidden layer from ∂J/∂z of the layer above: (δ Wᵀ) ∘ mask ∘ f′(z). W belongs to the
   * layer above, everything else to the hidden layer. δ [B, columns above] → [B, columns].
   * relu′(0) = 0; at equal maxout pieces the first takes the gradient.
   */
  backwardLayer(
    delta: Matrix,
    parametersAbove: Matrix,
    layer: LayerOutput,
    activation: Activation,
    mask: Matrix | null,
  ): Matrix;
  /**
   * ∂J/∂z at the output, [B, classes]: the mean over the batch of a loss a sample. Where a class is
   * the label it is −σ(−z) (bce) or −Σ p of the others (ce), never p − 1, which rounds to 0.
   */
  outputDelta(logits: Matrix, labels: Matrix, loss: Loss): Matrix;
  /** ∂J/∂x = δ Wᵀ at the first layer. δ [B, columns], result [B, fanIn]. */
  inputGradient(delta: Matrix, parameters: Matrix): Matrix;
  /** ∂J/∂[W; b] = [x 1]ᵀ δ: [fanIn + 1, columns] from x [B, fanIn] and δ [B, columns]. */
  weightGradient(input: Matrix, delta: Matrix): Matrix;
  /** α a + β b, element by element. */
  blend(alpha: number, a: Matrix, beta: number, b: Matrix): Matrix;
  /** Updates parameters and optimizer state in place. */
  updateParameters(
    rule: UpdateRule,
    parameters: Matrix,
    gradient: Matrix,
    state: readonly Matrix[],
  ): void;

  // Inputs ------------------------------------------------------------------------------------

  /** x + ε · sign(g), sign(0) = 0, optionally clipped to [0, 1]; down the gradient if ε is negative. */
  addSignedStep(images: Matrix, gradient: Matrix, epsilon: number, clip: boolean): Matrix;
  /** x + ε · r with r = −1 or +1, by the lowest bit of the hash at each position. */
  addRandomSigns(images: Matrix, key: HashKey, epsilon: number, clip: boolean): Matrix;
  /** x + ε · u with u uniform in [−1, 1), 24 bits of the hash at each position. */
  addUniformNoise(images: Matrix, key: HashKey, epsilon: number, clip: boolean): Matrix;
  /**
   * One step of PGD: moved + size · sign(g), back to within ε of the images, optionally clipped; down the
   * gradient if the size is negative.
   */
  addProjectedStep(
    images: Matrix,
    moved: Matrix,
    gradient: Matrix,
    size: number,
    epsilon: number,
    clip: boolean,
  ): Matrix;
  /** 0 with probability `rate`, else 1 / (1 − rate), by the hash at each position. */
  dropoutMask(rows: number, columns: number, rate: number, key: HashKey): Matrix;
  /** Element-wise product of images and mask. */
  applyMask(images: Matrix, mask: Matrix): Matrix;

  /** scale · x + shift, element by element. */
  scaleAndShift(images: Matrix, scale: number, shift: number): Matrix;

  // Scores ------------------------------------------------------------------------------------

  /**
   * Adds to each row of `scores` [≥ B, 2], in place, the loss of that sample and 1 if its largest
   * logit is not at the label, both times the weight. The first of equal logits counts as the largest.
   */
  addScores(scores: Matrix, logits: Matrix, labels: Matrix, loss: Loss, weight?: number): void;

  // Flow --------------------------------------------------------------------------------------

  /**
   * Resolves when all work submitted before the call is done.
   * @throws LabError 'engine-failed' when the backend has lost its device
   */
  finished(): Promise<void>;
  /** Resolves with the error when the device is lost; the backend is of no use from then on. */
  readonly lost: Promise<LabError>;
  /** Computes with so many threads from now on, the caller included; nothing changes without threads. */
  useThreads(threads: number): Promise<void>;
  /** Matrices alive and the bytes they hold in the backend's memory. */
  memory(): { readonly matrices: number; readonly bytes: number };
  dispose(): void;
}
