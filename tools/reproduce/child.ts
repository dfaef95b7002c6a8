/** A process that makes one run: its parent sends a request, and it sends reports. */
import { readKernels } from '../train/readKernels.ts'; // first, because it sets a flag before WebAssembly is used
import { readFile } from 'node:fs/promises';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { splitTrainingSet, readTrainingImages } from '../train/dataDirectory.ts';
import { cleanErrorRate, trainEpoch } from '../train/run.ts';
import { encodeSavedNetwork } from '../train/savedNetwork.ts';
import { type ImageSet, orderPixels } from '../../src/data/imageSet.ts';
import { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { Trainer } from '../../src/engine/trainer.ts';
import type { Checkpoint } from '../../src/domain/checkpoint.ts';
import { packMistakes } from '../../src/domain/mistakes.ts';
import type { CurvePoint, RunResult } from '../../src/domain/reproduction.ts';
import { replaceFile } from '../replaceFile.ts';
import { readRunImages } from './images.ts';
import type { Job } from './jobs.ts';
import { sha256Of } from './networks.ts';

/** What the parent asks of a child, in one message. */
export interface RunRequest {
  readonly job: Job;
  /** Directory of IDX files or, if the run's config names CIFAR-10, of its files or archive. */
  readonly directory: string;
  /** File to resume from, and to save the state after each epoch; null for a run without checkpoints. */
  readonly checkpoint: string | null;
  /** File for the trained network, if the run is evaluated on the test set; null to keep none. */
  readonly weights: string | null;
}

export type RunReport =
  | { readonly kind: 'progress'; readonly epochs: number }
  | { readonly kind: 'done'; readonly result: RunResult }
  | { readonly kind: 'failed'; readonly message: string };

interface State {
  readonly curve: readonly CurvePoint[];
  readonly trainSeconds: number;
  readonly cpuSeconds: number;
  readonly trainer: Omit<Checkpoint, 'trainSeconds'> | null;
}

/** @param owner identifies the run: with another config or engine, it starts again */
async function loadState(file: string | null, owner: string): Promise<State> {
  const initial: State = { curve: [], trainSeconds: 0, cpuSeconds: 0, trainer: null };
  if (file === null) return initial;
  try {
    const stored = deserialize(await readFile(file)) as { owner: string; state: State };
    return stored.owner === owner ? stored.state : initial;
  } catch {
    // There is none yet, or it is damaged, which only costs time.
    return initial;
  }
}

/**
 * Reads the images of a run, in the pixel order of its network. If it is evaluated on validation images, MNIST's test
 * files are not opened; CIFAR-10's test images are read to check the sample, but not used.
 */
async function readImages(
  { config, data: { evaluatedImages } }: Job,
  directory: string,
): Promise<{ training: ImageSet; evaluated: ImageSet }> {
  const { dataSet, holdOutValidation, permutationSeed, trainingSetSize } = config;
  const { training: all, test } =
    holdOutValidation && dataSet === null
      ? { training: await readTrainingImages(directory), test: null }
      : await readRunImages(config, directory);
  const heldOut = holdOutValidation ? evaluatedImages : 0;
  const { training, validation } = splitTrainingSet(all, trainingSetSize, heldOut);
  return {
    training: orderPixels(training, permutationSeed),
    evaluated: orderPixels(validation ?? test!, permutationSeed),
  };
}

/** Interval between two progress reports within an epoch. */
const reportEveryMs = 1000;
let lastReport = -Infinity;

function reportProgress(epochs: number): void {
  lastReport = performance.now();
  void send({ kind: 'progress', epochs });
}

const reporter = {
  progress: (epoch: number, fraction: number) => {
    if (performance.now() - lastReport >= reportEveryMs) reportProgress(epoch - 1 + fraction);
  },
};

/**
 * Makes a run, or the rest of it after its checkpoint.
 *
 * @throws UsageError or LabError if the images cannot be read, or training diverges
 */
async function trainJob({ job, directory, checkpoint, weights }: RunRequest): Promise<RunResult> {
  const { id, config, data } = job;
  const startUsage = process.cpuUsage();
  const { training, evaluated } = await readImages(job, directory);
  const backend = await SimdBackend.create(readKernels);
  const engine = `${backend.description.name}: ${backend.description.device}`;
  const owner = JSON.stringify([config, data.name, directory, engine]);
  const start = await loadState(checkpoint, owner);
  const trainer = new Trainer(backend, config, training, start.trainer);
  const { network } = trainer;
  const curve = [...start.curve];
  let { trainSeconds } = start;
  const countCpuSeconds = (): number => {
    const { user, system } = process.cpuUsage(startUsage);
    return start.cpuSeconds + (user + system) / 1e6;
  };
  try {
    for (let epoch = curve.length + 1; epoch <= config.epochs; epoch++) {
      const { trainLoss, seconds } = await trainEpoch(
        trainer,
        { reporter, yieldToEventLoop },
        epoch,
      );
      trainSeconds += seconds;
      const errorRate = await cleanErrorRate({ backend, yieldToEventLoop }, network, evaluated);
      curve.push({ epoch, trainLoss, errorRate });
      if (checkpoint !== null) {
        const snapshot = await trainer.snapshot();
        const cpuSeconds = countCpuSeconds();
        const state: State = { curve, trainSeconds, cpuSeconds, trainer: snapshot };
        await replaceFile(checkpoint, serialize({ owner, state }));
      }
      reportProgress(epoch);
    }
    const attacks: RunResult['last']['attacks'] = [];
    const { count } = evaluated;
    const mistakes = { clean: new Uint8Array(count), adversarial: new Uint8Array(count) };
    for (const attack of job.attacks) {
      const { adversarial } = await evaluate(
        backend,
        network,
        evaluated,
        count,
        attack,
        yieldToEventLoop,
        mistakes,
      );
      attacks.push({ attack, errorRate: adversarial.errorRate });
    }
    const isTrial = config.holdOutValidation;
    const saved = isTrial
      ? null
      : await encodeSavedNetwork(backend, network, {
          config,
          data: { training, validation: null, test: evaluated },
          steps: trainer.step,
        });
    if (saved && weights !== null) await replaceFile(weights, saved);
    return {
      version: 1,
      id,
      config,
      data: { ...data, trainingImages: training.count, evaluatedImages: evaluated.count },
      ...(saved && { weights: sha256Of(saved) }),
      engine,
      curve,
      last: {
        errorRate: curve.at(-1)!.errorRate,
        ...(attacks.length > 0 && { mistakes: packMistakes(mistakes.clean) }),
        attacks,
      },
      times: {
        trainSeconds: Number(trainSeconds.toFixed(1)),
        cpuSeconds: Number(countCpuSeconds().toFixed(1)),
        finishedAt: new Date().toISOString(),
      },
    };
  } finally {
    trainer.dispose();
    backend.dispose();
  }
}

function send(report: RunReport): Promise<void> {
  return new Promise((resolve) => process.send!(report, () => resolve()));
}

async function work(request: RunRequest): Promise<void> {
  try {
    await send({ kind: 'done', result: await trainJob(request) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await send({ kind: 'failed', message });
  }
  process.disconnect();
}

// A signal such as Ctrl-C may reach every process of a group; the parent decides what happens.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
// If the parent has exited, the state after the last epoch is on disk.
process.on('disconnect', () => process.exit());
process.once('message', (order) => void work(order as RunRequest));
