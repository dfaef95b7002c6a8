import { createReproducibleBackend } from './measure.ts'; // first, as it says there
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pretrainedFolder } from '../../src/domain/pretrained.ts';
import { Float64Backend } from '../../src/engine/backends/float64/backend.ts';
import {
  compareAttackSigns,
  comparedAttacks,
  confidentCopies,
  type ConfidentCopy,
  countErrors,
} from '../../src/engine/testing/compareAttacks.ts';
import { readNetwork } from '../../src/formats/networkFile.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { readDataDirectory } from '../train/dataDirectory.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'public', pretrainedFolder);
const isFull = process.env.TEST_FULL === '1';
/** Networks and images of the attacks that take many gradients: the reference is slow. */
const attacked = isFull
  ? { names: ['as it is', 'all × 3', 'output × 10', 'output × 100'], count: 1000 }
  : { names: ['all × 3', 'output × 100'], count: 40 };

describe('attacks on confident networks with SIMD', async () => {
  const { test } = await readDataDirectory(mnistSourceFolder());
  const file = await readFile(path.join(folder, 'plain.safetensors'));
  const { config, layers } = await readNetwork(new Blob([new Uint8Array(file)]));
  const copies = confidentCopies({
    config,
    parameters: layers.map(({ parameters }) => Float32Array.from(parameters)),
  });
  const names = Object.keys(copies) as ConfidentCopy[];
  const simd = await createReproducibleBackend(1);
  const float64 = new Float64Backend();
  afterAll(() => simd.dispose());

  it.each(names)('have no zero gradient and the signs of float64: %s', async (name) => {
    for (const loss of ['bce', 'margin'] as const) {
      const signs = await compareAttackSigns(simd, float64, copies[name], test, 1000, loss);
      expect(signs).toMatchObject({ zeroGradients: 0, different: 0 });
      expect(signs.compared).toBeGreaterThan(500_000);
    }
    expect(simd.memory().matrices).toBe(0);
  });

  it.each(names)(
    'fool as many digits as in float64, to 3 images: %s',
    { timeout: 600_000 },
    async (name) => {
      for (const attack of comparedAttacks) {
        const isFast = attack.kind === 'fgsm';
        if (!isFast && !attacked.names.includes(name)) continue;
        const count = isFast ? 1000 : attacked.count;
        const found = await countErrors(simd, copies[name], test, count, attack);
        const expected = await countErrors(float64, copies[name], test, count, attack);
        expect(Math.abs(found - expected), attack.kind).toBeLessThanOrEqual(3);
      }
    },
  );
});
