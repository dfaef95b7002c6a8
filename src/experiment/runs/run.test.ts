import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../domain/settings/config.ts';
import { createRun, isBeforeFirstUpdate, reduceRun } from './run.ts';

describe('an experiment between the two halves of a step', () => {
  const run = createRun('a', { name: 'Plain', paletteIndex: 0, config: defaultConfig });
  const image = Float32Array.of(0);
  const prepared = { images: image, inputs: image, labels: Uint8Array.of(1), batchSize: 1 };
  const prepare = (step: number) =>
    reduceRun(run, { type: 'stepPrepared', runId: 'a', step, prepared });

  it('is before its first update if that step is the first', () => {
    expect(isBeforeFirstUpdate([run])).toBe(false);
    expect(isBeforeFirstUpdate([run, prepare(0)])).toBe(true);
    expect(isBeforeFirstUpdate([prepare(3)])).toBe(false);
  });

  it('is no longer before its first update once the weights have changed', () => {
    const progress = {
      step: 1,
      stepsPerEpoch: 10,
      totalSteps: 10,
      trainSeconds: 1,
      samplesPerSecond: 1,
      secondsLeft: 1,
    };
    const updated = reduceRun(prepare(0), { type: 'progressed', runId: 'a', progress });
    expect(isBeforeFirstUpdate([updated])).toBe(false);
  });
});
