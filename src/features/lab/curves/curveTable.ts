import type { LossPoint } from '../../../experiment/runs/history.ts';
import type { Evaluation } from '../../../domain/metrics.ts';
import type { TableColumn, TableRow } from '../../../ui/charts/NumberTable.tsx';
import { formatCount, formatEpsilon, formatErrorRate, formatLoss } from '../../../ui/format.ts';
import type { CurveRun } from './curveSeries.ts';

export interface CurveTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** Whether there are older rows. */
  readonly hasMore: boolean;
}

/** Shown where a run measured nothing at a moment of another run. */
const nothing = '–';

interface Moment<T> {
  readonly key: string;
  readonly epoch: number;
  /** One per run, undefined when the run measured nothing then. */
  readonly points: readonly (T | undefined)[];
}

/** Error rates, one row for each moment of measurement, newest first. */
export function makeErrorTable(runs: readonly CurveRun[], limit: number): CurveTable {
  const { moments, hasMore } = findMoments<Evaluation>(
    runs.map(({ run }) => run.history.evaluations),
    ({ step, sampleCount, split, attack }) => `${step} ${sampleCount} ${split} ${attack.epsilon}`,
    limit,
  );
  const format = makeEpochFormat(moments.map(({ epoch }) => epoch));
  return {
    columns: [
      ...['Epoch', 'Step', 'Images', 'Attack ε'].map((name) => ({ name, parts: [] })),
      ...runs.map(({ name }) => ({ name, parts: ['Clean', 'Under FGSM'] })),
    ],
    rows: moments.map(({ key, epoch, points }) => {
      const { step, sampleCount, split, attack } = points.find((point) => point !== undefined)!;
      return {
        key,
        cells: [
          format(epoch),
          formatCount(step),
          `${formatCount(sampleCount)} ${split}`,
          formatEpsilon(attack.epsilon),
          ...points.flatMap((point) =>
            point
              ? [point.clean, point.adversarial].map(({ errorRate }) => formatErrorRate(errorRate))
              : [nothing, nothing],
          ),
        ],
      };
    }),
    hasMore,
  };
}

/** Training losses, one row for each moment of measurement, newest first. */
export function makeLossTable(runs: readonly CurveRun[], limit: number): CurveTable {
  const { moments, hasMore } = findMoments<LossPoint>(
    runs.map(({ run }) => run.history.losses),
    ({ step }) => String(step),
    limit,
  );
  const format = makeEpochFormat(moments.map(({ epoch }) => epoch));
  return {
    columns: ['Epoch', 'Step', ...runs.map(({ name }) => name)].map((name) => ({
      name,
      parts: [],
    })),
    rows: moments.map(({ key, epoch, points }) => ({
      key,
      cells: [
        format(epoch),
        formatCount(points.find((point) => point !== undefined)!.step),
        ...points.map((point) => (point ? formatLoss(point.loss) : nothing)),
      ],
    })),
    hasMore,
  };
}

/**
 * The newest moments of several lists sorted by epoch, merged from their ends. Points of one moment that
 * measure the same thing share a row. It reads only as many points as it shows.
 */
function findMoments<T extends { readonly epoch: number }>(
  lists: readonly (readonly T[])[],
  keyOf: (point: T) => string,
  limit: number,
): { moments: Moment<T>[]; hasMore: boolean } {
  const next = lists.map((list) => list.length - 1);
  const heads = () => lists.map((list, run) => list[next[run]!]);
  const moments: Moment<T>[] = [];
  while (moments.length < limit) {
    const points = heads();
    let newest: T | undefined;
    for (const point of points) {
      if (point && (newest === undefined || point.epoch > newest.epoch)) newest = point;
    }
    if (newest === undefined) return { moments, hasMore: false };
    const { epoch } = newest;
    const key = keyOf(newest);
    const row = points.map((point) =>
      point?.epoch === epoch && keyOf(point) === key ? point : undefined,
    );
    row.forEach((point, run) => {
      if (point) next[run]!--;
    });
    moments.push({ key: `${epoch} ${key}`, epoch, points: row });
  }
  return { moments, hasMore: heads().some((point) => point !== undefined) };
}

/** Writes all epochs of a column with the same number of decimals: enough to tell neighbors apart, at most 4. */
export function makeEpochFormat(epochs: readonly number[]): (epoch: number) => string {
  if (epochs.every(Number.isInteger)) return String;
  const sorted = [...epochs].sort((a, b) => a - b);
  let smallest = 1;
  for (let index = 1; index < sorted.length; index++) {
    const gap = sorted[index]! - sorted[index - 1]!;
    if (gap > 1e-9) smallest = Math.min(smallest, gap);
  }
  const decimals = Math.min(4, Math.max(2, Math.ceil(-Math.log10(smallest))));
  return (epoch) => epoch.toFixed(decimals);
}
