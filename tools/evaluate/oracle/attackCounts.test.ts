import { createReproducibleBackend } from '../../pretrain/measure.ts'; // first, as it says there
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Attack, StrongestAttack } from '../../../src/domain/metrics.ts';
import { slice } from '../../../src/data/splits.ts';
import { weakerAttacks } from '../../../src/engine/strongest/strongestAttack.ts';
import { mnistSourceFolder } from '../../build/mnistPlugin.ts';
import { loadNetwork } from '../../pretrain/measure.ts';
import { readDataDirectory } from '../../train/dataDirectory.ts';
import { measureUnder } from '../../train/measureRobustness.ts';

const counts = z.record(z.string(), z.number());
const schema = z.object({
  network: z.string(),
  sha256: z.string(),
  images: z.number(),
  clean: z.number(),
  errors: z.object({ fgsm: counts, pgd: counts, 'margin-pgd': counts, strongest: counts }),
});

const json = await readFile(path.join(import.meta.dirname, 'attackCounts.json'), 'utf8');
const expected = schema.parse(JSON.parse(json));
const isFull = process.env.TEST_FULL === '1';
/** The ε that are compared without TEST_FULL. */
const quick = ['0.1', '0.2'];

function makeAttack(kind: keyof typeof expected.errors, epsilon: number): Attack | StrongestAttack {
  const attack = { epsilon, clip: true, seed: 1 };
  return kind === 'strongest' ? { kind, ...attack } : weakerAttacks(attack)[kind];
}

describe('attacks on a shipped network, beside PyTorch', async () => {
  const folder = path.join(import.meta.dirname, '..', '..', '..', 'public', 'pretrained');
  const file = new Uint8Array(await readFile(path.join(folder, expected.network)));
  const { test } = await readDataDirectory(mnistSourceFolder());
  const backend = await createReproducibleBackend(1);
  afterAll(() => backend.dispose());

  it('are about the network that is shipped: attack_counts.py counts again when it changes', () => {
    expect(createHash('sha256').update(file).digest('hex')).toBe(expected.sha256);
  });

  it.each(['fgsm', 'pgd', 'margin-pgd', ...(isFull ? (['strongest'] as const) : [])] as const)(
    'fool as many of 1,000 digits, to 3: %s',
    { timeout: 600_000 },
    async (kind) => {
      const network = await loadNetwork(backend, file);
      const set = slice(test, 0, expected.images);
      const yieldToEventLoop = () => Promise.resolve();
      for (const [epsilon, errors] of Object.entries(expected.errors[kind])) {
        if (!isFull && !quick.includes(epsilon)) continue;
        const attack = makeAttack(kind, Number(epsilon));
        const subject = { backend, network, set, yieldToEventLoop };
        const { clean, attacked } = await measureUnder(subject, attack);
        expect(Math.round(clean.errorRate * set.count)).toBe(expected.clean);
        const found = Math.round(attacked * set.count);
        expect(
          Math.abs(found - errors),
          `ε ${epsilon}: ${found}, PyTorch ${errors}`,
        ).toBeLessThanOrEqual(3);
      }
      backend.free(...network.layers.map(({ parameters }) => parameters));
    },
  );
});
