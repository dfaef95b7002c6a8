import { readKernels } from '../../src/cli/readKernels.ts'; // first: sets a flag before anything looks at WebAssembly
import { readFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import {
  partTraining,
  readDataDirectory,
  readTrainingImages,
} from '../../src/cli/dataDirectory.ts';
import { cleanErrorRate, trainEpoch } from '../../src/cli/run.ts';
import { type ImageSet, orderPixels } from '../../src/data/imageSet.ts';
import type { Backend } from '../../src/engine/backends/backend.ts';
import { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { Trainer } from '../../src/engine/trainer.ts';
import type { Checkpoint } from '../../src/shared/checkpoint.ts';
import type { CurvePoint, RunResult } from '../../src/shared/reproduction.ts';
import { writeWhole } from '../writeWhole.ts';
import { readCifarSample } from './cifarSample.ts';
import type { Job } from './jobs.ts';
import type { DataSource, Order } from './messages.ts';

/** A run between two epochs. */
interface State {
  readonly curve: readonly CurvePoint[];
  readonly trainSeconds: number;
  readonly cpuSeconds: number;
  readonly trainer: Omit<Checkpoint, 'trainSeconds'> | null;
}
const beginning: State = { curve: [], trainSeconds: 0, cpuSeconds: 0, trainer: null };

interface Watch {
  /** @param epochs trained so far, a fraction within an epoch */
  readonly onProgress: (epochs: number) => void;
  /** After each epoch, once its state is kept. */
  readonly onEpoch: (epochs: number) => void;
  readonly breathe: () => Promise<void>;
}

/** What a checkpoint belongs to: another config or engine starts again. */
function ownerOf(job: Job, { name, directory }: DataSource, engine: string): string {
  return JSON.stringify([job.config, name, directory, engine]);
}

async function recall(file: string | null, owner: string): Promise<State> {
  if (file === null) return beginning;
  try {
    const kept = deserialize(await readFile(file)) as { owner: string; state: State };
    return kept.owner === owner ? kept.state : beginning;
  } catch {
    // None yet, or a damaged one: what it would save is time alone.
    return beginning;
  }
}

/**
 * The images of a run. Where it is judged on validation, MNIST's test files are not opened; CIFAR-10's is
 * read to tell whether the sample is the right one, and left alone.
 */
async function readSets(
  { config }: Job,
  { directory, heldOut }: DataSource,
): Promise<{ training: ImageSet; judged: ImageSet }> {
  const size = config.trainingSetSize;
  const { dataSet } = config;
  if (config.holdOutValidation) {
    const all =
      dataSet === null
        ? await readTrainingImages(directory)
        : (await readCifarSample(directory, dataSet)).training;
    const parts = partTraining(all, size, heldOut);
    return { training: parts.training, judged: parts.validation! };
  }
  const { training, test } =
    dataSet === null
      ? await readDataDirectory(directory)
      : await readCifarSample(directory, dataSet);
  return { training: partTraining(training, size, 0).training, judged: test };
}

/** The same in the order in which the run's network gets its pixels. */
async function readImages(
  job: Job,
  data: DataSource,
): Promise<{ training: ImageSet; judged: ImageSet }> {
  const { training, judged } = await readSets(job, data);
  const { permutationSeed } = job.config;
  return {
    training: orderPixels(training, permutationSeed),
    judged: orderPixels(judged, permutationSeed),
  };
}

async function attackAll(
  backend: Backend,
  { network }: Trainer,
  judged: ImageSet,
  { attacks }: Job,
  breathe: () => Promise<void>,
): Promise<RunResult['last']['attacks']> {
  const results: RunResult['last']['attacks'] = [];
  for (const attack of attacks) {
    const scores = await evaluate(backend, network, judged, judged.count, attack, breathe);
    results.push({ attack, errorRate: scores.adversarial.errorRate });
  }
  return results;
}

function cpuSecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/**
 * Makes a run with the command line's engine, on one thread, from its checkpoint if there is one.
 *
 * @throws UsageError or LabError naming the data file, or the step at which training diverged
 */
export async function trainCell(
  { job, data, checkpoint }: Order,
  { onProgress, onEpoch, breathe }: Watch,
): Promise<RunResult> {
  const { config } = job;
  const cpu = process.cpuUsage();
  const { training, judged } = await readImages(job, data);
  const backend = await SimdBackend.create(readKernels);
  const engine = `${backend.description.name}: ${backend.description.device}`;
  const owner = ownerOf(job, data, engine);
  const start = await recall(checkpoint, owner);
  const trainer = new Trainer(backend, config, training, start.trainer);
  const curve = [...start.curve];
  let { trainSeconds } = start;
  const cpuSeconds = () => start.cpuSeconds + cpuSecondsSince(cpu);
  const reporter = {
    progress: (epoch: number, fraction: number) => onProgress(epoch - 1 + fraction),
  };
  try {
    for (let epoch = curve.length + 1; epoch <= config.epochs; epoch++) {
      const { trainLoss, seconds } = await trainEpoch(trainer, { reporter, breathe }, epoch);
      trainSeconds += seconds;
      const errorRate = await cleanErrorRate({ backend, breathe }, trainer.network, judged);
      curve.push({ epoch, trainLoss, errorRate });
      if (checkpoint !== null) {
        const snapshot = await trainer.snapshot();
        const state: State = { curve, trainSeconds, cpuSeconds: cpuSeconds(), trainer: snapshot };
        await writeWhole(checkpoint, serialize({ owner, state }));
      }
      onEpoch(epoch);
    }
    const attacks = await attackAll(backend, trainer, judged, job, breathe);
    return {
      version: 1,
      id: job.id,
      config,
      data: {
        name: data.name,
        trainingImages: training.count,
        evaluatedOn: config.holdOutValidation ? 'validation' : 'test',
        evaluatedImages: judged.count,
      },
      engine,
      curve,
      last: { errorRate: curve.at(-1)!.errorRate, attacks },
      times: {
        trainSeconds: Number(trainSeconds.toFixed(1)),
        cpuSeconds: Number(cpuSeconds().toFixed(1)),
        finishedAt: new Date().toISOString(),
      },
    };
  } finally {
    trainer.dispose();
    backend.dispose();
  }
}
