import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../domain/settings/config.ts';
import { makeBounds, type Measurement } from '../../../experiment/runs/measurements.ts';
import { styleOf } from '../../../ui/runStyles.ts';
import type { MeasuredRun } from '../robustnessSeries.ts';
import {
  describeBoundedImages,
  describeBounds,
  findBounds,
  makeBoundSeries,
  makeBoundTable,
} from './boundSeries.ts';

function measure(
  kind: 'strongest' | 'certificate',
  epsilon: number,
  share: number,
  step = 100,
): Measurement {
  return {
    step,
    epoch: step / 100,
    split: 'test',
    sampleCount: 1000,
    clean: { loss: 0.1, errorRate: 0.02 },
    adversarial: { loss: Number.NaN, errorRate: 1 - share },
    attack: makeBounds(epsilon)[kind],
  };
}

function makeRun(name: string, measurements: readonly Measurement[], step = 100): MeasuredRun {
  const progress = {
    step,
    stepsPerEpoch: 100,
    totalSteps: 300,
    trainSeconds: 1,
    samplesPerSecond: 1,
    secondsLeft: 0,
  };
  const config = defaultConfig;
  const run = { id: name, name, paletteIndex: 0, config, progress, measurements };
  return { id: name, name, runStyle: styleOf(run), isReference: false, run };
}

const abp = makeRun('ABP', [
  measure('strongest', 0.08, 0.814),
  measure('certificate', 0.08, 0.664),
  measure('strongest', 0.02, 0.93),
  measure('certificate', 0.02, 0.924),
]);
const plain = makeRun('Plain', [
  measure('strongest', 0.08, 0.194),
  measure('certificate', 0.08, 0.027),
]);

describe('bounds', () => {
  it('pair the strongest attack and the certificate of one ε and one step, by rising ε', () => {
    const bounds = findBounds(abp.run.measurements);
    expect(bounds.map(({ epsilon }) => epsilon)).toEqual([0.02, 0.08]);
    expect(bounds[1]!.proven).toBeCloseTo(0.664, 12);
    expect(bounds[1]!.survive).toBeCloseTo(0.814, 12);
    expect(findBounds([measure('strongest', 0.1, 0.5)])).toEqual([]);
    const older = [measure('strongest', 0.1, 0.5, 200), measure('certificate', 0.1, 0.4, 100)];
    expect(findBounds(older)).toEqual([]);
  });

  it('name their images, which may be fewer than those of the curves', () => {
    expect(describeBoundedImages([plain, abp])).toBe('first 1,000 test images');
  });

  it('are drawn as a line with a band below, and gray when the run has trained further', () => {
    const series = makeBoundSeries(abp);
    expect([...series.xs]).toEqual([0.02, 0.08]);
    series.band!.forEach(({ low, high }, i) => {
      expect(high).toBe(series.ys[i]);
      expect(low).toBeLessThanOrEqual(high);
    });
    expect(series.isStale).toBe(false);
    expect(makeBoundSeries(makeRun('ABP', abp.run.measurements, 150)).isStale).toBe(true);
    expect(series.describe(1).value).toBe('81.40 % survive, 66.40 % proven');
  });

  it('are summed up for the run with the most proofs at the page’s ε, rounded down', () => {
    expect(describeBounds([plain, abp], 0.1)).toBe(
      'ABP at ε 0.08: 66 of 100 digits are proven safe, 81 survived all attacks.',
    );
    expect(describeBounds([makeRun('Plain', [])], 0.1)).toBeNull();
  });

  it('stand in a table with a row for each ε', () => {
    const { columns, rows } = makeBoundTable([plain, abp]);
    expect(columns.map(({ name }) => name)).toEqual(['ε', 'Plain', 'ABP']);
    expect(rows.map(({ cells }) => cells)).toEqual([
      ['0.02', '–', '–', '92.40 %', '93.00 %'],
      ['0.08', '2.70 %', '19.40 %', '66.40 %', '81.40 %'],
    ]);
  });
});
