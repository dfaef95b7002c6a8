/** The first images of a mini-batch, and what they have become in the first half of a training step. n images. */
export interface PreparedImages {
  /** [n × features] */
  readonly images: Float32Array;
  /** [n × features] what the second half trains on. */
  readonly inputs: Float32Array;
  /** [n] */
  readonly labels: Uint8Array;
  /** Images of the whole mini-batch. */
  readonly batchSize: number;
}
