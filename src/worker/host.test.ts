import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeIdx } from '../data/testing/encodeIdx.ts';
import { syntheticImages } from '../engine/testing/syntheticImages.ts';
import { Trainer } from '../engine/trainer.ts';
import { defaultConfig, type RunConfig } from '../domain/settings/config.ts';
import { LabError } from '../domain/errors.ts';
import type { Checkpoint } from '../domain/checkpoint.ts';
import type { Extent, WorkerEvent } from './api.ts';
import { makeWorker } from './testing/makeWorker.ts';

const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [4],
  trainingSetSize: 100,
  batchSize: 20,
  epochs: 4,
};
// Created once: the last 10,000 are the validation set.
const imagesOf = { training: syntheticImages(10_100), test: syntheticImages(40) };
const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;

afterEach(() => vi.restoreAllMocks());

/** From now on this part of every snapshot contains an infinite number. */
function breakSnapshots(part: 'parameters' | 'scores' | 'states'): void {
  // oxlint-disable-next-line typescript/unbound-method -- it is called on its trainer
  const { snapshot } = Trainer.prototype;
  vi.spyOn(Trainer.prototype, 'snapshot').mockImplementation(async function (this: Trainer) {
    const made = await snapshot.call(this);
    const { parameters, states } = made.layers[0]!;
    ({ parameters, scores: made.scores, states: states[0]! })[part][1] = Infinity;
    return made;
  });
}

/** A worker with 10,100 training and 40 test images, and its reports. */
function makeHost(options: { failData?: boolean; failBackend?: boolean } = {}) {
  let mayLoad = !options.failData;
  const worker = makeWorker({
    images: imagesOf,
    ...(options.failBackend && {
      backend: Promise.reject(new LabError('engine-unavailable', 'No engine.', 'Get one.')),
    }),
    mayLoad: () => mayLoad,
  });
  const { api, events } = worker;
  const start = (
    changes: Partial<RunConfig> = {},
    extent: Extent = 'end',
    checkpoint: Checkpoint | null = null,
  ) =>
    api.start({ runId: 'a', config: { ...config, ...changes }, checkpoint }, attack, extent, false);
  const types = () => events.map(({ type }) => type);
  const posted = (type: WorkerEvent['type']) => events.filter((event) => event.type === type);
  const allowData = () => (mayLoad = true);
  return { ...worker, start, types, posted, allowData };
}

