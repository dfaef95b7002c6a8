import { createReproducibleBackend, measureFile } from './measure.ts'; // first, as it says there
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readDataDirectory } from '../train/dataDirectory.ts';
import { readNetwork } from '../../src/formats/networkFile.ts';
import { pretrainedIndexSchema } from '../../src/domain/pretrained.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { recipes } from './recipe.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'public', 'pretrained');
const read = async (name: string) => new Uint8Array(await readFile(path.join(folder, name)));
const index = pretrainedIndexSchema.parse(
  JSON.parse(await readFile(path.join(folder, 'index.json'), 'utf8')),
);

describe('the pretrained networks', async () => {
  const { test } = await readDataDirectory(mnistSourceFolder());
  const backend = await createReproducibleBackend(1);
  afterAll(() => backend.dispose());

  it('have the settings of the recipes', () => {
    expect(index.networks.map(({ id, name, config }) => ({ id, name, config }))).toEqual(recipes);
  });

  it.each(index.networks)(
    '$id has the size, the training and the errors of its record',
    { timeout: 60_000 },
    async ({ file, config, testErrors }) => {
      const bytes = await read(file);
      expect(bytes.length).toBeLessThan(1_000_000);
      const { config: own, stepsTrained } = await readNetwork(new Blob([bytes]));
      expect(own).toEqual(config);
      expect(stepsTrained).toBe(
        Math.ceil(config.trainingSetSize / config.batchSize) * config.epochs,
      );
      // Exactly, on all 10,000 images, because the engine rounds the same way on every machine.
      const found = await measureFile(backend, bytes, test, 'fgsm');
      expect(test.count).toBe(index.testImages);
      expect(found.clean).toBe(testErrors.clean);
      expect(found.adversarial).toBe(testErrors.fgsm);
      expect(testErrors.pgd).toBeGreaterThanOrEqual(testErrors.fgsm);
    },
  );
});
