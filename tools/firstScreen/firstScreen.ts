/**
 * `npm run first-screen`: writes what the first screen shows before the networks are there
 * (src/experiment/drawing/firstScreen.json). Run it after `npm run pretrained`.
 */
import { createReproducibleBackend } from '../pretrain/measure.ts'; // first, as it says there
import path from 'node:path';
import { buildKernels } from '../build/kernels.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { formatText } from '../formatText.ts';
import { replaceFile } from '../replaceFile.ts';
import { readDataDirectory } from '../train/dataDirectory.ts';
import { makeFirstScreen } from './makeFirstScreen.ts';

const file = path.join(import.meta.dirname, '../../src/experiment/drawing/firstScreen.json');

await buildKernels();
const { test } = await readDataDirectory(mnistSourceFolder());
const backend = await createReproducibleBackend(1);
await replaceFile(
  file,
  await formatText(file, JSON.stringify(await makeFirstScreen(backend, test))),
);
backend.dispose();
