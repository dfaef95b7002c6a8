import { readKernels } from '../train/readKernels.ts'; // first, because it sets a flag before WebAssembly is used
import { readFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { splitTrainingSet, readDataDirectory, readTrainingImages } from '../train/dataDirectory.ts';
import { cleanErrorRate, trainEpoch } from '../train/run.ts';
import { type ImageSet, orderPixels } from '../../src/data/imageSet.ts';
import type { Backend } from '../../src/engine/backends/backend.ts';
import { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { Trainer } from '../../src/engine/trainer.ts';
import type { Checkpoint } from '../../src/domain/checkpoint.ts';
import type { CurvePoint, RunResult } from '../../src/domain/reproduction.ts';
import { replaceFile } from '../replaceFile.ts';
import { readCifarSample } from './cifarSample.ts';
import type { Job } from './jobs.ts';
import type { DataSource, RunRequest } from './messages.ts';

/** The state of a run between two epochs. */
interface State {
  readonly curve: readonly CurvePoint[];
  readonly trainSeconds: number;
  readonly cpuSeconds: number;
  readonly trainer: Omit<Checkpoint, 'trainSeconds'> | null;
}
const initialState: State = { curve: [], trainSeconds: 0, cpuSeconds: 0, trainer: null };

interface RunHooks {
  /** @param epochs number of epochs so far, including a fraction within an epoch */
  readonly onProgress: (epochs: number) => void;
  /** Called after each epoch, when its checkpoint is saved. */
  readonly onEpoch: (epochs: number) => void;
  readonly yieldToEventLoop: () => Promise<void>;
}

/** Identifies the run of a checkpoint: with another config or engine, the run starts again. */
function ownerOf(job: Job, { name, directory }: DataSource, engine: string): string {
  return JSON.stringify([job.config, name, directory, engine]);
}

async function loadState(file: string | null, owner: string): Promise<State> {
  if (file === null) return initialState;
  try {
    const stored = deserialize(await readFile(file)) as { owner: string; state: State };
    return stored.owner === owner ? stored.state : initialState;
  } catch {
    // There is none yet, or it is damaged, which only costs time.
    return initialState;
  }
}

/**
 * Reads the images of a run. If it is evaluated on validation images, MNIST's test files are not opened; CIFAR-10's
 * test images are read to check the sample, but not used.
 */
async function readSets(
  { config }: Job,
  { directory, heldOut }: DataSource,
): Promise<{ training: ImageSet; evaluated: ImageSet }> {
  const size = config.trainingSetSize;
  const { dataSet } = config;
  if (config.holdOutValidation) {
    const all =
      dataSet === null
        ? await readTrainingImages(directory)
        : (await readCifarSample(directory, dataSet)).training;
    const parts = splitTrainingSet(all, size, heldOut);
    return { training: parts.training, evaluated: parts.validation! };
  }
  const { training, test } =
    dataSet === null
      ? await readDataDirectory(directory)
      : await readCifarSample(directory, dataSet);
  return { training: splitTrainingSet(training, size, 0).training, evaluated: test };
}

/** Reads the images of a run, in the pixel order of its network. */
async function readImages(
  job: Job,
  data: DataSource,
): Promise<{ training: ImageSet; evaluated: ImageSet }> {
  const { training, evaluated: judged } = await readSets(job, data);
  const { permutationSeed } = job.config;
  return {
    training: orderPixels(training, permutationSeed),
    evaluated: orderPixels(judged, permutationSeed),
  };
}

async function attackAll(
  backend: Backend,
  { network }: Trainer,
  evaluated: ImageSet,
  { attacks }: Job,
  yieldToEventLoop: () => Promise<void>,
): Promise<RunResult['last']['attacks']> {
  const results: RunResult['last']['attacks'] = [];
  for (const attack of attacks) {
    const scores = await evaluate(
      backend,
      network,
      evaluated,
      evaluated.count,
      attack,
      yieldToEventLoop,
    );
    results.push({ attack, errorRate: scores.adversarial.errorRate });
  }
  return results;
}

function cpuSecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/**
 * Makes a run with the command line's engine, on one thread, resuming from its checkpoint if there is one.
 *
 * @throws UsageError or LabError naming the data file, or the step at which training diverged
 */
export async function trainJob(
  { job, data, checkpoint }: RunRequest,
  { onProgress, onEpoch, yieldToEventLoop }: RunHooks,
): Promise<RunResult> {
  const { config } = job;
  const cpu = process.cpuUsage();
  const { training, evaluated } = await readImages(job, data);
  const backend = await SimdBackend.create(readKernels);
  const engine = `${backend.description.name}: ${backend.description.device}`;
  const owner = ownerOf(job, data, engine);
  const start = await loadState(checkpoint, owner);
  const trainer = new Trainer(backend, config, training, start.trainer);
  const curve = [...start.curve];
  let { trainSeconds } = start;
  const cpuSeconds = () => start.cpuSeconds + cpuSecondsSince(cpu);
  const reporter = {
    progress: (epoch: number, fraction: number) => onProgress(epoch - 1 + fraction),
  };
  try {
    for (let epoch = curve.length + 1; epoch <= config.epochs; epoch++) {
      const { trainLoss, seconds } = await trainEpoch(
        trainer,
        { reporter, yieldToEventLoop },
        epoch,
      );
      trainSeconds += seconds;
      const errorRate = await cleanErrorRate(
        { backend, yieldToEventLoop },
        trainer.network,
        evaluated,
      );
      curve.push({ epoch, trainLoss, errorRate });
      if (checkpoint !== null) {
        const snapshot = await trainer.snapshot();
        const state: State = { curve, trainSeconds, cpuSeconds: cpuSeconds(), trainer: snapshot };
        await replaceFile(checkpoint, serialize({ owner, state }));
      }
      onEpoch(epoch);
    }
    const attacks = await attackAll(backend, trainer, evaluated, job, yieldToEventLoop);
    return {
      version: 1,
      id: job.id,
      config,
      data: {
        name: data.name,
        trainingImages: training.count,
        evaluatedOn: config.holdOutValidation ? 'validation' : 'test',
        evaluatedImages: evaluated.count,
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
