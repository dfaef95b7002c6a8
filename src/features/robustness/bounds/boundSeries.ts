import { imageWord } from '../../../domain/dataSet.ts';
import {
  findCurve,
  findMeasurement,
  type Measurement,
} from '../../../experiment/runs/measurements.ts';
import { type ChartSeries, makeLines } from '../../../ui/charts/series/series.ts';
import type { TableColumn, TableRow } from '../../../ui/charts/NumberTable.tsx';
import { formatEpoch, formatEpsilon, formatErrorRate } from '../../../ui/format.ts';
import { describeImages, isOutdated, type MeasuredRun } from '../robustnessSeries.ts';

/** What is known of a run's digits within one ε: shares, 0 to 1. */
export interface Bound {
  readonly epsilon: number;
  /** Digits that no attack can change. */
  readonly proven: number;
  /** Digits that no attack that was tried has changed. */
  readonly survive: number;
  readonly measurement: Measurement;
}

/** A run's newest bounds, by rising ε. */
export function findBounds(measurements: readonly Measurement[]): readonly Bound[] {
  return findCurve(measurements, 'strongest').flatMap((measurement) => {
    const { epsilon } = measurement.attack;
    const certificate = findMeasurement(measurements, 'certificate', epsilon);
    if (certificate === null || certificate.step !== measurement.step) return [];
    return [
      {
        epsilon,
        proven: 1 - certificate.adversarial.errorRate,
        survive: 1 - measurement.adversarial.errorRate,
        measurement,
      },
    ];
  });
}

/** The series of a run: its line is what survives, and the band below it reaches down to what is proven. */
export function makeBoundSeries(drawn: MeasuredRun): ChartSeries {
  const { id, name, runStyle, isReference, run } = drawn;
  const bounds = findBounds(run.measurements);
  const xs = Float64Array.from(bounds, ({ epsilon }) => epsilon);
  const ys = Float64Array.from(bounds, ({ survive }) => survive);
  const isStale = isOutdated(
    drawn,
    bounds.map(({ measurement }) => measurement),
  );
  return {
    id,
    name,
    runStyle,
    isReference,
    isStale,
    xs,
    ys,
    ...makeLines({ xs, ys }),
    band: bounds.map(({ epsilon, proven, survive }) => ({
      x: epsilon,
      low: proven,
      high: survive,
    })),
    describe: (index) => {
      const { epsilon, proven, survive, measurement } = bounds[index]!;
      return {
        value: `${formatErrorRate(survive)} survive, ${formatErrorRate(proven)} proven`,
        details: [
          `ε ${formatEpsilon(epsilon)}`,
          describeImages([measurement], run.config),
          `after epoch ${formatEpoch(measurement.epoch)}`,
        ],
      };
    },
  };
}

/** "ABP at ε 0.08: 66 of 100 ${imageWord(best.dataSet)}s are proven safe, 81 survived all attacks.": of the run with the most proofs. */
export function describeBounds(runs: readonly MeasuredRun[], pageEpsilon: number): string | null {
  const found = runs.flatMap(({ name, run }) => {
    const bounds = [...findBounds(run.measurements)];
    bounds.sort((a, b) => Math.abs(a.epsilon - pageEpsilon) - Math.abs(b.epsilon - pageEpsilon));
    const [nearest] = bounds;
    return nearest === undefined ? [] : [{ name, dataSet: run.config.dataSet, ...nearest }];
  });
  const [best] = found.toSorted((a, b) => b.proven - a.proven);
  if (best === undefined) return null;
  const { sampleCount } = best.measurement;
  /** Whole digits of 100, rounded down; shares are counts of images, whatever the last digits of a float are. */
  const of100 = (share: number) =>
    Math.floor((100 * Math.round(share * sampleCount)) / sampleCount);
  const [proven, survive] = [of100(best.proven), of100(best.survive)];
  return `${best.name} at ε ${formatEpsilon(best.epsilon)}: ${proven} of 100 ${imageWord(best.dataSet)}s are proven safe, ${survive} survived all attacks.`;
}

/** "first 1,000 test images": fewer than the curves of errors may have, so their numbers are of other images. */
export function describeBoundedImages(runs: readonly MeasuredRun[]): string {
  const measurements = runs.flatMap(({ run }) =>
    findBounds(run.measurements).map(({ measurement }) => measurement),
  );
  return describeImages(measurements, { dataSet: runs[0]?.run.config.dataSet ?? null });
}

/** The numbers of the chart: a row for each ε. */
export function makeBoundTable(runs: readonly MeasuredRun[]): {
  columns: TableColumn[];
  rows: TableRow[];
} {
  const all = runs.map(({ run }) => findBounds(run.measurements));
  const epsilons = new Set(all.flatMap((bounds) => bounds.map(({ epsilon }) => epsilon)));
  return {
    columns: [
      { name: 'ε', parts: [] },
      ...runs.map(({ name }) => ({ name, parts: ['Proven', 'Survive'] })),
    ],
    rows: [...epsilons]
      .sort((a, b) => a - b)
      .map((epsilon) => ({
        key: String(epsilon),
        cells: [
          formatEpsilon(epsilon),
          ...all.flatMap((bounds) => {
            const bound = bounds.find((one) => one.epsilon === epsilon);
            return bound
              ? [formatErrorRate(bound.proven), formatErrorRate(bound.survive)]
              : ['–', '–'];
          }),
        ],
      })),
  };
}
