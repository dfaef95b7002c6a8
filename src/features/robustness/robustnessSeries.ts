import { isFullEvaluation } from '../../experiment/runs/history.ts';
import {
  type AttackKind,
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

/** The newest curve under each kind of attack, keyed by its measurements. */
const caches: Record<AttackKind, WeakMap<readonly Measurement[], Map<string, ChartSeries>>> = {
  'random-signs': new WeakMap(),
  fgsm: new WeakMap(),
  pgd: new WeakMap(),
};

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
export function makeSeries(kind: AttackKind, drawn: MeasuredRun): ChartSeries {
  const { id, name, runStyle, isReference, run } = drawn;
  const curve = findCurve(run.measurements, kind);
  const isStale = isOutdated(drawn, curve);
  const key = `${id} ${name} ${isStale}`;
  let known = caches[kind].get(run.measurements);
  if (known === undefined) {
    caches[kind].set(run.measurements, (known = new Map<string, ChartSeries>()));
  }
  const made = known.get(key);
  if (made !== undefined) return made;
  const xs = Float64Array.from(curve, ({ attack }) => attack.epsilon);
  const ys = Float64Array.from(curve, ({ adversarial }) => adversarial.errorRate);
  const { lines } = makeLines({
    xs,
    ys,
    isFull: (index) => isFullEvaluation(curve[index]!, run.config),
    isBreak: () => false,
    smoothing: 0,
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
    describe: (index) => describePoint(curve[index]!, run.config),
  };
  known.set(key, series);
  return series;
}

function describePoint(
  measurement: Measurement,
  config: Pick<RunConfig, 'dataSet'>,
): ReturnType<ChartSeries['describe']> {
  return {
    value: formatErrorRate(measurement.adversarial.errorRate),
    details: [
      `ε ${formatEpsilon(measurement.attack.epsilon)}`,
      describeImages([measurement], config),
      `after epoch ${formatEpoch(measurement.epoch)}`,
    ],
  };
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
export function describeMeasurement(kind: AttackKind, runs: readonly MeasuredRun[]): string {
  const present = runs.filter(({ isReference }) => !isReference);
  const curves = present.map((drawn) => ({
    drawn,
    curve: findCurve(drawn.run.measurements, kind),
  }));
  const measurements = curves.flatMap(({ curve }) => curve);
  const [first] = present;
  if (measurements.length === 0 || first === undefined) return '';
  const epochs = measurements.map(({ epoch }) => epoch);
  const from = formatEpoch(Math.min(...epochs));
  const to = formatEpoch(Math.max(...epochs));
  const moment = from === to ? `after epoch ${from}` : `after epochs ${from} to ${to}`;
  const stale = curves.some(({ drawn, curve }) => isOutdated(drawn, curve));
  const images = describeImages(measurements, first.run.config); // all runs of an experiment use the same data set
  return `${images[0]!.toUpperCase()}${images.slice(1)}, ${moment}.${stale ? ' Greyed: training has gone on since.' : ''}`;
}
