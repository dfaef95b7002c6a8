import { isFullEvaluation, type LossPoint } from '../../../experiment/runs/history.ts';
import type { SeedRun } from '../../../experiment/runs/repeats.ts';
import type { Run } from '../../../experiment/runs/run.ts';
import type { RunConfig } from '../../../domain/settings/config.ts';
import type { Evaluation } from '../../../domain/metrics.ts';
import type { DrawnRun } from '../../../ui/charts/series/drawnRuns.ts';
import {
  type ChartSeries,
  makeBand,
  makeLines,
  toNumbers,
} from '../../../ui/charts/series/series.ts';
import { averageErrors, averageLosses, type SeedPoint } from './seedCurves.ts';
import {
  formatCount,
  formatEpoch,
  formatEpsilon,
  formatErrorRate,
  formatInterval,
  formatLoss,
} from '../../../ui/format.ts';

/** The three charts, in the order in which they are shown. */
export const views = ['clean', 'attacked', 'loss'] as const;
export type View = (typeof views)[number];

/** The parts of a current or saved run that the charts need. */
export type CurveRun = DrawnRun<
  Pick<Run, 'id' | 'name' | 'paletteIndex' | 'config' | 'history'> & {
    /** The same run with other seeds. */
    readonly repeats?: readonly (Pick<Run, 'id' | 'config' | 'history'> &
      Pick<SeedRun, 'failure'>)[];
  }
>;

interface Cached {
  readonly key: string;
  readonly series: ChartSeries;
}

/** The newest series of each run and chart, keyed by the measurements that it draws. */
const caches: Record<View, WeakMap<readonly unknown[], Map<string, Cached>>> = {
  clean: new WeakMap(),
  attacked: new WeakMap(),
  loss: new WeakMap(),
};

/**
 * The series that a chart draws for a run. Returns the same object until there is a new measurement, so that
 * React does not draw it again.
 *
 * @param smoothing weight of the past in the moving average, 0 to below 1
 */
export function makeSeries(view: View, drawn: CurveRun, smoothing: number): ChartSeries {
  const { history, repeats = [] } = drawn.run;
  const measured = view === 'loss' ? history.losses : history.evaluations;
  const key = `${drawn.name} ${drawn.runStyle.marker} ${smoothing} ${repeats.map(({ id }) => id).join()}`;
  let byRun = caches[view].get(measured);
  if (byRun === undefined) caches[view].set(measured, (byRun = new Map<string, Cached>()));
  const known = byRun.get(drawn.id);
  if (known?.key === key) return known.series;
  const series =
    view === 'loss'
      ? (makeSeedLossSeries(drawn, smoothing) ?? makeLossSeries(drawn, history.losses, smoothing))
      : (makeSeedSeries(view, drawn, smoothing) ??
        makeErrorSeries(view, drawn, history.evaluations, smoothing));
  byRun.set(drawn.id, { key, series });
  return series;
}

function makeErrorSeries(
  view: 'clean' | 'attacked',
  { id, name, runStyle, isReference, run: { config } }: CurveRun,
  evaluations: readonly Evaluation[],
  smoothing: number,
): ChartSeries {
  const isAttacked = view === 'attacked';
  const xs = toNumbers(evaluations, ({ epoch }) => epoch);
  const ys = toNumbers(
    evaluations,
    ({ clean, adversarial }) => (isAttacked ? adversarial : clean).errorRate,
  );
  const lines = makeLines({
    xs,
    ys,
    isFull: (index) => isFullEvaluation(evaluations[index]!, config),
    isBreak: (index) => isAttacked && hasNewEpsilon(evaluations, index),
    smoothing,
  });
  return {
    id,
    name,
    runStyle,
    isReference,
    isStale: false,
    xs,
    ys,
    ...lines,
    describe: (index) => {
      const evaluation = evaluations[index]!;
      const attack = `FGSM ε ${formatEpsilon(evaluation.attack.epsilon)}`;
      return {
        value: formatErrorRate(ys[index]!),
        details: [
          ...describeMoment(evaluation),
          describeImages(evaluation, config),
          ...(isAttacked ? [attack] : []),
        ],
      };
    },
  };
}

type WithSeeds = Pick<CurveRun['run'], 'history' | 'repeats'>;

/** The curves of the seeds of a run that were trained to their end. */
function listHistories({ history, repeats = [] }: WithSeeds) {
  const whole = repeats.filter(({ failure }) => failure === undefined);
  return [history, ...whole.map((repeat) => repeat.history)];
}

/** The mean error over the seeds of a run that were trained to their end. */
export function averageRun(
  view: 'clean' | 'attacked',
  run: WithSeeds,
): readonly SeedPoint<Evaluation>[] {
  const seeds = listHistories(run).map(({ evaluations }) => evaluations);
  return averageErrors(seeds, view === 'attacked' ? 'adversarial' : 'clean');
}

