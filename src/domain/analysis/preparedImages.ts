/** The first n images of a mini-batch, and the training inputs made from them in the first half of a step. */
export interface PreparedImages {
  /** [n × features] */
  readonly images: Float32Array;
  /** [n × features] the training inputs of the second half. */
  readonly inputs: Float32Array;
  /** [n] */
  readonly labels: Uint8Array;
  /** Number of images in the whole mini-batch. */
  readonly batchSize: number;
}
