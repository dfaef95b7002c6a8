import { afterEach, describe, expect, it, vi } from 'vitest';
import { Float64Backend } from '../engine/backends/float64/backend.ts';
import { encodeIdx } from '../data/testing/encodeIdx.ts';
import { syntheticImages } from '../engine/testing/syntheticImages.ts';
import { Trainer } from '../engine/trainer.ts';
import { defaultConfig, type RunConfig } from '../shared/config.ts';
import { LabError } from '../shared/errors.ts';
import { TrainingHost } from './host.ts';
import type { Checkpoint } from '../shared/checkpoint.ts';
import type { Event, Extent, Request } from './protocol.ts';

const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [4],
  trainingSetSize: 100,
  batchSize: 20,
  epochs: 4,
};
// Made once: the last 10,000 are the validation set.
const imagesOf = { training: syntheticImages(10_100), test: syntheticImages(40) };
const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;

afterEach(() => vi.restoreAllMocks());

/** From now on a number in this part of every snapshot is infinite. */
function breakSnapshots(part: 'parameters' | 'scores' | 'states'): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its trainer
  const { snapshot } = Trainer.prototype;
  vi.spyOn(Trainer.prototype, 'snapshot').mockImplementation(async function (this: Trainer) {
    const made = await snapshot.call(this);
    const { parameters, states } = made.layers[0]!;
    ({ parameters, scores: made.scores, states: states[0]! })[part][1] = Infinity;
    return made;
  });
}

