/**
 * `npm run pretrained`: trains the networks that come with the page and writes them, with their test errors, to
 * public/pretrained/. The command makes the same files on every machine.
 *
 * It saves a checkpoint after each epoch (.cache/pretrain/) and resumes from it: `-- --seconds 200` stops after the
 * epoch in which the time is up, with exit code 3, and the same command continues.
 */
import { createReproducibleBackend, measureFile } from './measure.ts'; // first, as it says there
import { readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { readDataDirectory, type DataSet } from '../train/dataDirectory.ts';
import type { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { Trainer } from '../../src/engine/trainer.ts';
import type { Checkpoint } from '../../src/domain/checkpoint.ts';
import type { RunConfig } from '../../src/domain/settings/config.ts';
import { encodeNetwork } from '../../src/formats/networkFile.ts';
import {
  pretrainedAttackEpsilon,
  type PretrainedIndex,
  pretrainedIndexName,
  type PretrainedRecord,
} from '../../src/domain/pretrained.ts';
import { buildKernels } from '../build/kernels.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { formatText } from '../formatText.ts';
import { replaceFile } from '../replaceFile.ts';
import { type Recipe, recipes } from './recipe.ts';

const root = path.join(import.meta.dirname, '..', '..');
const target = path.join(root, 'public', 'pretrained');
const cache = path.join(root, '.cache', 'pretrain');
const outOfTime = 3;

/** The state of a run between two epochs. */
type TrainingState = Omit<Checkpoint, 'trainSeconds'>;

/** Loads the last state of a run with these settings; null before its first epoch. */
async function loadState(file: string, config: RunConfig): Promise<TrainingState | null> {
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return null;
  const stored = deserialize(bytes) as { config: RunConfig; saved: TrainingState };
  return JSON.stringify(stored.config) === JSON.stringify(config) ? stored.saved : null;
}

/** Trains to the end, or until the time is up. @returns the last state; null if the time was up */
async function train(
  backend: SimdBackend,
  { id, config }: Recipe,
  { training }: DataSet,
  isTimeUp: () => boolean,
): Promise<TrainingState | null> {
  const file = path.join(cache, id);
  let state = await loadState(file, config);
  const trainer = new Trainer(backend, config, training, state);
  try {
    while (trainer.step < trainer.totalSteps) {
      if (isTimeUp()) return null;
      const end = trainer.step + trainer.stepsPerEpoch;
      while (trainer.step < end) trainer.trainStep();
      const loss = await trainer.takeTrainLoss();
      state = await trainer.snapshot();
      await replaceFile(file, serialize({ config, saved: state }));
      const epoch = trainer.step / trainer.stepsPerEpoch;
      console.log(`${id}: epoch ${epoch} of ${config.epochs}, training loss ${loss!.toFixed(5)}`);
    }
    return state;
  } finally {
    trainer.dispose();
  }
}

/** Encodes a trained network in half precision, and measures the encoded network. */
async function makeFile(
  backend: SimdBackend,
  { id, name, config }: Recipe,
  { layers, step }: TrainingState,
  { test }: DataSet,
): Promise<{ bytes: Uint8Array; record: PretrainedRecord }> {
  const { features, classes } = test;
  const facts = { config, features, classes, stepsTrained: step, trainSeconds: null };
  const bytes = encodeNetwork(layers, facts, {}, 'F16');
  const fgsm = await measureFile(backend, bytes, test, 'fgsm');
  const pgd = await measureFile(backend, bytes, test, 'pgd');
  const testErrors = { clean: fgsm.clean, fgsm: fgsm.adversarial, pgd: pgd.adversarial };
  console.log(`${id}: ${bytes.length} bytes, test errors ${JSON.stringify(testErrors)}`);
  return { bytes, record: { id, name, file: `${id}.safetensors`, config, testErrors } };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: 'Infinity' },
      threads: { type: 'string', default: String(Math.min(4, availableParallelism())) },
      afresh: { type: 'boolean', default: false },
    },
  });
  const deadline = performance.now() + Number(values.seconds) * 1000;
  const isTimeUp = () => performance.now() > deadline;
  if (values.afresh) await rm(cache, { recursive: true, force: true });
  await buildKernels();
  const data = await readDataDirectory(mnistSourceFolder());
  const backend = await createReproducibleBackend(Number(values.threads));
  const trained: { recipe: Recipe; saved: TrainingState }[] = [];
  for (const recipe of recipes) {
    const saved = await train(backend, recipe, data, isTimeUp);
    if (saved === null) {
      console.log('Time is up. Run the same command again to continue.');
      return outOfTime;
    }
    trained.push({ recipe, saved });
  }
  const made: Awaited<ReturnType<typeof makeFile>>[] = [];
  for (const { recipe, saved } of trained) {
    made.push(await makeFile(backend, recipe, saved, data));
  }
  backend.dispose();
  // All files are written at the end, so that until then the old files match their index.
  for (const { bytes, record } of made) await replaceFile(path.join(target, record.file), bytes);
  const index: PretrainedIndex = {
    version: 1,
    attackEpsilon: pretrainedAttackEpsilon,
    testImages: 10_000,
    networks: made.map(({ record }) => record),
  };
  const file = path.join(target, pretrainedIndexName);
  await replaceFile(file, await formatText(file, JSON.stringify(index)));
  return 0;
}

process.exitCode = await main();