describe('TrainingHost', () => {
  it('trains a run to its end, evaluating on the way', async () => {
    const { next, start, events } = makeHost();
    start();
    const { progress } = await next('finished');
    expect(progress).toMatchObject({ step: 20, stepsPerEpoch: 5, totalSteps: 20, secondsLeft: 0 });
    const evaluations = events.flatMap((event) =>
      event.type === 'evaluated' ? [event.evaluation] : [],
    );
    expect(evaluations[0]).toMatchObject({ step: 0, epoch: 0, sampleCount: 40, split: 'test' });
    expect(evaluations.at(-1)).toMatchObject({ step: 20, epoch: 4, sampleCount: 40, attack });
    expect(evaluations.at(-1)!.clean.loss).toBeLessThan(evaluations[0]!.clean.loss);
    expect(events.filter(({ type }) => type === 'epochCompleted')).toHaveLength(4);
  });

  it('takes one step, then pauses until it is resumed', async () => {
    const { next, start, api } = makeHost();
    start({}, 'step');
    expect((await next('paused')).progress.step).toBe(1);
    api.resume('a', 'step');
    expect((await next('paused')).progress.step).toBe(2);
    api.resume('a', 'epoch');
    expect((await next('paused')).progress.step).toBe(5);
    api.resume('a', 'end');
    expect((await next('finished')).progress.step).toBe(20);
  });

  it('waits for the other runs within an epoch, but not in single steps', async () => {
    const { next, api, events } = makeHost();
    const run = { runId: 'a', config: { ...config, epochs: 20 }, checkpoint: null };
    api.start(run, attack, 'epoch', true);
    // The first evaluation is after 32 steps: in the seventh epoch, at five steps per epoch.
    for (let epoch = 1; epoch < 7; epoch++) {
      expect((await next('paused')).progress.step).toBe(5 * epoch);
      api.resume('a', 'epoch');
    }
    while ((await next('evaluated')).evaluation.step < 32);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(events.at(-1)).toMatchObject({ type: 'evaluated' });
    const ended = next('paused');
    api.allow('a', 32 / 5);
    expect((await ended).progress.step).toBe(35);
    for (let epoch = 8; epoch <= 10; epoch++) {
      api.resume('a', 'epoch');
      expect((await next('paused')).progress.step).toBe(5 * epoch);
    }
    // After 64 steps there is another; a single step passes it without permission.
    for (let step = 51; step <= 66; step++) {
      api.resume('a', 'step');
      expect((await next('paused')).progress.step).toBe(step);
    }
  });

  it('acknowledges a pause at once and takes at most one further step', async () => {
    const { next, start, api, events } = makeHost();
    start({ epochs: 1000 });
    await next('progressed');
    api.pause('a');
    const last = events.at(-1)!;
    expect(last.type).toBe('paused');
    const pausedAt = last.type === 'paused' ? last.progress.step : NaN;
    await new Promise((resolve) => setTimeout(resolve, 100));
    api.resume('a', 'step');
    const { progress } = await next('paused');
    expect(progress.step).toBeGreaterThan(pausedAt);
    expect(progress.step).toBeLessThanOrEqual(pausedAt + 2);
    api.reset('a');
  });

  it('ignores a pause and a step that arrive after the end', async () => {
    const { next, start, api, types } = makeHost();
    start();
    await next('finished');
    api.pause('a');
    api.resume('a', 'step');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(types().at(-1)).toBe('finished');
  });

  it('keeps its state on a pause during an evaluation, and takes a step after it', async () => {
    const { next, start, api, backend, posted } = makeHost();
    start({ epochs: 100 });
    await next('started');
    // The quick evaluation after 32 steps: pause while it reads its scores.
    const addSignedStep = backend.addSignedStep.bind(backend);
    backend.addSignedStep = (images, gradient, epsilon, clip) => {
      if (clip) api.pause('a'); // evaluations clip, training does not
      return addSignedStep(images, gradient, epsilon, clip);
    };
    const kept = next('checkpointed');
    const { progress } = await next('paused');
    backend.addSignedStep = addSignedStep;
    // The trained weights are saved at once with their evaluation, which need not be repeated.
    expect((await kept).checkpoint.step).toBe(progress.step);
    const steps = posted('evaluated').map((event) =>
      event.type === 'evaluated' ? event.evaluation.step : NaN,
    );
    expect(steps.at(-1)).toBe(progress.step);
    const again = next('paused');
    api.resume('a', 'step');
    expect((await again).progress.step).toBe(progress.step + 1);
    api.reset('a');
  });

  it('resets a run that is still loading, without training or a memory leak', async () => {
    const { start, api, types, backend } = makeHost();
    start();
    api.reset('a');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(types()).not.toContain('started');
    expect(backend.memory().matrices).toBe(0);
  });

  it('reports an engine failure during a run', async () => {
    const { next, start, backend, types } = makeHost();
    backend.finished = () => Promise.reject(new LabError('engine-failed', 'Lost.', 'Restart.'));
    const engineFailed = next('engineFailed');
    start();
    expect((await engineFailed).error.message).toBe('Lost.');
    await new Promise((resolve) => setTimeout(resolve, 50));
    // The run did not stop by itself: another engine continues it.
    expect(types()).not.toContain('failed');
    expect(types().filter((type) => type === 'engineFailed')).toHaveLength(1);
  });

  it('reports an engine failure during a question once, and no other error', async () => {
    const { host, posted, next } = makeHost();
    await next('engineReady');
    host.failIfEngine(new LabError('network-gone', 'No run.', 'Train.'));
    expect(posted('engineFailed')).toEqual([]);
    host.failIfEngine(new LabError('engine-failed', 'Lost.', 'Restart.'));
    host.failIfEngine(new LabError('engine-failed', 'Lost again.', 'Restart.'));
    expect(posted('engineFailed')).toMatchObject([{ error: { message: 'Lost.' } }]);
  });

  it('refuses test images beyond the last', async () => {
    const { api } = makeHost();
    await expect(api.testImages(39, 2)).rejects.toThrow('there are 40');
  });

  it('removes a run that is reset and frees all its memory, running or finished', async () => {
    for (const awaited of ['progressed', 'finished', 'paused'] as const) {
      const { next, start, api, types, backend } = makeHost();
      start(awaited === 'finished' ? {} : { epochs: 1000 }, awaited === 'paused' ? 'step' : 'end');
      await next(awaited);
      // A measurement in progress when its run ends also frees its copy of the network.
      await api.freeze('a');
      const measured = api.measure('a', attack, 60);
      const frozen = api.freeze('a');
      api.reset('a');
      await Promise.allSettled([measured, frozen]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const seen = types().length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(types().length).toBe(seen);
      expect(backend.memory().matrices).toBe(0);
    }
  });

  it('hosts several runs at once', async () => {
    const { api, events } = makeHost();
    for (const runId of ['a', 'b']) {
      api.start({ runId, config, checkpoint: null }, attack, 'end', false);
    }
    const finished = () => events.filter(({ type }) => type === 'finished').length;
    while (finished() < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    const lastOf = (id: string) =>
      events.filter((event) => event.type === 'evaluated' && event.runId === id).at(-1);
    expect({ ...lastOf('a'), runId: '' }).toEqual({ ...lastOf('b'), runId: '' });
  });

  it('evaluates under the attack that was set last, on validation data if any are held out', async () => {
    const { next, start, api } = makeHost();
    start({ holdOutValidation: true, epochs: 100 }, 'step');
    await next('paused');
    api.setAttack('a', { ...attack, epsilon: 0.3 });
    api.resume('a', 'end');
    const { evaluation } = await next('evaluated');
    expect(evaluation).toMatchObject({ split: 'validation', attack: { epsilon: 0.3 } });
    api.reset('a');
  });

  it('attacks images: every pixel moves by ε or stays, within [0, 1]', async () => {
    const { next, start, api } = makeHost();
    start();
    await next('finished');
    const images = Float32Array.from({ length: 2 * 784 }, (_, i) => (i % 11) / 10);
    const labels = new Uint8Array([3, 4]);
    const result = await api.attack('a', { images, labels }, attack);
    expect(result.cleanProbabilities).toHaveLength(20);
    result.adversarialImages.forEach((pixel, i) => {
      const moved = pixel - images[i]!;
      const expected = [0, 0.1, -0.1, 1 - images[i]!, -images[i]!];
      expect(expected.some((change) => Math.abs(change - moved) < 1e-6)).toBe(true);
      expect(Math.abs(moved)).toBeLessThanOrEqual(0.1 + 1e-6);
    });
  });

  it('rejects an attack on an unknown run', async () => {
    const { api } = makeHost();
    const images = { images: new Float32Array(784), labels: new Uint8Array([1]) };
    await expect(api.attack('x', images, attack)).rejects.toMatchObject({ code: 'network-gone' });
  });

  it('reports a loss that is not finite, with advice', async () => {
    const { next, start, backend } = makeHost();
    backend.addScores = (scores) => {
      (scores as unknown as { values: Float64Array }).values.fill(NaN);
    };
    start();
    const { error } = await next('failed');
    expect(error.code).toBe('loss-not-finite');
    expect(error.remedy).toContain('learning rate');
  });

  it.each(['parameters', 'scores'] as const)(
    'fails as diverged when a pause comes before the loss is read: %s',
    async (part) => {
      const { next, start, api, posted } = makeHost();
      start({ epochs: 1000 });
      await next('progressed');
      breakSnapshots(part);
      const before = posted('checkpointed');
      api.pause('a');
      const { error } = await next('failed');
      expect(error.code).toBe('loss-not-finite');
      expect(error.message).toMatch(/^The (weights|losses) became infinite or NaN by step \d+:/);
      expect(posted('checkpointed')).toEqual(before);
    },
  );

  it('keeps the previous checkpoint while an optimizer’s memory has overflowed, and continues training', async () => {
    const { next, start, api, posted } = makeHost();
    start({ epochs: 1000 });
    await next('progressed');
    breakSnapshots('states');
    const before = posted('checkpointed');
    api.pause('a');
    await new Promise((resolve) => setTimeout(resolve, 100));
    api.resume('a', 'epoch');
    await next('paused');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(posted('checkpointed')).toEqual(before);
    vi.restoreAllMocks();
    api.resume('a', 'epoch');
    await next('checkpointed');
    expect(posted('failed')).toEqual([]);
    api.reset('a');
  });

  it('reports an engine that does not start', async () => {
    const { next } = makeHost({ failBackend: true });
    expect((await next('engineFailed')).error.message).toBe('No engine.');
  });

  it('reports data that do not load, and loads them on the next try', async () => {
    const { next, start, api, allowData } = makeHost({ failData: true });
    start();
    expect((await next('failed')).error.code).toBe('data-unreachable');
    allowData();
    api.reset('a');
    start();
    await next('finished');
  });

  // The reference backend needs a while for a test set of 10,000.
  describe('the user’s own files', { timeout: 60_000 }, () => {
    const own = imagesOf.training;
    /** Four IDX files of 200 and 10,000 images that can be learned. */
    const files = (changes: { labels?: Uint8Array<ArrayBuffer> } = {}) => {
      const idx = (name: string, sizes: number[], bytes: ArrayLike<number>) =>
        new File([encodeIdx(sizes, bytes)], name);
      const part = (count: number, name: string) => [
        idx(`${name}-images`, [count, 28, 28], own.pixels.subarray(0, count * 784)),
        new File(
          [changes.labels ?? encodeIdx([count], own.labels.subarray(0, count))],
          `${name}-labels`,
        ),
      ];
      return [...part(200, 'train'), ...part(10_000, 'test')];
    };

    it('replace MNIST, for runs and test images, until it is restored', async () => {
      const { next, start, api, events } = makeHost();
      const loaded = await api.useData(files());
      const dataSet = loaded!.dataSet;
      expect(dataSet).toMatchObject({ shape: 'grey-28', trainingCount: 200 });
      expect(events.filter(({ type }) => type === 'dataProgress').length).toBeGreaterThan(0);
      const { labels } = await api.testImages(9000, 2);
      expect(labels).toEqual(own.labels.slice(9000, 9002));

      start({ dataSet, trainingSetSize: 200, epochs: 1 });
      const { progress } = await next('finished');
      expect(progress.stepsPerEpoch).toBe(10);
      api.reset('a');
      start({ trainingSetSize: 200, epochs: 1 });
      expect((await next('failed')).error.message).toContain('The data that are loaded are not');
      api.reset('a');
      expect(await api.useData(null)).toBeNull();
      start({ epochs: 1 });
      expect((await next('finished')).progress.step).toBe(5);
    });

    it('that cannot be read leave the data unchanged', async () => {
      const { next, start, api } = makeHost();
      await expect(api.useData(files({ labels: Uint8Array.of(1, 2) }))).rejects.toThrow(
        'train-labels is not the IDX file it should be',
      );
      start({ epochs: 1 });
      expect((await next('finished')).progress.step).toBe(5);
    });
  });
});
