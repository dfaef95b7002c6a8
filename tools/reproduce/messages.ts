import type { RunResult } from '../../src/domain/reproduction.ts';
import type { Job } from './jobs.ts';

/** The images of a run. */
export interface DataSource {
  /** The name of the data in results. */
  readonly name: string;
  /** Directory of IDX files or, if the run's config names CIFAR-10, of its files or archive. */
  readonly directory: string;
  /** Number of training images held out in a run that is evaluated on validation images. */
  readonly heldOut: number;
}

/** What the parent asks of a child, in one message. */
export interface RunRequest {
  readonly job: Job;
  readonly data: DataSource;
  /** File to resume from, and to save the state after each epoch; null for a run without checkpoints. */
  readonly checkpoint: string | null;
}

/** A child's messages to its parent. */
export type RunReport =
  | { readonly kind: 'progress'; readonly epochs: number }
  | { readonly kind: 'done'; readonly result: RunResult }
  | { readonly kind: 'failed'; readonly message: string };
