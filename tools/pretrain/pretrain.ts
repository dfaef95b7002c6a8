/**
 * `npm run pretrained`: trains the networks that come with the page and writes them, with their test errors, to
 * public/pretrained/. The command makes the same files on every machine, in a few minutes.
 */
import { createReproducibleBackend, measureFile } from './measure.ts'; // first, as it says there
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { readDataDirectory, type DataSet } from '../train/dataDirectory.ts';
import type { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { Trainer } from '../../src/engine/trainer.ts';
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

const target = path.join(import.meta.dirname, '..', '..', 'public', 'pretrained');

/** Trains a network, encodes it in half precision, and measures the encoded network. */
async function makeFile(
  backend: SimdBackend,
  { id, name, config }: Recipe,
  { training, test }: DataSet,
): Promise<{ bytes: Uint8Array; record: PretrainedRecord }> {
  const trainer = new Trainer(backend, config, training);
  for (let epoch = 1; epoch <= config.epochs; epoch++) {
    for (let step = 0; step < trainer.stepsPerEpoch; step++) trainer.trainStep();
    const loss = await trainer.takeTrainLoss();
    console.log(`${id}: epoch ${epoch} of ${config.epochs}, training loss ${loss!.toFixed(5)}`);
  }
  const { layers, step } = await trainer.snapshot();
  trainer.dispose();
  const { features, classes } = test;
  const facts = { config, features, classes, stepsTrained: step, trainSeconds: null };
  const bytes = encodeNetwork(layers, facts, {}, 'F16');
  const fgsm = await measureFile(backend, bytes, test, 'fgsm');
  const pgd = await measureFile(backend, bytes, test, 'margin-pgd');
  const testErrors = { clean: fgsm.clean, fgsm: fgsm.adversarial, pgd: pgd.adversarial };
  console.log(`${id}: ${bytes.length} bytes, test errors ${JSON.stringify(testErrors)}`);
  return { bytes, record: { id, name, file: `${id}.safetensors`, config, testErrors } };
}

await buildKernels();
const data = await readDataDirectory(mnistSourceFolder());
const backend = await createReproducibleBackend(Math.min(4, availableParallelism()));
const made: Awaited<ReturnType<typeof makeFile>>[] = [];
for (const recipe of recipes) made.push(await makeFile(backend, recipe, data));
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
