import type { ImageSet } from '../../data/imageSet.ts';
import type { Backend } from '../../engine/backends/backend.ts';
import { nextTask } from '../../domain/nextTask.ts';
import type { Trainer } from '../../engine/trainer.ts';
import type { Checkpoint } from '../../domain/checkpoint.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import { NetworkSnapshot } from '../networkSnapshot.ts';
import type { EvaluationSet, QueryableNetwork } from '../queryableNetwork.ts';
import type { PauseGate } from './pauseGate.ts';

/** The data for training and evaluating a run. */
export interface RunData {
  readonly training: ImageSet;
  readonly evaluation: EvaluationSet;
}

/** A run's network, for queries that are processed beside its loop, also while the run is paused. */
export function networkInTraining(
  backend: Backend,
  config: RunConfig,
  { training, evaluation }: RunData,
  trainer: Trainer,
  gate: PauseGate,
  checkpoint: () => Promise<Checkpoint>,
): QueryableNetwork {
  return {
    backend,
    features: training.features,
    stepsPerEpoch: trainer.stepsPerEpoch,
    pixelOrder: training.pixelOrder ?? null,
    step: () => trainer.step,
    use: (task) => task(trainer.network),
    useStepState: (task) => task(trainer.stepState),
    hasOptimizerMemory: () => trainer.step > 0,
    freeze: () =>
      gate.betweenSteps(() =>
        Promise.resolve(new NetworkSnapshot(backend, trainer.network, trainer.step)),
      ),
    loadEvaluation: () => Promise.resolve(evaluation),
    trainedOn: { set: training, config },
    checkpoint: () => gate.betweenSteps(checkpoint),
    yieldToEventLoop: async () => {
      await nextTask();
      gate.throwIfStopped();
    },
  };
}
