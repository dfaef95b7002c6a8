import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageSet } from '../../src/data/imageSet.ts';
import { pretrainedIds } from '../../src/domain/pretrained.ts';
import { summarySchema } from '../../src/domain/reproduction.ts';
import type { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { attackImages, classifyImages } from '../../src/engine/evaluate.ts';
import { findProvenEpsilon } from '../../src/engine/certify/provenEpsilon.ts';
import type { Network } from '../../src/engine/network.ts';
import { findPrediction, type Prediction } from '../../src/experiment/drawing/prediction.ts';
import {
  type FirstScreen,
  type FirstScreenNetwork,
  padDigit,
} from '../../src/experiment/drawing/firstScreen.ts';
import { initialAttackEpsilon } from '../../src/experiment/initialAttackEpsilon.ts';
import { findSmallestEpsilon } from '../../src/experiment/queries/smallestEpsilon.ts';
import { makeAttack } from '../../src/experiment/runs/measurements.ts';
import { loadPretrained } from './loadPretrained.ts';

const summaryFile = path.join(import.meta.dirname, '..', '..', 'results', 'summary.json');

/** Attack ε with predictions in the file, dense where predictions change. */
const preparedEpsilons = [0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5] as const;

/**
 * What the first screen shows until the page's own networks answer: the first test image of each digit, attacked on
 * each pretrained network as the page attacks it, with the predictions at several ε and the smallest ε found.
 */
export async function makeFirstScreen(
  backend: SimdBackend,
  test: ImageSet,
): Promise<{
  readonly screen: FirstScreen;
  /** By digit: its attacked versions as bytes, for each network at each ε (`attackedDigitFile`). */
  readonly attacked: readonly Uint8Array[];
}> {
  const digits = Array.from({ length: 10 }, (_, digit) => {
    const at = test.labels.indexOf(digit);
    return Float32Array.from(test.pixels.subarray(784 * at, 784 * (at + 1)), (byte) => byte / 255);
  });
  const networks: Record<string, FirstScreenNetwork[]> = {};
  const attacked: number[][] = digits.map(() => []);
  for (const { record, network, free } of await loadPretrained(backend)) {
    const found: FirstScreenNetwork[] = [];
    for (const [digit, pixels] of digits.entries()) {
      const { images, ...numbers } = await attackDigit(backend, network, pixels);
      const shown = images[preparedEpsilons.indexOf(initialAttackEpsilon)]!;
      found.push({ ...numbers, ...(digit === padDigit && { image: toBase64(shown) }) });
      attacked[digit]!.push(...images.flatMap((image) => [...image]));
    }
    networks[record.id] = found;
    free();
  }
  const screen = {
    reproduced: await readReproduced(),
    attackEpsilon: initialAttackEpsilon,
    preparedEpsilons,
    digits: digits.map((pixels) => toBase64(toBytes(pixels))),
    networks: pretrainedIds.map((id) => ({ id, digits: networks[id]! })),
  };
  return { screen, attacked: attacked.map((bytes) => Uint8Array.from(bytes)) };
}

/** Clean test errors of the paper's network as this project reproduced them (results/summary.json). */
async function readReproduced(): Promise<FirstScreen['reproduced']> {
  const { rows } = summarySchema.parse(JSON.parse(await readFile(summaryFile, 'utf8')));
  const find = (entry: string) => rows.find((row) => row.entry === entry)!;
  const meanOf = (entry: string) => Number(find(entry).clean!.mean.toFixed(4));
  return {
    epochs: find('relu-plain').config!.epochs,
    plain: meanOf('relu-plain'),
    adversarial: meanOf('relu-adversarial'),
  };
}

async function attackDigit(
  backend: SimdBackend,
  network: Network,
  pixels: Float32Array,
): Promise<Omit<FirstScreenNetwork, 'image'> & { readonly images: readonly Uint8Array[] }> {
  const before = findPrediction(await classifyImages(backend, network, pixels, 784, null));
  const labels = Uint8Array.of(before.digit);
  const after: Prediction[] = [];
  const images: Uint8Array[] = [];
  for (const epsilon of preparedEpsilons) {
    const attack = makeAttack('margin-pgd', epsilon);
    const attacked = await attackImages(backend, network, pixels, labels, attack, null);
    after.push(rounded(findPrediction(attacked.adversarialProbabilities)));
    images.push(toBytes(attacked.adversarialImages));
  }
  const smallest = await findSmallestEpsilon(
    (copies, trial) => attackImages(backend, network, copies.images, copies.labels, trial, null),
    {
      pixels,
      before: before.digit,
      target: null,
      signal: new AbortController().signal,
      onTrial: () => undefined,
    },
  );
  return {
    before: rounded(before),
    after,
    images,
    smallestEpsilon: smallest.found?.epsilon ?? null,
    provenEpsilon: await findProvenEpsilon(backend, network, pixels, before.digit, () =>
      Promise.resolve(),
    ),
  };
}

const rounded = ({ digit, confidence }: Prediction): Prediction => ({
  digit,
  // Never rounded up to certainty.
  confidence: Math.floor(confidence * 1e4) / 1e4,
});

/** Pixels, 0 to 1, as bytes: a change of at most 1/510. */
function toBytes(pixels: Float32Array): Uint8Array {
  return Uint8Array.from(pixels, (pixel) => Math.round(255 * pixel));
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
