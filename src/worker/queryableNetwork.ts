import type { ImageSet } from '../data/imageSet.ts';
import type { Backend } from '../engine/backends/backend.ts';
import { evaluate } from '../engine/evaluate.ts';
import type { StepState } from '../engine/analysis/inspectStep.ts';
import type { Network } from '../engine/network.ts';
import type { Checkpoint } from '../domain/checkpoint.ts';
import type { Attack, Evaluation } from '../domain/metrics.ts';
import type { RunConfig } from '../domain/settings/config.ts';
import type { PixelOrder } from '../domain/pixelOrder.ts';
import type { NetworkSnapshot } from './networkSnapshot.ts';

/** Images for evaluating a network, in its pixel order. */
export interface EvaluationSet {
  readonly set: ImageSet;
  readonly split: 'test' | 'validation';
}

/** A network in a worker that can be queried: one in training, or a loaded one. */
export interface QueryableNetwork {
  readonly backend: Backend;
  /** Number of values per image. */
  readonly features: number;
  /** The order in which it receives an image's pixels; queries and results use the order that the user sees. */
  readonly pixelOrder: PixelOrder | null;
  readonly stepsPerEpoch: number;
  /** Weight updates so far. */
  step(): number;
  /** Runs a task on the present weights. */
  use<T>(task: (network: Network) => Promise<T>): Promise<T>;
  /** Runs a task on the state from which the next training step would start. */
  useStepState<T>(task: (state: StepState) => Promise<T>): Promise<T>;
  /** Whether the optimizer has state from earlier steps. */
  hasOptimizerMemory(): boolean;
  /** A copy between two steps, which the caller must release. */
  freeze(): Promise<NetworkSnapshot>;
  loadEvaluation(): Promise<EvaluationSet>;
  /** What it is trained on, or null for a network that is not trained here. */
  readonly trainedOn: { readonly set: ImageSet; readonly config: RunConfig } | null;
  /** The training state between two steps. */
  checkpoint(): Promise<Checkpoint>;
  /** Yields to messages between two chunks. @throws Stopped once the network was reset */
  yieldToEventLoop(): Promise<void>;
}

/** Yields to messages between two chunks of a result. @throws the signal's reason once it is aborted */
export async function yieldUnlessCancelled(
  signal: AbortSignal | undefined,
  network: Pick<QueryableNetwork, 'yieldToEventLoop'>,
): Promise<void> {
  await network.yieldToEventLoop();
  signal?.throwIfAborted();
}

/**
 * Scores of a network, clean and attacked, on the first `wanted` images of its split.
 *
 * @param marks filled with 1 for each image that is misclassified
 */
export async function score(
  backend: Backend,
  network: Network,
  { step, stepsPerEpoch }: { readonly step: number; readonly stepsPerEpoch: number },
  { set, split }: EvaluationSet,
  attack: Attack,
  wanted: number,
  yieldToEventLoop: () => Promise<void>,
  marks?: { readonly clean: Uint8Array; readonly adversarial: Uint8Array },
): Promise<Evaluation> {
  const sampleCount = Math.min(wanted, set.count);
  const scores = await evaluate(
    backend,
    network,
    set,
    sampleCount,
    attack,
    yieldToEventLoop,
    marks,
  );
  return { step, epoch: step / stepsPerEpoch, split, sampleCount, attack, ...scores };
}
