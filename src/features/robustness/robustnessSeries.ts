import { isFullEvaluation } from '../../experiment/runs/history.ts';
import {
  type MeasuredKind,
  findCurve,
  type Measurement,
} from '../../experiment/runs/measurements.ts';
import type { Run } from '../../experiment/runs/run.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import type { DrawnRun } from '../../ui/charts/series/drawnRuns.ts';
import { type ChartSeries, makeLines } from '../../ui/charts/series/series.ts';
import { formatCount, formatEpoch, formatEpsilon, formatErrorRate } from '../../ui/format.ts';

/** The parts of a current or saved run that the charts need. */
export type MeasuredRun = DrawnRun<
  Pick<Run, 'id' | 'name' | 'paletteIndex' | 'config' | 'progress' | 'measurements'>
>;

/** The series made of a run's measurements, by what else they depend on. */
const made = new WeakMap<readonly Measurement[], Map<string, ChartSeries>>();

/** Whether a run has trained further since a curve was measured. */
export function isOutdated(
  { run, isReference }: MeasuredRun,
  curve: readonly Measurement[],
): boolean {
  const [first] = curve;
  return !isReference && first !== undefined && (run.progress?.step ?? 0) > first.step;
}

/**
 * The series that a chart draws for a run: error rate against attack ε. While a new moment is measured,
 * measurements of the previous one stay visible, faintly, where there are no new ones yet.
 */
export function makeSeries(kind: MeasuredKind, drawn: MeasuredRun): ChartSeries {
  const { id, name, runStyle, isReference, run } = drawn;
  const curve = findCurve(run.measurements, kind);
  const isStale = isOutdated(drawn, curve);
  const key = `${kind} ${id} ${name} ${isStale}`;
  const known = made.get(run.measurements) ?? new Map<string, ChartSeries>();
  made.set(run.measurements, known);
  const found = known.get(key);
  if (found !== undefined) return found;
  const xs = Float64Array.from(curve, ({ attack }) => attack.epsilon);
  const ys = Float64Array.from(curve, ({ adversarial }) => adversarial.errorRate);
  const { lines } = makeLines({
    xs,
    ys,
    isFull: (index) => isFullEvaluation(curve[index]!, run.config),
  });
  const older = run.measurements.filter(
    (measurement) => measurement.attack.kind === kind && !curve.includes(measurement),
  );
  const series: ChartSeries = {
    id,
    name,
    runStyle,
    isReference,
    isStale,
    xs,
    ys,
    lines,
    faint: older.map((measurement) => ({
      x: measurement.attack.epsilon,
      y: measurement.adversarial.errorRate,
      isFull: false,
    })),
    describe: (index) => ({
      value: formatErrorRate(ys[index]!),
      details: [
        `ε ${formatEpsilon(xs[index]!)}`,
        describeImages([curve[index]!], run.config),
        `after epoch ${formatEpoch(curve[index]!.epoch)}`,
      ],
    }),
  };
  known.set(key, series);
  return series;
}

/** "first 200 test images", or with several counts "first 1,000 and all 10,000 test images". */
export function describeImages(
  measurements: readonly Measurement[],
  config: Pick<RunConfig, 'dataSet'>,
): string {
  const counts = [...new Set(measurements.map(({ sampleCount }) => sampleCount))].sort(
    (a, b) => a - b,
  );
  const isAll = (count: number) =>
    measurements.some((one) => one.sampleCount === count && isFullEvaluation(one, config));
  const named = counts.map((count) => `${isAll(count) ? 'all' : 'first'} ${formatCount(count)}`);
  const splits = [...new Set(measurements.map(({ split }) => split))];
  return `${named.join(' and ')} ${splits.join(' or ')} images`;
}

/** How and when the curves of the current experiment were measured; empty without curves. */
export function describeMeasurement(kind: MeasuredKind, runs: readonly MeasuredRun[]): string {
  const present = runs.filter(({ isReference }) => !isReference);
  const curves = present.map(({ run }) => findCurve(run.measurements, kind));
  const measurements = curves.flat();
  const [first] = present;
  if (measurements.length === 0 || first === undefined) return '';
  const moment = describeEpochs(measurements.map(({ epoch }) => epoch));
  const stale = present.some((drawn, index) => isOutdated(drawn, curves[index]!));
  const images = describeImages(measurements, first.run.config); // all runs of an experiment use the same data set
  return `${images[0]!.toUpperCase()}${images.slice(1)}, ${moment}.${stale ? ' Gray: training has continued since.' : ''}`;
}

/** "after epoch 2", or of runs that are not equally far "after epochs 1 to 2". */
export function describeEpochs(epochs: readonly number[]): string {
  const from = formatEpoch(Math.min(...epochs));
  const to = formatEpoch(Math.max(...epochs));
  return from === to ? `after epoch ${from}` : `after epochs ${from} to ${to}`;
}
