import type { ImageSet } from '../../src/data/imageSet.ts';
import type { Backend } from '../../src/engine/backends/backend.ts';
import { forward } from '../../src/engine/backprop.ts';
import { readScores } from '../../src/engine/evaluate.ts';
import type { Network } from '../../src/engine/network.ts';
import { Trainer } from '../../src/engine/trainer.ts';
import type { RunConfig } from '../../src/domain/settings/config.ts';
import { LabError } from '../../src/domain/errors.ts';
import type { Attack, StrongestAttack } from '../../src/domain/metrics.ts';
import { Interrupted } from './interruption.ts';
import { measureCertified, measureUnder } from './measureRobustness.ts';
import type { EpochResult, Reporter, TestResult } from './report.ts';

/** Steps between reads of the loss: often enough to stop a diverged run soon, rarely enough to cost little. */
const stepsBetweenLossReads = 50;
const chunkSize = 500;

export interface RunData {
  readonly training: ImageSet;
  readonly validation: ImageSet | null;
  readonly test: ImageSet;
}

export interface RunSettings {
  readonly backend: Backend;
  readonly config: RunConfig;
  readonly attacks: readonly (Attack | StrongestAttack)[];
  /** Values of ε for which test images are certified after the last epoch. */
  readonly certify: readonly number[];
  /** Whether the test images are evaluated after every epoch, not after the last one only. */
  readonly testEachEpoch: boolean;
  readonly data: RunData;
  readonly reporter: Reporter;
  /** Awaited after each step and after each chunk of an evaluation; throws Interrupted to stop the run. */
  readonly yieldToEventLoop: () => Promise<void>;
  /** Called after each epoch, and when the run is interrupted. */
  readonly save: (network: Network, steps: number) => Promise<void>;
}

function divergedError(step: number, what: string): LabError {
  return new LabError(
    'loss-not-finite',
    `Training diverged: ${what} is not a finite number after ${step} steps.`,
    'Train with a lower learning rate.',
  );
}

/**
 * Trains for one epoch.
 *
 * @returns the mean loss per sample, the seconds it took, and the number of samples
 * @throws LabError `loss-not-finite` if training diverges
 */
export async function trainEpoch(
  trainer: Trainer,
  {
    reporter,
    yieldToEventLoop,
  }: Pick<RunSettings, 'yieldToEventLoop'> & {
    readonly reporter: Pick<Reporter, 'progress'>;
  },
  epoch: number,
): Promise<{ trainLoss: number; seconds: number; samples: number }> {
  const start = performance.now();
  let lossSum = 0;
  let samples = 0;
  let unreadSamples = 0;
  for (let step = 1; step <= trainer.stepsPerEpoch; step++) {
    unreadSamples += trainer.trainStep();
    await yieldToEventLoop();
    if (step % stepsBetweenLossReads !== 0 && step < trainer.stepsPerEpoch) continue;
    const loss = (await trainer.takeTrainLoss())!;
    if (!Number.isFinite(loss)) throw divergedError(trainer.step, 'the training loss');
    lossSum += loss * unreadSamples;
    samples += unreadSamples;
    unreadSamples = 0;
    reporter.progress(epoch, step / trainer.stepsPerEpoch, lossSum / samples);
  }
  const seconds = (performance.now() - start) / 1000;
  return { trainLoss: lossSum / samples, seconds, samples };
}

/** Fraction of a set that is classified wrongly, without attack. */
export async function cleanErrorRate(
  { backend, yieldToEventLoop }: Pick<RunSettings, 'backend' | 'yieldToEventLoop'>,
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
      await yieldToEventLoop();
    }
    return (await readScores(backend, scores, set.count)).errorRate;
  } finally {
    backend.free(scores);
  }
}

/** Error rates on the test images, if it is time for them, and on the held-out images. */
async function evaluateErrors(
  settings: RunSettings,
  trainer: Trainer,
  isLast: boolean,
): Promise<Pick<EpochResult, 'test' | 'validationError'>> {
  const { data } = settings;
  const { network } = trainer;
  const test =
    isLast || settings.testEachEpoch ? await testNetwork(settings, trainer, isLast) : null;
  const validationError = data.validation
    ? await cleanErrorRate(settings, network, data.validation)
    : null;
  return { test, validationError };
}

/** Error rates on the test images; what takes long is measured after the last epoch. */
async function testNetwork(
  settings: RunSettings,
  { network, step }: Trainer,
  isLast: boolean,
): Promise<TestResult> {
  const { backend, data, yieldToEventLoop } = settings;
  const subject = { backend, network, set: data.test, yieldToEventLoop };
  const attacks = settings.attacks.filter(({ kind }) => isLast || kind !== 'strongest');
  const adversarialError: Record<string, number> = {};
  let testError: number | null = null;
  for (const attack of attacks) {
    const { clean, attacked } = await measureUnder(subject, attack);
    if (!Number.isFinite(clean.loss)) throw divergedError(step, 'the test loss');
    testError = clean.errorRate;
    adversarialError[attack.epsilon] = attacked;
  }
  testError ??= await cleanErrorRate(settings, network, data.test);
  const { certify } = settings;
  if (!isLast || certify.length === 0) return { testError, adversarialError };
  return {
    testError,
    adversarialError,
    certifiedAccuracy: await measureCertified(subject, certify),
  };
}

/**
 * Trains a network and reports after every epoch.
 *
 * @returns the last epoch's results
 * @throws LabError `loss-not-finite` if training diverges; Interrupted, after the network is saved
 */
export async function run(settings: RunSettings): Promise<EpochResult> {
  const { backend, config, data, reporter, save } = settings;
  const trainer = new Trainer(backend, config, data.training);
  let last: EpochResult | null = null;
  try {
    for (let epoch = 1; epoch <= config.epochs; epoch++) {
      const { trainLoss, seconds, samples } = await trainEpoch(trainer, settings, epoch);
      reporter.evaluating(epoch);
      const errors = await evaluateErrors(settings, trainer, epoch === config.epochs);
      const samplesPerSecond = samples / seconds;
      last = { epoch, trainLoss, ...errors, seconds, samplesPerSecond };
      reporter.epoch(last); // first, because it is lost if the network cannot be saved
      await save(trainer.network, trainer.step);
    }
    return last!;
  } catch (error) {
    if (error instanceof Interrupted) await save(trainer.network, trainer.step);
    throw error;
  } finally {
    trainer.dispose();
  }
}
