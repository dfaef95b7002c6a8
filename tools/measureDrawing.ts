/**
 * `npm run measure:drawing`: measures what the normalization of drawings costs. The MNIST test digits are enlarged ten
 * times, distorted like handwriting, and normalized like drawings on the pad; the table compares each network's errors
 * on them with its errors on the original images.
 *
 * `-- --weights FILE` (may be repeated) measures other networks than public/pretrained/*.safetensors; `--images N` uses
 * only the first N test images.
 */
import './train/readKernels.ts'; // first, because it sets a flag before WebAssembly is used
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readDataDirectory } from './train/dataDirectory.ts';
import { readKernels } from './train/readKernels.ts';
import { normalizeDigit } from '../src/digits/normalizeDigit.ts';
import { type ImageSet, selectImages } from '../src/data/imageSet.ts';
import { SimdBackend } from '../src/engine/backends/simd/backend.ts';
import { classifyImages } from '../src/engine/evaluate.ts';
import { layerShapes, makeNetwork, type Network } from '../src/engine/network.ts';
import { readNetwork } from '../src/formats/networkFile.ts';
import { seededGenerator } from '../src/domain/random.ts';
import { distort, drawDistortion, none } from './drawing/distort.ts';
import { buildKernels } from './build/kernels.ts';
import { mnistSourceFolder } from './build/mnistPlugin.ts';

const seed = 1;
const side = 28;
const features = side * side;
const classes = 10;
/** The largest allowed increase of the error rate, as a fraction. */
const allowedCost = 0.01;
const chunkSize = 500;
const pretrainedFolder = path.join(import.meta.dirname, '..', 'public', 'pretrained');

function weightFiles(named: readonly string[]): readonly string[] {
  if (named.length > 0) return named;
  const found = existsSync(pretrainedFolder) ? readdirSync(pretrainedFolder) : [];
  const files = found.filter((name) => name.endsWith('.safetensors')).sort();
  if (files.length > 0) return files.map((name) => path.join(pretrainedFolder, name));
  throw new Error(
    `${pretrainedFolder} has no networks. Name one with --weights FILE; npm run train -- --save FILE makes one.`,
  );
}

async function loadNetwork(backend: SimdBackend, file: string): Promise<Network> {
  const facts = await readNetwork(new Blob([readFileSync(file)]));
  if (facts.features !== features || facts.classes !== classes) {
    throw new Error(
      `${file}: expected a network with MNIST's 784 inputs and 10 classes, found ${facts.features} and ${facts.classes}.`,
    );
  }
  const shapes = layerShapes(facts.config, features, classes);
  const parameters = facts.layers.map((layer) => layer.parameters);
  return makeNetwork(backend, shapes, parameters, facts.config.loss);
}

interface PadInputs {
  /** [count × 784], MNIST's images. */
  readonly original: Float32Array;
  /** [count × 784], enlarged and normalized. */
  readonly enlarged: Float32Array;
  /** [count × 784], enlarged, distorted and normalized. */
  readonly distorted: Float32Array;
  /** Number of distorted digits that the normalization considered empty. */
  readonly empty: number;
}

function sendThroughPad(set: ImageSet, count: number): PadInputs {
  const { images: original } = selectImages(set, 0, count);
  const enlarged = new Float32Array(original.length);
  const distorted = new Float32Array(original.length);
  let empty = 0;
  let lastShown = performance.now();
  for (let i = 0; i < count; i++) {
    const at = i * features;
    const image = { width: side, height: side, pixels: original.subarray(at, at + features) };
    const plain = normalizeDigit(distort(image, none));
    if (plain.kind === 'digit') enlarged.set(plain.pixels, at);
    // Each image has its own generator, so --images does not change any image.
    const generator = seededGenerator(seed, 'noise', i);
    const result = normalizeDigit(distort(image, drawDistortion(generator)));
    if (result.kind === 'digit') distorted.set(result.pixels, at);
    else empty++;
    if (process.stderr.isTTY && performance.now() - lastShown > 500) {
      process.stderr.write(`\r${i} of ${count} digits drawn`);
      lastShown = performance.now();
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
  return { original, enlarged, distorted, empty };
}

/** Number of wrong predictions, by the true digit. */
async function countErrors(
  backend: SimdBackend,
  network: Network,
  images: Float32Array,
  labels: Uint8Array,
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

const titles = ['digit', 'images', 'original', 'enlarged', 'distorted', 'cost'];

/** A difference of rates in percentage points, with its sign. */
function points(difference: number): string {
  return `${difference >= 0 ? '+' : '−'}${Math.abs(100 * difference).toFixed(2)}`;
}

function printTable(labels: Uint8Array, inputs: readonly (readonly number[])[]): number {
  const percent = (errors: number, of: number) => `${((100 * errors) / of).toFixed(2)} %`;
  const row = (cells: readonly string[]) =>
    console.log(cells.map((cell) => cell.padStart(9)).join('  '));
  const line = (title: string, count: number, [original, enlarged, distorted]: number[]) => {
    row([
      title,
      String(count),
      percent(original!, count),
      percent(enlarged!, count),
      percent(distorted!, count),
      points((distorted! - original!) / count),
    ]);
  };
  row(titles);
  for (let digit = 0; digit < classes; digit++) {
    const count = labels.filter((label) => label === digit).length;
    if (count === 0) continue;
    line(
      String(digit),
      count,
      inputs.map((errors) => errors[digit]!),
    );
  }
  const sums = inputs.map((errors) => errors.reduce((sum, count) => sum + count, 0));
  line('all', labels.length, sums);
  return (sums[2]! - sums[0]!) / labels.length;
}

const { values: options } = parseArgs({
  options: {
    weights: { type: 'string', multiple: true, default: [] },
    images: { type: 'string', default: '10000' },
  },
});
const files = weightFiles(options.weights);
const { test } = await readDataDirectory(mnistSourceFolder());
const count = Number(options.images);
if (!Number.isInteger(count) || count < 1 || count > test.count) {
  throw new Error(`--images must be 1 to ${test.count}, not ${options.images}.`);
}
await buildKernels(() => console.error('compiling the kernels, once ...'));
const backend = await SimdBackend.create(readKernels);
const start = performance.now();
const inputs = sendThroughPad(test, count);
const perDigit = (performance.now() - start) / count;
const labels = test.labels.subarray(0, count);
console.log(
  `${count} test digits enlarged 10 times; distorted: scaled by 0.6 to 1.4, shifted by up to 20 %, grown or`,
);
console.log(
  `shrunk by up to half a pixel of MNIST (seed ${seed}). ${inputs.empty} of them were considered empty. ${perDigit.toFixed(1)} ms each.`,
);
for (const file of files) {
  const network = await loadNetwork(backend, file);
  const errors: number[][] = [];
  for (const images of [inputs.original, inputs.enlarged, inputs.distorted]) {
    errors.push(await countErrors(backend, network, images, labels));
  }
  console.log(`\n${path.basename(file)}`);
  const cost = printTable(labels, errors);
  const isMet = cost <= allowedCost;
  console.log(
    `${isMet ? 'Met' : 'MISSED'}: the normalization changes the error by ${points(cost)} points; at most ${points(allowedCost)} is allowed.`,
  );
  if (!isMet) process.exitCode = 1;
}
backend.dispose();
