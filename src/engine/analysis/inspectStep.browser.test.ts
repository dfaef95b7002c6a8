import { afterAll, describe, expect, it } from 'vitest';
import { networkTypes } from '../../domain/settings/config.ts';
import { connectTasks } from '../testing/inWorker.ts';
import type { WebGLTasks } from '../testing/webglTasks.worker.ts';

const worker = connectTasks<WebGLTasks>(
  new Worker(new URL('../testing/webglTasks.worker.ts', import.meta.url), { type: 'module' }),
);
afterAll(() => worker.terminate());

describe('an inspected step on WebGL', () => {
  it.each(networkTypes)('agrees with the float64 reference in a %s network', async (type) => {
    for (const clipTrainingImages of [false, true]) {
      const differences = await worker.run('inspection', { networkType: type, clipTrainingImages });
      for (const [name, difference] of Object.entries(differences)) {
        expect(difference, name).toBeLessThanOrEqual(1e-4);
      }
    }
  });
});