/** The mean training loss over the seeds of a run; empty for seeds that were saved without it. */
export function averageLoss(run: WithSeeds): readonly SeedPoint<LossPoint>[] {
  return averageLosses(listHistories(run).map(({ losses }) => losses));
}

/** The mean over seeds with its 95 % interval as a band; null with too few seeds. */
function makeSeedSeries(
  view: 'clean' | 'attacked',
  { id, name, runStyle, isReference, run: { config, history, repeats = [] } }: CurveRun,
  smoothing: number,
): ChartSeries | null {
  const isAttacked = view === 'attacked';
  const points = averageRun(view, { history, repeats });
  if (points.length === 0) return null;
  const xs = toNumbers(points, ({ point }) => point.epoch);
  const ys = toNumbers(points, ({ mean }) => mean);
  const evaluations = points.map(({ point }) => point);
  const isBreak = (index: number) => isAttacked && hasNewEpsilon(evaluations, index);
  const isFull = (index: number) => isFullEvaluation(evaluations[index]!, config);
  const reaches = toNumbers(points, ({ reach }) => reach);
  return {
    id,
    name,
    runStyle,
    isReference,
    isStale: false,
    xs,
    ys,
    ...makeLines({ xs, ys, isFull, isBreak, smoothing }),
    // The mean of intervals is not the interval of a smoothed line.
    ...(smoothing === 0 && { band: makeBand(xs, ys, reaches, 1), isInterval: true }),
    describe: (index) => {
      const { point: evaluation, mean, reach, count } = points[index]!;
      const attack = `FGSM ε ${formatEpsilon(evaluation.attack.epsilon)}`;
      return {
        value: formatInterval({ mean, reach }),
        details: [
          ...describeMoment(evaluation),
          describeImages(evaluation, config),
          describeSeeds(count),
          ...(isAttacked ? [attack] : []),
        ],
      };
    },
  };
}

function makeLossSeries(
  { id, name, runStyle, isReference }: CurveRun,
  losses: readonly LossPoint[],
  smoothing: number,
): ChartSeries {
  const xs = toNumbers(losses, ({ epoch }) => epoch);
  const ys = toNumbers(losses, ({ loss }) => loss);
  const lines = makeLines({ xs, ys, isFull: () => false, isBreak: () => false, smoothing });
  return {
    id,
    name,
    runStyle,
    isReference,
    isStale: false,
    xs,
    ys,
    ...lines,
    describe: (index) => ({
      value: formatLoss(ys[index]!),
      details: describeMoment(losses[index]!),
    }),
  };
}

/** The mean training loss over seeds with its 95 % interval as a band; null with too few seeds. */
function makeSeedLossSeries(
  { id, name, runStyle, isReference, run }: CurveRun,
  smoothing: number,
): ChartSeries | null {
  const points = averageLoss(run);
  if (points.length === 0) return null;
  const xs = toNumbers(points, ({ point }) => point.epoch);
  const ys = toNumbers(points, ({ mean }) => mean);
  const reaches = toNumbers(points, ({ reach }) => reach);
  return {
    id,
    name,
    runStyle,
    isReference,
    isStale: false,
    xs,
    ys,
    ...makeLines({ xs, ys, smoothing }),
    ...(smoothing === 0 && { band: makeBand(xs, ys, reaches, Infinity), isInterval: true }),
    describe: (index) => {
      const { point, mean, reach, count } = points[index]!;
      return {
        value: `${formatLoss(mean)} ± ${formatLoss(reach)}`,
        details: [...describeMoment(point), describeSeeds(count)],
      };
    },
  };
}

function describeSeeds(count: number): string {
  return `${count} seeds ± 95 % interval`;
}

function describeMoment({ epoch, step }: LossPoint | Evaluation): string[] {
  return [`Epoch ${formatEpoch(epoch)}`, `step ${formatCount(step)}`];
}

/** "first 1,000 test images", "all 10,000 test images". */
export function describeImages(
  evaluation: Pick<Evaluation, 'sampleCount' | 'split'>,
  config: Pick<RunConfig, 'dataSet'>,
): string {
  const which = isFullEvaluation(evaluation, config) ? 'all' : 'first';
  return `${which} ${formatCount(evaluation.sampleCount)} ${evaluation.split} images`;
}

function hasNewEpsilon(evaluations: readonly Evaluation[], index: number): boolean {
  const before = evaluations[index - 1];
  return before !== undefined && before.attack.epsilon !== evaluations[index]!.attack.epsilon;
}

/** The last epoch that any of the runs has reached. */
export function findLastEpoch(runs: readonly CurveRun[]): number {
  const ends = runs.flatMap(({ run: { history } }) => [
    history.evaluations.at(-1)?.epoch ?? 0,
    history.losses.at(-1)?.epoch ?? 0,
  ]);
  return Math.max(0, ...ends);
}
