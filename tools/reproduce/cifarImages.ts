import { readData } from '../train/readData.ts';
import { UsageError } from '../train/options/usageError.ts';
import { trainingBatches } from '../../src/data/custom/cifar10.ts';
import type { ImageSet } from '../../src/data/imageSet.ts';
import { fingerprintOf } from '../../src/data/custom/customFiles.ts';
import { slice } from '../../src/data/splits.ts';
import type { CustomData } from '../../src/domain/dataSet.ts';

/**
 * Reads the images of a plan from CIFAR-10's binary version: the first images of each of its six batches, as many as the
 * plan tests on. A sample of 1,000 of each, or all 10,000.
 *
 * @param place any path that `npm run train -- --data` accepts: the archive, the six published `.bin` files, or the
 *   sample itself
 * @param expected the identity of the images, because others give other errors
 * @throws UsageError or LabError naming the path, what was expected and what was found
 */
export async function readCifarImages(
  place: string,
  expected: CustomData,
): Promise<{ training: ImageSet; test: ImageSet }> {
  const perBatch = expected.testCount;
  const all = await readData(place);
  const batchSize = all.test.count;
  if (all.training.standardization === undefined || batchSize < perBatch) {
    throw new UsageError(
      `${place}: expected CIFAR-10's binary version with ${perBatch} images or more in each batch, found ${all.training.count} training and ${batchSize} test images of ${all.training.features} values.`,
    );
  }
  const parts = trainingBatches.map((_, batch) =>
    slice(all.training, batch * batchSize, batch * batchSize + perBatch),
  );
  const training: ImageSet = {
    ...all.training,
    pixels: new Uint8Array(Buffer.concat(parts.map(({ pixels }) => pixels))),
    labels: new Uint8Array(Buffer.concat(parts.map(({ labels }) => labels))),
    count: perBatch * parts.length,
  };
  const test = slice(all.test, 0, perBatch);
  const found = fingerprintOf(training, test);
  if (found === expected.fingerprint) return { training, test };
  throw new UsageError(
    `${place}: expected the first ${perBatch} images of each batch of CIFAR-10, SHA-256 ${expected.fingerprint.slice(0, 12)}…, found others, ${found.slice(0, 12)}….`,
  );
}