/** A host on the reference backend with 100 training and 40 test images, and what it posts. */
function makeHost(options: { failData?: boolean; failBackend?: boolean } = {}) {
  const events: Event[] = [];
  const waiting: { matches: (event: Event) => boolean; resolve: (event: Event) => void }[] = [];
  const backend = new Float64Backend();
  let mayLoad = !options.failData;
  const host = new TrainingHost(
    (event) => {
      events.push(event);
      for (const one of [...waiting]) {
        if (!one.matches(event)) continue;
        waiting.splice(waiting.indexOf(one), 1);
        one.resolve(event);
      }
    },
    () =>
      options.failBackend
        ? Promise.reject(new LabError('engine-unavailable', 'No engine.', 'Get one.'))
        : Promise.resolve({ backend, reason: 'It is the only one.' }),
    (part) =>
      mayLoad
        ? Promise.resolve(imagesOf[part])
        : Promise.reject(new LabError('data-unreachable', 'No data.', 'Try again.')),
  );
  const send = (request: Request) => host.handle(request);
  const next = <T extends Event['type']>(type: T): Promise<Extract<Event, { type: T }>> =>
    new Promise((resolve) => {
      const matches = (event: Event) => event.type === type;
      waiting.push({ matches, resolve: resolve as (event: Event) => void });
    });
  const start = (
    changes: Partial<RunConfig> = {},
    extent: Extent = 'end',
    checkpoint: Checkpoint | null = null,
  ) =>
    send({
      ...{ type: 'start', runId: 'a', config: { ...config, ...changes }, attack, extent },
      ...{ checkpoint, isInLockstep: false },
    });
  send({ type: 'initialize', dataUrl: 'http://localhost/data/', engine: 'auto' });
  const types = () => events.map(({ type }) => type);
  const posted = (type: Event['type']) => events.filter((event) => event.type === type);
  const allowData = () => (mayLoad = true);
  return { host, events, send, next, start, types, posted, backend, allowData };
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

  it('steps once, then stands still until it is told to go on', async () => {
    const { next, start, send } = makeHost();
    start({}, 'step');
    expect((await next('paused')).progress.step).toBe(1);
    send({ type: 'resume', runId: 'a', extent: 'step' });
    expect((await next('paused')).progress.step).toBe(2);
    send({ type: 'resume', runId: 'a', extent: 'epoch' });
    expect((await next('paused')).progress.step).toBe(5);
    send({ type: 'resume', runId: 'a', extent: 'end' });
    expect((await next('finished')).progress.step).toBe(20);
  });

  it('waits for the others within an epoch that it was told to end, but not in single steps', async () => {
    const { next, send, events } = makeHost();
    send({
      ...{ type: 'start', runId: 'a', config: { ...config, epochs: 20 }, attack },
      ...{ extent: 'epoch', checkpoint: null, isInLockstep: true },
    });
    // The first evaluation is after 32 steps: in the seventh epoch of five.
    for (let epoch = 1; epoch < 7; epoch++) {
      expect((await next('paused')).progress.step).toBe(5 * epoch);
      send({ type: 'resume', runId: 'a', extent: 'epoch' });
    }
    while ((await next('evaluated')).evaluation.step < 32);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(events.at(-1)).toMatchObject({ type: 'evaluated' });
    const ended = next('paused');
    send({ type: 'allow', runId: 'a', epoch: 32 / 5 });
    expect((await ended).progress.step).toBe(35);
    for (let epoch = 8; epoch <= 10; epoch++) {
      send({ type: 'resume', runId: 'a', extent: 'epoch' });
      expect((await next('paused')).progress.step).toBe(5 * epoch);
    }
    // After 64 steps there is another; a step goes past it with nobody's leave.
    for (let step = 51; step <= 66; step++) {
      send({ type: 'resume', runId: 'a', extent: 'step' });
      expect((await next('paused')).progress.step).toBe(step);
    }
  });

  it('acknowledges a pause at once and takes at most one further step', async () => {
    const { next, start, send, events } = makeHost();
    start({ epochs: 1000 });
    await next('progressed');
    send({ type: 'pause', runId: 'a' });
    const last = events.at(-1)!;
    expect(last.type).toBe('paused');
    const pausedAt = last.type === 'paused' ? last.progress.step : NaN;
    await new Promise((resolve) => setTimeout(resolve, 100));
    send({ type: 'resume', runId: 'a', extent: 'step' });
    const { progress } = await next('paused');
    expect(progress.step).toBeGreaterThan(pausedAt);
    expect(progress.step).toBeLessThanOrEqual(pausedAt + 2);
    send({ type: 'reset', runId: 'a' });
  });

  it('ignores a pause and a step that come after the end', async () => {
    const { next, start, send, types } = makeHost();
    start();
    await next('finished');
    send({ type: 'pause', runId: 'a' });
    send({ type: 'resume', runId: 'a', extent: 'step' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(types().at(-1)).toBe('finished');
  });

  it('keeps its state on a pause within an evaluation, and takes a step after it', async () => {
    const { next, start, send, backend, posted } = makeHost();
    start({ epochs: 100 });
    await next('started');
    // The quick evaluation after 32 steps: pause while it reads its scores.
    const addSignedStep = backend.addSignedStep.bind(backend);
    backend.addSignedStep = (images, gradient, epsilon, clip) => {
      if (clip) send({ type: 'pause', runId: 'a' }); // evaluations clip, training does not
      return addSignedStep(images, gradient, epsilon, clip);
    };
    const kept = next('checkpointed');
    const { progress } = await next('paused');
    backend.addSignedStep = addSignedStep;
    // What was trained is safe at once, with its evaluation: who goes on from it need not make that again.
    expect((await kept).checkpoint.step).toBe(progress.step);
    const steps = posted('evaluated').map((event) =>
      event.type === 'evaluated' ? event.evaluation.step : NaN,
    );
    expect(steps.at(-1)).toBe(progress.step);
    const again = next('paused');
    send({ type: 'resume', runId: 'a', extent: 'step' });
    expect((await again).progress.step).toBe(progress.step + 1);
    send({ type: 'reset', runId: 'a' });
  });

  it('resets a run that is still loading, without training or a leak', async () => {
    const { start, send, types, backend } = makeHost();
    start();
    send({ type: 'reset', runId: 'a' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(types()).not.toContain('started');
    expect(backend.memory().matrices).toBe(0);
  });

  it('tells the page that the engine has failed when it fails in a run', async () => {
    const { next, start, backend, types } = makeHost();
    backend.finished = () => Promise.reject(new LabError('engine-failed', 'Lost.', 'Restart.'));
    const engineFailed = next('engineFailed');
    start();
    expect((await engineFailed).error.message).toBe('Lost.');
    await new Promise((resolve) => setTimeout(resolve, 50));
    // The run did not stop by itself: another engine goes on with it.
    expect(types()).not.toContain('failed');
    expect(types().filter((type) => type === 'engineFailed')).toHaveLength(1);
  });

  it('refuses test images beyond the last', async () => {
    const { next, send } = makeHost();
    const failure = next('requestFailed');
    send({ type: 'testImages', requestId: 3, first: 39, count: 2 });
    expect((await failure).error.message).toContain('there are 40');
  });

  it('forgets a run that is reset and frees all its memory, running or finished', async () => {
    for (const awaited of ['progressed', 'finished', 'paused'] as const) {
      const { next, start, send, types, backend } = makeHost();
      start(awaited === 'finished' ? {} : { epochs: 1000 }, awaited === 'paused' ? 'step' : 'end');
      await next(awaited);
      // A measurement that is under way when its run ends gives its copy of the network back, too.
      const frozen = next('frozen');
      send({ type: 'freeze', requestId: 1, runId: 'a' });
      await frozen;
      send({ type: 'measure', requestId: 2, runId: 'a', attack, count: 60 });
      send({ type: 'freeze', requestId: 3, runId: 'a' });
      send({ type: 'reset', runId: 'a' });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const seen = types().length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(types().length).toBe(seen);
      expect(backend.memory().matrices).toBe(0);
    }
  });

  it('hosts several runs at once', async () => {
    const { send, events } = makeHost();
    for (const runId of ['a', 'b']) {
      const extent = 'end' as const;
      const rest = { checkpoint: null, isInLockstep: false };
      send({ type: 'start', runId, config, attack, extent, ...rest });
    }
    const finished = () => events.filter(({ type }) => type === 'finished').length;
    while (finished() < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    const lastOf = (id: string) =>
      events.filter((event) => event.type === 'evaluated' && event.runId === id).at(-1);
    expect({ ...lastOf('a'), runId: '' }).toEqual({ ...lastOf('b'), runId: '' });
  });

  it('evaluates under the attack that was set last, on validation data when held out', async () => {
    const { next, start, send } = makeHost();
    start({ holdOutValidation: true, epochs: 100 }, 'step');
    await next('paused');
    send({ type: 'setAttack', runId: 'a', attack: { ...attack, epsilon: 0.3 } });
    send({ type: 'resume', runId: 'a', extent: 'end' });
    const { evaluation } = await next('evaluated');
    expect(evaluation).toMatchObject({ split: 'validation', attack: { epsilon: 0.3 } });
    send({ type: 'reset', runId: 'a' });
  });

  it('attacks images: every pixel moves by ε or stays, within [0, 1]', async () => {
    const { next, start, send } = makeHost();
    start();
    await next('finished');
    const images = Float32Array.from({ length: 2 * 784 }, (_, i) => (i % 11) / 10);
    const labels = new Uint8Array([3, 4]);
    send({ type: 'attack', requestId: 5, runId: 'a', images, labels, attack });
    const { requestId, result } = await next('attacked');
    expect(requestId).toBe(5);
    expect(result.cleanProbabilities).toHaveLength(20);
    result.adversarialImages.forEach((pixel, i) => {
      const moved = pixel - images[i]!;
      const expected = [0, 0.1, -0.1, 1 - images[i]!, -images[i]!];
      expect(expected.some((change) => Math.abs(change - moved) < 1e-6)).toBe(true);
      expect(Math.abs(moved)).toBeLessThanOrEqual(0.1 + 1e-6);
    });
  });

  it('refuses malformed requests with the reason', async () => {
    const { host, next, start, send } = makeHost();
    start();
    await next('finished');
    const images = new Float32Array(784);
    const failure = next('requestFailed');
    send({
      type: 'attack',
      requestId: 9,
      runId: 'a',
      images,
      labels: new Uint8Array([12]),
      attack,
    });
    const { requestId, error } = await failure;
    expect(requestId).toBe(9);
    expect(error.message).toContain('Labels are classes from 0 to 9');
    expect(() => host.handle({ type: 'start', runId: 'b', config: {}, attack })).toThrow(
      'malformed',
    );
    expect(() => host.handle(null)).toThrow('malformed');
  });

  it('answers an attack on an unknown run with an error', async () => {
    const { next, send } = makeHost();
    const failure = next('requestFailed');
    const images = new Float32Array(784);
    send({ type: 'attack', requestId: 1, runId: 'x', images, labels: new Uint8Array([1]), attack });
    expect((await failure).error.code).toBe('network-gone');
  });

  it('reports a loss that is not finite, with what to do', async () => {
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
    'fails as diverged where a pause comes before the loss is read: %s',
    async (part) => {
      const { next, start, send, posted } = makeHost();
      start({ epochs: 1000 });
      await next('progressed');
      breakSnapshots(part);
      const before = posted('checkpointed');
      send({ type: 'pause', runId: 'a' });
      const { error } = await next('failed');
      expect(error.code).toBe('loss-not-finite');
      expect(error.message).toMatch(/^The (weights|losses) became infinite or NaN by step \d+:/);
      expect(posted('checkpointed')).toEqual(before);
    },
  );

  it('keeps the checkpoint before while an optimizer’s memory has overflowed, and trains on', async () => {
    const { next, start, send, posted } = makeHost();
    start({ epochs: 1000 });
    await next('progressed');
    breakSnapshots('states');
    const before = posted('checkpointed');
    send({ type: 'pause', runId: 'a' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    send({ type: 'resume', runId: 'a', extent: 'epoch' });
    await next('paused');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(posted('checkpointed')).toEqual(before);
    vi.restoreAllMocks();
    send({ type: 'resume', runId: 'a', extent: 'epoch' });
    await next('checkpointed');
    expect(posted('failed')).toEqual([]);
    send({ type: 'reset', runId: 'a' });
  });

  it('reports an engine that does not start', async () => {
    const { next } = makeHost({ failBackend: true });
    expect((await next('engineFailed')).error.message).toBe('No engine.');
  });

  it('reports data that do not load, and loads them on the next try', async () => {
    const { next, start, send, allowData } = makeHost({ failData: true });
    start();
    expect((await next('failed')).error.code).toBe('data-unreachable');
    allowData();
    send({ type: 'reset', runId: 'a' });
    start();
    await next('finished');
  });

  // A test set of 10,000 takes the reference backend a while.
  describe('a person’s own files', { timeout: 60_000 }, () => {
    const own = imagesOf.training;
    /** Four IDX files of 200 and 10,000 images that can be learnt. */
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

    it('take the place of MNIST, for runs and test images, until it is back', async () => {
      const { next, start, send, events } = makeHost();
      send({ type: 'useData', requestId: 1, files: files(), isTransposed: false });
      const { dataSet } = await next('dataUsed');
      expect(dataSet).toMatchObject({ shape: 'grey-28', trainingCount: 200 });
      expect(events.filter(({ type }) => type === 'dataProgress').length).toBeGreaterThan(0);
      send({ type: 'testImages', requestId: 2, first: 9000, count: 2 });
      const { labels } = await next('testImages');
      expect(labels).toEqual(own.labels.slice(9000, 9002));

      start({ dataSet, trainingSetSize: 200, epochs: 1 });
      const { progress } = await next('finished');
      expect(progress.stepsPerEpoch).toBe(10);
      send({ type: 'reset', runId: 'a' });
      start({ trainingSetSize: 200, epochs: 1 });
      expect((await next('failed')).error.message).toContain('The data that are loaded are not');
      send({ type: 'reset', runId: 'a' });
      send({ type: 'useData', requestId: 3, files: null, isTransposed: false });
      expect((await next('dataUsed')).dataSet).toBeNull();
      start({ epochs: 1 });
      expect((await next('finished')).progress.step).toBe(5);
    });

    it('that cannot be read leave the present data', async () => {
      const { next, start, send } = makeHost();
      send({
        type: 'useData',
        requestId: 1,
        files: files({ labels: Uint8Array.of(1, 2) }),
        isTransposed: false,
      });
      const { error } = await next('requestFailed');
      expect(error.message).toContain('train-labels is not the IDX file it should be');
      start({ epochs: 1 });
      expect((await next('finished')).progress.step).toBe(5);
    });
  });
});
