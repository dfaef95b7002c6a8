import type { ImageSet } from '../data/imageSet.ts';
import type { Backend } from '../engine/backends/backend.ts';
import { forward } from '../engine/backprop.ts';
import { evaluate, readScores } from '../engine/evaluate.ts';
import type { Network } from '../engine/network.ts';
import { Trainer } from '../engine/trainer.ts';
import type { RunConfig } from '../shared/config.ts';
import { LabError } from '../shared/errors.ts';
import type { Attack } from '../shared/metrics.ts';
import { Interrupted } from './interruption.ts';
import type { EpochResult, Reporter } from './report.ts';

/** Steps between looks at the loss: a diverged run stops soon, and a look costs little. */
const stepsBetweenLooks = 50;
/** Images evaluated at once. */
const chunkSize = 500;

/** What a run trains and is judged on. */
export interface RunData {
  readonly training: ImageSet;
  /** Images held out of training. */
  readonly validation: ImageSet | null;
  readonly test: ImageSet;
}

export interface RunSettings {
  readonly backend: Backend;
  readonly config: RunConfig;
  readonly attacks: readonly Attack[];
  readonly data: RunData;
  readonly reporter: Reporter;
  /** Awaited after each step and each chunk of an evaluation; throws Interrupted to stop the run. */
  readonly breathe: () => Promise<void>;
  /** Called after each epoch, and when the run is interrupted. */
  readonly save: (network: Network, steps: number) => Promise<void>;
}

/** What an epoch tells of its progress, and where it hears signals. */
export interface Watching {
  readonly reporter: Pick<Reporter, 'progress'>;
  readonly breathe: () => Promise<void>;
}

function diverged(step: number, what: string): LabError {
  return new LabError(
    'loss-not-finite',
    `Training diverged: ${what} is not a finite number after ${step} steps.`,
    'Train with a lower learning rate.',
  );
}

/**
 * Trains for one epoch.
 *
 * @returns the mean loss a sample, and the seconds it took
 * @throws LabError `loss-not-finite` when training diverges
 */
export async function trainEpoch(
  trainer: Trainer,
  { reporter, breathe }: Watching,
  epoch: number,
): Promise<{ trainLoss: number; seconds: number; samples: number }> {
  const start = performance.now();
  let lossSum = 0;
  let samples = 0;
  let unread = 0;
  for (let step = 1; step <= trainer.stepsPerEpoch; step++) {
    unread += trainer.trainStep();
    await breathe();
    if (step % stepsBetweenLooks !== 0 && step < trainer.stepsPerEpoch) continue;
    const loss = (await trainer.takeTrainLoss())!;
    if (!Number.isFinite(loss)) throw diverged(trainer.step, 'the training loss');
    lossSum += loss * unread;
    samples += unread;
    unread = 0;
    reporter.progress(epoch, step / trainer.stepsPerEpoch, lossSum / samples);
  }
  const seconds = (performance.now() - start) / 1000;
  return { trainLoss: lossSum / samples, seconds, samples };
}

/** Fraction of a set that is classified wrongly, without any attack. */
export async function cleanErrorRate(
  { backend, breathe }: Pick<RunSettings, 'backend' | 'breathe'>,
  network: Network,
  set: ImageSet,
): Promise<number> {
  const scores = backend.zeros(Math.min(chunkSize, set.count), 2);
  try {
    for (let from = 0; from < set.count; from += chunkSize) {
      const length = Math.min(chunkSize, set.count - from);
      const indices = Uint32Array.from({ length }, (_, i) => from + i);
      backend.scope(() => {
        const { logits } = forward(backend, network, backend.loadImages(set, indices));
        backend.addScores(scores, logits, backend.loadLabels(set, indices), network.loss);
      });
      await breathe();
    }
    return (await readScores(backend, scores, set.count)).errorRate;
  } finally {
    backend.free(scores);
  }
}

/** Error rates on the test images, clean and under each attack, and on the images held out. */
async function judge(
  settings: RunSettings,
  trainer: Trainer,
): Promise<Pick<EpochResult, 'testError' | 'adversarialError' | 'validationError'>> {
  const { backend, attacks, data, breathe } = settings;
  const { network } = trainer;
  let testError = 0;
  const adversarialError: Record<string, number> = {};
  for (const attack of attacks) {
    const { test } = data;
    const scores = await evaluate(backend, network, test, test.count, attack, breathe);
    if (!Number.isFinite(scores.clean.loss)) throw diverged(trainer.step, 'the test loss');
    testError = scores.clean.errorRate;
    adversarialError[attack.epsilon] = scores.adversarial.errorRate;
  }
  const validationError = data.validation
    ? await cleanErrorRate(settings, network, data.validation)
    : null;
  return { testError, adversarialError, validationError };
}

/**
 * Trains a network and reports after every epoch.
 *
 * @throws LabError `loss-not-finite` when training diverges; Interrupted once the network is saved
 */
export async function run(settings: RunSettings): Promise<void> {
  const { backend, config, data, reporter, save } = settings;
  const trainer = new Trainer(backend, config, data.training);
  try {
    for (let epoch = 1; epoch <= config.epochs; epoch++) {
      const { trainLoss, seconds, samples } = await trainEpoch(trainer, settings, epoch);
      reporter.evaluating(epoch);
      const errors = await judge(settings, trainer);
      await save(trainer.network, trainer.step);
      const samplesPerSecond = samples / seconds;
      reporter.epoch({ epoch, trainLoss, ...errors, seconds, samplesPerSecond });
    }
  } catch (error) {
    if (error instanceof Interrupted) await save(trainer.network, trainer.step);
    throw error;
  } finally {
    trainer.dispose();
  }
}
