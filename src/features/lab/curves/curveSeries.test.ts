import { describe, expect, it } from 'vitest';
import { makeAttack } from '../../../experiment/runs/measurements.ts';
import { maxDrawnPoints } from '../../../ui/charts/series/series.ts';
import { makeSeries, views } from './curveSeries.ts';
import { makeCurveRun, makeEvaluation } from './testRuns.ts';

describe('makeSeries', () => {
  const changed = { attack: makeAttack('fgsm', 0.2) };
  const run = makeCurveRun('Plain', {
    evaluations: [
      makeEvaluation(0),
      makeEvaluation(100, { sampleCount: 10_000 }),
      makeEvaluation(200, changed),
    ],
    losses: [{ step: 50, epoch: 0.5, loss: 0.1234 }],
  });

  it('breaks only the attacked line where ε changes', () => {
    const epochs = (view: 'clean' | 'attacked') =>
      makeSeries(view, run, 0).lines.map((line) => line.map(({ x }) => x));
    expect(epochs('attacked')).toEqual([[0, 1], [2]]);
    expect(epochs('clean')).toEqual([[0, 1, 2]]);
  });

  it('describes a point and the images it was measured on', () => {
    const { describe: say } = makeSeries('attacked', run, 0);
    expect(say(1)).toEqual({
      value: '1.00 %',
      details: ['Epoch 1', 'step 100', 'all 10,000 test images', 'FGSM ε 0.08'],
    });
    expect(say(2).details).toContain('first 1,000 test images');
    expect(makeSeries('loss', run, 0).describe(0)).toEqual({
      value: '0.123',
      details: ['Epoch 0.5', 'step 50'],
    });
  });

  it('draws the mean of several seeds, with its 95 % interval as a band', () => {
    const seedOf = (id: string, shift: number) => ({
      ...makeCurveRun(id, {
        evaluations: [0, 100, 200].map((step) => {
          const rate = 0.02 + shift + step / 10_000;
          return makeEvaluation(step, { clean: { loss: 1, errorRate: rate } });
        }),
        losses: [],
      }).run,
      id,
    });
    const shifts = [0, 0.004, 0.001, 0.003, 0.002];
    const [first, ...repeats] = shifts.map((shift, index) => seedOf(`seed ${index}`, shift));
    const drawn = { ...run, run: { ...first!, repeats } };
    const { ys, band, isInterval, describe: say } = makeSeries('clean', drawn, 0);
    // The shifts have s = √2.5 · 0.001, and t of a table for 4 degrees of freedom is 2.776445.
    const reach = (2.776445 * Math.sqrt(2.5) * 0.001) / Math.sqrt(5);
    expect(isInterval).toBe(true);
    expect([...ys]).toEqual([0.022, 0.032, 0.042].map((y) => expect.closeTo(y, 12) as number));
    expect(band!.map(({ x }) => x)).toEqual([0, 1, 2]);
    expect(band![1]!.low).toBeCloseTo(0.032 - reach, 8);
    expect(band![1]!.high).toBeCloseTo(0.032 + reach, 8);
    expect(say(1)).toMatchObject({ value: '3.20 ± 0.20 %' });
    expect(say(1).details).toContain('5 seeds ± 95 % interval');

    const smoothed = makeSeries('clean', drawn, 0.5);
    // Of a smoothed line, it would be no 95 % interval.
    expect(smoothed.band).toBeUndefined();
    expect(smoothed.lines[0]![1]!.y).not.toBe(ys[1]);

    const two = { ...drawn, run: { ...drawn.run, repeats: repeats.slice(0, 1) } };
    expect(makeSeries('clean', two, 0).band).toBeUndefined();
    expect(makeSeries('clean', two, 0).ys[0]).toBe(0.02);
    // Seeds that were saved before their losses were kept.
    expect(makeSeries('loss', drawn, 0).band).toBeUndefined();
  });

  it('draws the mean training loss of several seeds with its band, where all have a point', () => {
    const seedOf = (id: string, losses: readonly number[]) => ({
      ...makeCurveRun(id, {
        losses: losses.map((loss, index) => ({ step: 50 * index, epoch: index / 2, loss })),
      }).run,
      id,
    });
    const repeats = [seedOf('b', [2.2, 0.02, 0.5]), seedOf('c', [2.4, 0.03])];
    const drawn = { ...run, run: { ...seedOf('a', [2, 0.01, 0.4]), repeats } };
    const { xs, ys, band, isInterval, describe: say } = makeSeries('loss', drawn, 0);
    expect(isInterval).toBe(true);
    expect([...xs]).toEqual([0, 0.5]);
    expect(ys[0]).toBeCloseTo(2.2, 12);
    // s = 0.2, and t of a table for 2 degrees of freedom is 4.302653. A loss is no rate: it may exceed 1, and not fall below 0.
    const reach = (4.302653 * 0.2) / Math.sqrt(3);
    expect(band![0]!.low).toBeCloseTo(2.2 - reach, 6);
    expect(band![0]!.high).toBeCloseTo(2.2 + reach, 6);
    expect(band![1]!.low).toBe(0);
    expect(say(0).value).toBe('2.20 ± 0.497');
    expect(say(0).details).toContain('3 seeds ± 95 % interval');
    expect(makeSeries('loss', drawn, 0.5).band).toBeUndefined();
  });

  it('averages without a seed that diverged, and keeps the band of a rate below 1', () => {
    const rates = [0.9, 0.99, 1, 0.1];
    const [first, ...repeats] = rates.map((errorRate, index) => {
      const evaluations = [makeEvaluation(100, { clean: { loss: 1, errorRate } })];
      return { ...makeCurveRun(`seed ${index}`, { evaluations }).run, id: `seed ${index}` };
    });
    const failed = repeats.map((one, index) =>
      index === 2 ? { ...one, failure: 'diverged' as const } : one,
    );
    const {
      band,
      ys,
      describe: say,
    } = makeSeries('clean', { ...run, run: { ...first!, repeats: failed } }, 0);
    expect(ys[0]).toBeCloseTo((0.9 + 0.99 + 1) / 3, 12);
    expect(band![0]!.high).toBe(1);
    expect(say(0).details).toContain('3 seeds ± 95 % interval');
  });

  it('averages the error under attack only where all seeds had the same ε', () => {
    const repeats = ['b', 'c'].map((id) => ({
      ...makeCurveRun(id, { evaluations: [0, 100, 200].map((step) => makeEvaluation(step)) }).run,
      id,
    }));
    const evaluations = [makeEvaluation(0), makeEvaluation(100), makeEvaluation(200, changed)];
    const own = makeCurveRun('a', { evaluations }).run;
    const drawn = { ...run, run: { ...own, repeats } };
    expect([...makeSeries('attacked', drawn, 0).xs]).toEqual([0, 1]);
    expect([...makeSeries('clean', drawn, 0).xs]).toEqual([0, 1, 2]);
  });

  it('returns the same object until there is a new measurement or the smoothing changes', () => {
    const first = makeSeries('clean', run, 0);
    expect(makeSeries('clean', { ...run }, 0)).toBe(first);
    expect(makeSeries('clean', run, 0.5)).not.toBe(first);
  });

  it('prepares 4 × 10,000 points of all charts in a few milliseconds and draws 300 of each', () => {
    const prepare = (): number => {
      const runs = Array.from({ length: 4 }, (_, index) =>
        makeCurveRun(`Run ${index}`, {
          evaluations: Array.from({ length: 10_000 }, (_, step) => makeEvaluation(step * 7)),
          losses: Array.from({ length: 10_000 }, (_, step) => ({
            step,
            epoch: step / 100,
            loss: Math.abs(Math.sin(step * step)),
          })),
        }),
      );
      const start = process.cpuUsage();
      for (const view of views) {
        for (const one of runs) {
          const { lines, faint } = makeSeries(view, one, 0.5);
          expect(lines.flat().length + faint.length).toBeLessThanOrEqual(maxDrawnPoints);
        }
      }
      return process.cpuUsage(start).user / 1000;
    };
    // Processor time, and the best of several tries: it is 8 ms alone, and includes other threads of the process.
    const fastestMs = Math.min(...Array.from({ length: 5 }, prepare));
    expect(fastestMs).toBeLessThan(100);
  });
});
