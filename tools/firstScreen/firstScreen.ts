/**
 * `npm run first-screen`: writes what the page shows before its networks are there: the first screen's digits
 * (src/experiment/drawing/firstScreen.json, public/first-screen/) and the robustness of the pretrained networks
 * (src/features/robustness/pretrainedRobustness.json; some minutes). Run it after `npm run pretrained`.
 */
import { createReproducibleBackend } from '../pretrain/measure.ts'; // first, as it says there
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { buildKernels } from '../build/kernels.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { attackedDigitFile } from '../../src/experiment/drawing/firstScreen.ts';
import { formatText } from '../formatText.ts';
import { replaceFile } from '../replaceFile.ts';
import { readDataDirectory } from '../train/dataDirectory.ts';
import { makeFirstScreen } from './makeFirstScreen.ts';
import { measurePretrained } from './measurePretrained.ts';

/** Test images for the robustness curves: enough to tell networks apart, few enough to compute in a minute. */
const sampleCount = 2000;
const sources = path.join(import.meta.dirname, '..', '..', 'src');

async function write(name: string, value: unknown): Promise<void> {
  const file = path.join(sources, name);
  await replaceFile(file, await formatText(file, JSON.stringify(value)));
}

await buildKernels();
const { test } = await readDataDirectory(mnistSourceFolder());
const backend = await createReproducibleBackend(Math.min(4, availableParallelism()));
const { screen, attacked } = await makeFirstScreen(backend, test);
await write('experiment/drawing/firstScreen.json', screen);
for (const [digit, bytes] of attacked.entries()) {
  await replaceFile(path.join(sources, '..', 'public', attackedDigitFile(digit)), bytes);
}
await write(
  'features/robustness/pretrainedRobustness.json',
  await measurePretrained(backend, test, sampleCount),
);
backend.dispose();
