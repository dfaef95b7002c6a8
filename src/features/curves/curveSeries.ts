import { isFullEvaluation, type LossPoint } from '../../experiment/runs/history.ts';
import type { Run } from '../../experiment/runs/run.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import type { Evaluation } from '../../domain/metrics.ts';
import type { DrawnRun } from '../../ui/charts/series/drawnRuns.ts';
import { type ChartSeries, makeLines, toNumbers } from '../../ui/charts/series/series.ts';
import {
  formatCount,
  formatEpoch,
  formatEpsilon,
  formatErrorRate,
  formatLoss,
} from '../../ui/format.ts';

/** The three charts, in the order in which they are shown. */
export const views = ['clean', 'attacked', 'loss'] as const;
export type View = (typeof views)[number];

/** The parts of a current or saved run that the charts need. */
export type CurveRun = DrawnRun<Pick<Run, 'id' | 'name' | 'paletteIndex' | 'config' | 'history'>>;

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
  const { history } = drawn.run;
  const measured = view === 'loss' ? history.losses : history.evaluations;
  const key = `${drawn.name} ${drawn.runStyle.marker} ${smoothing}`;
  let byRun = caches[view].get(measured);
  if (byRun === undefined) caches[view].set(measured, (byRun = new Map<string, Cached>()));
  const known = byRun.get(drawn.id);
  if (known?.key === key) return known.series;
  const series =
    view === 'loss'
      ? makeLossSeries(drawn, history.losses, smoothing)
      : makeErrorSeries(view, drawn, history.evaluations, smoothing);
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
