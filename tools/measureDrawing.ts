/**
 * `npm run measure:drawing`: measures what the normalization of drawings costs. The MNIST test digits are enlarged ten
 * times, distorted like handwriting, and normalized like drawings on the pad; the table compares the errors of each
 * pretrained network on them with its errors on the original images.
 */
import { loadNetwork } from './pretrain/measure.ts'; // first, because it sets a flag before WebAssembly is used
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readDataDirectory } from './train/dataDirectory.ts';
import { readKernels } from './train/readKernels.ts';
import { normalizeDigit } from '../src/digits/normalizeDigit.ts';
import type { ImageSet } from '../src/data/imageSet.ts';
import { SimdBackend } from '../src/engine/backends/simd/backend.ts';
import { classifyImages } from '../src/engine/evaluate.ts';
import type { Network } from '../src/engine/network.ts';
import { pretrainedIds } from '../src/domain/pretrained.ts';
import { seededGenerator } from '../src/domain/random.ts';
import { distort, drawDistortion, none } from './drawing/distort.ts';
import { buildKernels } from './build/kernels.ts';
import { mnistSourceFolder } from './build/mnistPlugin.ts';

const seed = 1;
/** The largest allowed increase of the error rate, as a fraction. */
const allowedCost = 0.01;
const chunkSize = 500;
const folder = path.join(import.meta.dirname, '..', 'public', 'pretrained');

/** Sends all digits through the pad. @returns [count × 784] each, and how many distorted digits seemed empty */
function sendThroughPad({ pixels, features, count }: ImageSet) {
  const side = Math.sqrt(features);
  const original = Float32Array.from(pixels, (pixel) => pixel / 255);
  const enlarged = new Float32Array(original.length);
  const distorted = new Float32Array(original.length);
  let empty = 0;
  for (let i = 0; i < count; i++) {
    const at = i * features;
    const image = { width: side, height: side, pixels: original.subarray(at, at + features) };
    const plain = normalizeDigit(distort(image, none));
    if (plain.kind === 'digit') enlarged.set(plain.pixels, at);
    const generator = seededGenerator(seed, 'noise', i);
    const result = normalizeDigit(distort(image, drawDistortion(generator)));
    if (result.kind === 'digit') distorted.set(result.pixels, at);
    else empty++;
    if (process.stderr.isTTY && i % 50 === 0)
      process.stderr.write(`\r${i} of ${count} digits drawn`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
  return { original, enlarged, distorted, empty };
}

/** Number of wrong predictions, by the true digit. */
async function countErrors(
  backend: SimdBackend,
  network: Network,
  images: Float32Array,
  { labels, features, classes }: ImageSet,
): Promise<number[]> {
  const errors = new Array<number>(classes).fill(0);
  for (let from = 0; from < labels.length; from += chunkSize) {
    const to = Math.min(labels.length, from + chunkSize);
    const chunk = images.subarray(from * features, to * features);
    const probabilities = await classifyImages(backend, network, chunk, features);
    for (let i = from; i < to; i++) {
      const own = probabilities.subarray((i - from) * classes, (i - from + 1) * classes);
      const predicted = own.indexOf(Math.max(...own));
      if (predicted !== labels[i]) errors[labels[i]!]!++;
    }
  }
  return errors;
}

/** A difference of rates in percentage points, with its sign. */
function points(difference: number): string {
  return `${difference >= 0 ? '+' : '−'}${Math.abs(100 * difference).toFixed(2)}`;
}

function printRow(...cells: readonly string[]): void {
  console.log(cells.map((cell) => cell.padStart(9)).join('  '));
}

/** Prints a row of the table. @returns the cost, as a fraction */
function printErrors(title: string, count: number, errors: readonly number[]): number {
  const [original, , distorted] = errors;
  const cost = (distorted! - original!) / count;
  const rates = errors.map((wrong) => `${((100 * wrong) / count).toFixed(2)} %`);
  printRow(title, String(count), ...rates, points(cost));
  return cost;
}

const { test } = await readDataDirectory(mnistSourceFolder());
await buildKernels(() => console.error('compiling the kernels, once ...'));
const backend = await SimdBackend.create(readKernels);
const start = performance.now();
const { original, enlarged, distorted, empty } = sendThroughPad(test);
const perDigit = (performance.now() - start) / test.count;
console.log(
  `${test.count} test digits enlarged 10 times; distorted: scaled by 0.6 to 1.4, shifted by up to 20 %, grown or`,
);
console.log(
  `shrunk by up to half a pixel of MNIST (seed ${seed}). ${empty} of them were considered empty. ${perDigit.toFixed(1)} ms each.`,
);
for (const id of pretrainedIds) {
  const file = new Uint8Array(await readFile(path.join(folder, `${id}.safetensors`)));
  const network = await loadNetwork(backend, file);
  const errors: number[][] = [];
  for (const images of [original, enlarged, distorted]) {
    errors.push(await countErrors(backend, network, images, test));
  }
  console.log(`\n${id}`);
  printRow('digit', 'images', 'original', 'enlarged', 'distorted', 'cost');
  for (let digit = 0; digit < test.classes; digit++) {
    const count = test.labels.filter((label) => label === digit).length;
    printErrors(
      String(digit),
      count,
      errors.map((wrong) => wrong[digit]!),
    );
  }
  const sums = errors.map((wrong) => wrong.reduce((sum, count) => sum + count, 0));
  const cost = printErrors('all', test.count, sums);
  const isMet = cost <= allowedCost;
  console.log(
    `${isMet ? 'Met' : 'MISSED'}: the normalization changes the error by ${points(cost)} points; at most ${points(allowedCost)} is allowed.`,
  );
  if (!isMet) process.exitCode = 1;
}
backend.dispose();
