import type { ImageSet } from '../../data/imageSet.ts';
import type { Loss } from '../../domain/settings/config.ts';
import type { LabError } from '../../domain/errors.ts';
import type { AttackLoss, EngineDescription } from '../../domain/metrics.ts';
import type { HashKey } from '../../domain/random.ts';
import type { Activation } from '../activations.ts';
import type { UpdateRule } from '../optimizers.ts';

/** A backend's description of itself; the reason why it was chosen is added by select.ts. */
export type BackendDescription = Omit<EngineDescription, 'reason'>;

/** A matrix in a backend's memory. Values are uploaded and read in row-major order. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
}

/** The result of a layer's forward pass for B images, with what its backward pass needs. */
export interface LayerOutput {
  /** [B, units] after activation and dropout mask: the input of the next layer. */
  readonly output: Matrix;
  /** [B, units × pieces] before the maximum, for maxout only. */
  readonly preactivation: Matrix | null;
}

/**
 * The operations that a training step consists of. Each covers a whole layer, so that a backend can fuse it. The
 * mathematics above this interface (backprop.ts, attacks.ts, methods/) is written once for all backends.
 *
 * A layer's parameters are one matrix [fanIn + 1, columns]: the weights W [fanIn, columns] and, as the last row,
 * the biases. `columns` is the number of units; for maxout it is units × pieces, and unit u has the columns
 * u · pieces to u · pieces + pieces − 1.
 */
export interface Backend {
  readonly description: BackendDescription;

  // Memory ------------------------------------------------------------------------------------

  /** Makes a matrix from rows · columns values, row by row. */
  upload(values: ArrayLike<number>, rows: number, columns: number): Matrix;
  zeros(rows: number, columns: number): Matrix;
  /** Gathers images as a matrix [B, features], in the set's pixel order, scaled from [0, 255] to [0, 1]. */
  loadImages(set: ImageSet, indices: Uint32Array): Matrix;
  /** Gathers labels as a matrix [B, 1] of class numbers. */
  loadLabels(set: ImageSet, indices: Uint32Array): Matrix;
  /** Reads a matrix back, row by row. Waits for all submitted work (a synchronization). */
  read(matrix: Matrix): Promise<Float32Array | Float64Array>;
  free(...matrices: readonly Matrix[]): void;
  /** Frees every matrix made while `compute` runs, except those passed to `keep`. */
  scope<T>(compute: (keep: <M extends Matrix>(matrix: M) => M) => T): T;

  // Layers ------------------------------------------------------------------------------------

  /** f(x W + b), times the dropout mask if given. x [B, fanIn], mask [B, units]. */
  forwardLayer(
    input: Matrix,
    parameters: Matrix,
    activation: Activation,
    mask: Matrix | null,
  ): LayerOutput;
  /**
   * ∂J/∂z at a hidden layer from ∂J/∂z at the layer above: (δ Wᵀ) ∘ mask ∘ f′(z). W belongs to the layer above,
   * everything else to the hidden layer. δ [B, columns above] → [B, columns]. relu′(0) = 0; if several maxout
   * pieces are equal, the first one receives the gradient.
   */
  backwardLayer(
    delta: Matrix,
    parametersAbove: Matrix,
    layer: LayerOutput,
    activation: Activation,
    mask: Matrix | null,
  ): Matrix;
  /**
   * ∂J/∂z at the output, [B, classes], J being the mean loss over the batch. At the label it is computed as −σ(−z)
   * (bce) or minus the sum of the other probabilities (ce), never as p − 1, which rounds to 0.
   */
  outputDelta(logits: Matrix, labels: Matrix, loss: Loss): Matrix;
  /**
   * The delta of an attack at the output, [B, classes]: ∂L/∂z times a positive factor of each image's own, chosen by
   * log-sum-exp so that the largest element of a row is between 1/2 and 1 in size. The sign of the input gradient that
   * follows from it is that of ∂L/∂x, also where ∂L/∂z of a confident network rounds to 0.
   *
   * Margin loss: log Σ_{j≠y} exp(z_j) − z_y, whose delta is −1 at the label and softmax over the other classes. That of
   * cross-entropy is the same times 1 − p_y, so both have one scaled form.
   */
  attackDelta(logits: Matrix, labels: Matrix, loss: AttackLoss): Matrix;
  /**
   * ∂D/∂z at the output, [B, classes]. D is the mean over the batch of the divergence of the outputs q of moved images from
   * the outputs p of the images themselves: the sum over classes of KL(p_j ‖ q_j) of two Bernoulli distributions for
   * sigmoid outputs (bce), KL(p ‖ q) of two distributions over the classes for softmax (ce).
   *
   * At the moved images it is q − p. At the images it is p (1 − p) (z − z̃) (bce), or p_j (r_j − KL) with
   * r_j = log p_j − log q_j (ce). Neither is computed as a difference of numbers near 1.
   *
   * @param logits z of the images
   * @param movedLogits z̃ of the moved images
   */
  divergenceDelta(
    logits: Matrix,
    movedLogits: Matrix,
    loss: Loss,
    at: 'reference' | 'moved',
  ): Matrix;
  /** q − p times a positive factor of each image's own, as in `attackDelta`: for steps up the divergence. */
  divergenceAttackDelta(logits: Matrix, movedLogits: Matrix, loss: Loss): Matrix;
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
  /** Multiplies the weights by a factor in place, and leaves the biases, the last row, as they are. */
  scaleWeights(parameters: Matrix, factor: number): void;

