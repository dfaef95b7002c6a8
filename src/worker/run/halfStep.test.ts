import { describe, expect, it } from 'vitest';
import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import type { Checkpoint } from '../../domain/checkpoint.ts';
import type { Extent, WorkerEvent } from '../api.ts';
import { makeWorker } from '../testing/makeWorker.ts';

const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [4],
  trainingSetSize: 100,
  batchSize: 20,
  epochs: 2,
};
const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;

/** A worker with one run. */
function makeRun() {
  const worker = makeWorker();
  const { api, next } = worker;
  return {
    ...worker,
    /** Starts the run, and waits until it pauses or ends. */
    start: (extent: Extent, checkpoint: Checkpoint | null = null) => {
      const paused = next(extent === 'end' ? 'finished' : 'paused');
      api.start({ runId: 'a', config, checkpoint }, attack, extent, false);
      return paused;
    },
    resume: (extent: Extent) => {
      const paused = next(extent === 'end' ? 'finished' : 'paused');
      api.resume('a', extent);
      return paused;
    },
    save: () => api.checkpoint('a'),
  };
}

describe('a run that takes half a step', () => {
  it('pauses between the halves, and two halves are a step', async () => {
    const { start, resume, save, events } = makeRun();
    await start('half-step');
    const prepared = events.find(({ type }) => type === 'stepPrepared');
    expect(prepared).toMatchObject({ step: 0, prepared: { batchSize: 20 } });
    expect((await save()).step).toBe(0);
    const { progress } = await resume('half-step');
    expect(progress.step).toBe(1);
    await resume('half-step');
    expect(events.filter(({ type }) => type === 'stepPrepared')).toHaveLength(2);
    await resume('half-step');
    const halved = await save();

    const other = makeRun();
    await other.start('step');
    await other.resume('step');
    const whole = await other.save();
    expect({ ...halved, trainSeconds: 0 }).toEqual({ ...whole, trainSeconds: 0 });
    // Evaluations also match: after each whole step, and never between halves.
    const scores = (all: WorkerEvent[]) =>
      all.flatMap((event) => (event.type === 'evaluated' ? [event.evaluation] : []));
    expect(scores(events)).toEqual(scores(other.events));
  });

  it.each(['step', 'epoch', 'end'] as const)(
    'continues to the same numbers as a run that never paused there: %s',
    async (extent) => {
      const halved = makeRun();
      await halved.start('half-step');
      await halved.resume(extent);
      const whole = makeRun();
      await whole.start(extent);
      const [a, b] = [await halved.save(), await whole.save()];
      expect({ ...a, trainSeconds: 0 }).toEqual({ ...b, trainSeconds: 0 });
    },
  );

  it('continues from a checkpoint saved between the halves, in another worker', async () => {
    const first = makeRun();
    await first.start('step');
    await first.resume('half-step');
    const checkpoint = await first.save();
    await first.resume('half-step');
    const second = makeRun();
    await second.start('half-step', checkpoint);
    await second.resume('half-step');
    const [a, b] = [await first.save(), await second.save()];
    // A checkpoint is float32; the reference backend is not.
    expect(b.step).toBe(a.step);
    a.layers[0]!.parameters.forEach((value, i) =>
      expect(b.layers[0]!.parameters[i]).toBeCloseTo(value, 4),
    );
  });

  it('frees all of its memory when it is reset between the halves', async () => {
    const { start, api, backend } = makeRun();
    await start('half-step');
    expect(backend.memory().matrices).toBeGreaterThan(0);
    api.reset('a');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(backend.memory().matrices).toBe(0);
  });
});
