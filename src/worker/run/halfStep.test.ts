import { describe, expect, it } from 'vitest';
import { defaultConfig, type RunConfig } from '../../shared/config.ts';
import type { Event } from '../protocol.ts';
import { makeHost } from '../testing/makeHost.ts';

const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [4],
  trainingSetSize: 100,
  batchSize: 20,
  epochs: 2,
};
const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;

const start = { type: 'start', runId: 'a', config, attack, isInLockstep: false } as const;
const half = { type: 'resume', runId: 'a', extent: 'half-step' } as const;
const save = { type: 'checkpoint', requestId: 1, runId: 'a' } as const;

describe('a run that takes half a step', () => {
  it('stands between the halves, and two are a step', async () => {
    const { send, events } = makeHost();
    await send({ ...start, extent: 'half-step', checkpoint: null }, 'paused');
    const prepared = events.find(({ type }) => type === 'stepPrepared');
    expect(prepared).toMatchObject({ step: 0, prepared: { batchSize: 20 } });
    expect((await send(save, 'checkpoint')).checkpoint.step).toBe(0);
    const { progress } = await send(half, 'paused');
    expect(progress.step).toBe(1);
    await send(half, 'paused');
    expect(events.filter(({ type }) => type === 'stepPrepared')).toHaveLength(2);
    await send(half, 'paused');
    const halved = (await send(save, 'checkpoint')).checkpoint;

    const other = makeHost();
    await other.send({ ...start, extent: 'step', checkpoint: null }, 'paused');
    await other.send({ ...half, extent: 'step' }, 'paused');
    const whole = (await other.send(save, 'checkpoint')).checkpoint;
    expect({ ...halved, trainSeconds: 0 }).toEqual({ ...whole, trainSeconds: 0 });
    // What is evaluated, too: after each whole step, and never between halves.
    const scores = (all: Event[]) =>
      all.flatMap((event) => (event.type === 'evaluated' ? [event.evaluation] : []));
    expect(scores(events)).toEqual(scores(other.events));
  });

  it.each(['step', 'epoch', 'end'] as const)(
    'goes on to the same numbers as one that never stood there: %s',
    async (extent) => {
      const last = extent === 'end' ? 'finished' : 'paused';
      const halved = makeHost();
      await halved.send({ ...start, extent: 'half-step', checkpoint: null }, 'paused');
      await halved.send({ ...half, extent }, last);
      const whole = makeHost();
      await whole.send({ ...start, extent, checkpoint: null }, last);
      const [a, b] = [await halved.send(save, 'checkpoint'), await whole.send(save, 'checkpoint')];
      expect({ ...a.checkpoint, trainSeconds: 0 }).toEqual({ ...b.checkpoint, trainSeconds: 0 });
    },
  );

  it('goes on from what was saved between the halves, in another worker', async () => {
    const first = makeHost();
    await first.send({ ...start, extent: 'step', checkpoint: null }, 'paused');
    await first.send(half, 'paused');
    const { checkpoint } = await first.send(save, 'checkpoint');
    await first.send(half, 'paused');
    const second = makeHost();
    await second.send({ ...start, extent: 'half-step', checkpoint }, 'paused');
    await second.send(half, 'paused');
    const [a, b] = [await first.send(save, 'checkpoint'), await second.send(save, 'checkpoint')];
    // A checkpoint is float32, the reference backend is not.
    expect(b.checkpoint.step).toBe(a.checkpoint.step);
    a.checkpoint.layers[0]!.parameters.forEach((value, i) =>
      expect(b.checkpoint.layers[0]!.parameters[i]).toBeCloseTo(value, 4),
    );
  });

  it('frees all of its memory when it is reset between the halves', async () => {
    const { send, host, backend } = makeHost();
    await send({ ...start, extent: 'half-step', checkpoint: null }, 'paused');
    expect(backend.memory().matrices).toBeGreaterThan(0);
    host.handle({ type: 'reset', runId: 'a' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(backend.memory().matrices).toBe(0);
  });
});
