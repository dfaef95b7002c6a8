import type { RunResult } from '../../src/shared/reproduction.ts';
import type { Job } from './jobs.ts';

/** Where a run finds its images. */
export interface DataSource {
  /** Name that results state. */
  readonly name: string;
  /** Directory of IDX files; of CIFAR-10's, or its archive, where the run's config names a data set. */
  readonly directory: string;
  /** Training images held out where a run is judged on validation. */
  readonly heldOut: number;
}

/** What the parent asks of a child, in a single message. */
export interface Order {
  readonly job: Job;
  readonly data: DataSource;
  /** File to go on from and to keep the state after each epoch in; null for a run in one piece. */
  readonly checkpoint: string | null;
}

/** What a child tells its parent. */
export type Report =
  | { readonly kind: 'progress'; readonly epochs: number }
  | { readonly kind: 'done'; readonly result: RunResult }
  | { readonly kind: 'failed'; readonly message: string };
