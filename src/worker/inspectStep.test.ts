import { describe, expect, it } from 'vitest';
import { syntheticImages } from '../engine/testing/syntheticImages.ts';
import type { Checkpoint } from '../domain/checkpoint.ts';
import { defaultConfig, type RunConfig } from '../domain/settings/config.ts';
import { makeWorker } from './testing/makeWorker.ts';

const config: RunConfig = {
  ...defaultConfig,
  networkType: 'tanh', // its units cannot die
  hiddenLayers: [6],
  trainingSetSize: 100,
  batchSize: 20,
  epochs: 2,
};
const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
const image = Float32Array.from(syntheticImages(1).pixels, (pixel) => pixel / 255);

/** A worker with a run that pauses after its first step. */
async function makeRun() {
  const worker = makeWorker();
  const paused = worker.next('paused');
  worker.api.start({ runId: 'run', config, checkpoint: null }, attack, 'step', false);
  await paused;
  return worker;
}

/** The run's network in the format of a file. */
function loadFrom({ step, layers }: Checkpoint) {
  const weights = layers.map(({ rows, columns, parameters }) => ({ rows, columns, parameters }));
  return { runId: 'file', config, step, layers: weights };
}

describe('an inspected step', () => {
  it('is that of the run, with its optimizer, and does not train the network', async () => {
    const { api, backend } = await makeRun();
    const before = await api.checkpoint('run');
    const { matrices } = backend.memory();
    const inspection = await api.inspectStep('run', image, 3, 0.2);
    expect(inspection).toMatchObject({ step: 1, epsilon: 0.2, label: 3, hasOptimizerMemory: true });
    expect(inspection.clean.hidden.map(({ length }) => length)).toEqual([6]);
    expect(inspection.methods.adversarial.pass.loss).toBeGreaterThan(inspection.clean.loss);
    expect(await api.checkpoint('run')).toEqual(before);
    expect(backend.memory().matrices).toBe(matrices);
  });

  it('of a network from a file is the optimizer’s first, from the same gradients', async () => {
    const { api, backend } = await makeRun();
    await api.load(loadFrom(await api.checkpoint('run')));
    const { matrices } = backend.memory();
    const own = await api.inspectStep('run', image, 3, 0.2);
    const loaded = await api.inspectStep('file', image, 3, 0.2);
    expect(loaded.hasOptimizerMemory).toBe(false);
    expect(loaded.step).toBe(1);
    // The file's weights were rounded to float32.
    loaded.methods.plain.gradientNorms.forEach((norm, l) =>
      expect(norm).toBeCloseTo(own.methods.plain.gradientNorms[l]!, 4),
    );
    expect(loaded.methods.plain.after.clean.loss).not.toBeCloseTo(
      own.methods.plain.after.clean.loss,
      4,
    );
    expect(backend.memory().matrices).toBe(matrices);
  });

  it('is refused if there is no such network', async () => {
    const { api } = makeWorker();
    await expect(api.inspectStep('nobody', image, 3, 0.2)).rejects.toThrow('nobody');
  });
});

describe('measured directions', () => {
  it('are the same for a run and for its weights in a file', async () => {
    const { api, backend } = await makeRun();
    await api.load(loadFrom(await api.checkpoint('run')));
    const { matrices } = backend.memory();
    const images = { images: image, labels: Uint8Array.of(3) };
    const own = await api.measureDirections('run', images, 0.1);
    const loaded = await api.measureDirections('file', images, 0.1);
    expect(own).toMatchObject({ step: 1, count: 1, epsilon: 0.1 });
    expect(loaded.gradientSum).toBeCloseTo(own.gradientSum, 4);
    expect(loaded.losses.pgd).toBeCloseTo(own.losses.pgd, 3);
    expect(backend.memory().matrices).toBe(matrices);
  });
});
