import type { ImageSet } from '../data/imageSet.ts';
import type { Backend } from '../engine/backends/backend.ts';
import { evaluate } from '../engine/evaluate.ts';
import type { StepState } from '../engine/analysis/inspectStep.ts';
import type { Network } from '../engine/network.ts';
import type { Checkpoint } from '../domain/checkpoint.ts';
import type { Attack, Evaluation } from '../domain/metrics.ts';
import type { PixelOrder } from '../domain/pixelOrder.ts';
import type { NetworkSnapshot } from './networkSnapshot.ts';

/** Images that a network is evaluated on, in its order of pixels. */
export interface EvaluationSet {
  readonly set: ImageSet;
  readonly split: 'test' | 'validation';
}

/** A network of a worker that can be asked: one in training, or one that was loaded. */
export interface QueryableNetwork {
  readonly backend: Backend;
  /** Numbers of an image. */
  readonly features: number;
  /** In which order it gets an image's pixels; questions and answers are in the order that people see. */
  readonly pixelOrder: PixelOrder | null;
  readonly stepsPerEpoch: number;
  /** Weight updates until now. */
  step(): number;
  /** Does a task with the network as it is now. */
  use<T>(task: (network: Network) => Promise<T>): Promise<T>;
  /** Does a task with what the next training step would start from. */
  useStepState<T>(task: (state: StepState) => Promise<T>): Promise<T>;
  /** Whether the optimizer remembers the steps before. */
  hasOptimizerMemory(): boolean;
  /** A copy between two steps, for the caller to release. */
  freeze(): Promise<NetworkSnapshot>;
  loadEvaluation(): Promise<EvaluationSet>;
  /** The state between two steps. */
  checkpoint(): Promise<Checkpoint>;
  /** Lets messages in between two chunks. @throws Stopped once the network was reset */
  yieldToEventLoop(): Promise<void>;
}

/** Lets messages in between two chunks of an answer. @throws the signal's reason once it is aborted */
export async function yieldUnlessCancelled(
  signal: AbortSignal | undefined,
  network: Pick<QueryableNetwork, 'yieldToEventLoop'>,
): Promise<void> {
  await network.yieldToEventLoop();
  signal?.throwIfAborted();
}

/** Scores of a network, clean and attacked, on the first `wanted` images of its split. */
export async function score(
  backend: Backend,
  network: Network,
  { step, stepsPerEpoch }: { readonly step: number; readonly stepsPerEpoch: number },
  { set, split }: EvaluationSet,
  attack: Attack,
  wanted: number,
  yieldToEventLoop: () => Promise<void>,
): Promise<Evaluation> {
  const sampleCount = Math.min(wanted, set.count);
  const scores = await evaluate(backend, network, set, sampleCount, attack, yieldToEventLoop);
  return { step, epoch: step / stepsPerEpoch, split, sampleCount, attack, ...scores };
}
