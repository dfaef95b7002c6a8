import { afterAll, describe, expect, it } from 'vitest';
import { connectTasks } from '../../testing/inWorker.ts';
import type { SimdTasks } from '../../testing/simdTasks.worker.ts';

const worker = connectTasks<SimdTasks>(
  new Worker(new URL('../../testing/simdTasks.worker.ts', import.meta.url), { type: 'module' }),
);
afterAll(() => worker.terminate());

const variants = [
  { build: 'relaxed', threads: 1 },
  { build: 'relaxed', threads: 2 },
  { build: 'plain', threads: 1 },
  { build: 'plain', threads: 2 },
] as const;

describe('SIMD in a worker of a browser', () => {
  it('shares memory among threads', async () => {
    expect(await worker.run('canShareMemory')).toBe(true);
    expect(await worker.run('describe', 'relaxed', 2)).toContain('2 threads');
  });

  it.each(variants)(
    'agrees with the golden vectors to 1e-5: $build, $threads',
    async ({ build, threads }) => {
      const worst = await worker.run('golden', build, threads);
      expect(Object.keys(worst)).toHaveLength(24);
      for (const [name, error] of Object.entries(worst)) {
        expect(error, name).toBeLessThanOrEqual(1e-5);
      }
    },
  );

  it.each(variants)(
    'agrees with float64 in every operation to 1e-5: $build, $threads',
    async ({ build, threads }) => {
      const differences = await worker.run('operations', build, threads, 11);
      for (const [operation, difference] of Object.entries(differences)) {
        expect(difference, operation).toBeLessThanOrEqual(1e-5);
      }
    },
  );

  it.each(['relaxed', 'plain'] as const)(
    'gives the same weights to the bit on 1 and 2 threads: %s',
    async (build) => {
      const single = await worker.run('train', build, 1);
      expect(await worker.run('train', build, 2)).toEqual(single);
    },
  );
});