  // Inputs ------------------------------------------------------------------------------------

  /** x + ε · sign(g), sign(0) = 0, optionally clipped to [0, 1]. A negative ε descends the gradient. */
  addSignedStep(images: Matrix, gradient: Matrix, epsilon: number, clip: boolean): Matrix;
  /** x + ε · r with r = −1 or +1, by the lowest bit of the hash at each position. */
  addRandomSigns(images: Matrix, key: HashKey, epsilon: number, clip: boolean): Matrix;
  /** x + ε · u with u uniform in [−1, 1), 24 bits of the hash at each position. */
  addUniformNoise(images: Matrix, key: HashKey, epsilon: number, clip: boolean): Matrix;
  /**
   * One step of PGD: current + size · sign(g), projected to within ε of the images, optionally clipped to [0, 1]. A
   * negative size descends the gradient.
   */
  addProjectedStep(
    images: Matrix,
    current: Matrix,
    gradient: Matrix,
    size: number,
    epsilon: number,
    clip: boolean,
  ): Matrix;
  /**
   * One step of PGD in the Euclidean norm: current + size · g / ‖g‖₂, image by image; a change from the image longer than
   * ε is scaled back to length ε; optionally clipped to [0, 1]. Where g is 0, no step is taken. A negative size descends
   * the gradient.
   */
  addNormalizedStep(
    images: Matrix,
    current: Matrix,
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
   * Adds to each row of `scores` [≥ B, 2], in place, the loss of that sample and, if the prediction is wrong, 1;
   * both are multiplied by the weight. The prediction is the class of the largest logit, the first one of equal ones.
   */
  addScores(scores: Matrix, logits: Matrix, labels: Matrix, loss: Loss, weight?: number): void;

  /** Adds to the loss in each row of `scores` that sample's divergence (`divergenceDelta`) times the weight, in place. */
  addDivergence(
    scores: Matrix,
    logits: Matrix,
    movedLogits: Matrix,
    loss: Loss,
    weight: number,
  ): void;

  // Flow --------------------------------------------------------------------------------------

  /**
   * Resolves when all work submitted before the call is done.
   *
   * @throws LabError 'engine-failed' if the backend has lost its device
   */
  finished(): Promise<void>;
  /** Resolves with the error when the device is lost; the backend cannot be used afterwards. */
  readonly lost: Promise<LabError>;
  /** Sets the number of threads, the caller included. Backends without threads ignore it. */
  useThreads(threads: number): Promise<void>;
  /** Number of matrices not yet freed, and the bytes that they take in the backend's memory. */
  memory(): { readonly matrices: number; readonly bytes: number };
  dispose(): void;
}
