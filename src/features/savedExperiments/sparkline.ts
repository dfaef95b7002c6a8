import type { History } from '../../experiment/runs/history.ts';

export const sparkSize = { width: 96, height: 40 } as const;

/** Room for the width of the lines. */
const inset = 2;
/** Lower error rates are drawn as this one: a logarithm needs a limit. */
const floor = 1e-3;
/** More would be closer than a pixel. */
const mostPoints = 96;

interface Point {
  readonly epoch: number;
  readonly errorRate: number;
}

/**
 * One path a run of its clean error rate by epoch, on a logarithmic scale that all runs share; empty for a run with
 * fewer than two measurements.
 */
export function sparkPaths(histories: readonly Pick<History, 'evaluations'>[]): readonly string[] {
  const curves = histories.map(({ evaluations }) =>
    thin(evaluations.map(({ epoch, clean }) => ({ epoch, errorRate: clean.errorRate }))),
  );
  const all = curves.flat();
  const logs = all.map(heightOf);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const lastEpoch = Math.max(...all.map(({ epoch }) => epoch));
  const { width, height } = sparkSize;
  const xOf = ({ epoch }: Point): number =>
    inset + (epoch / (lastEpoch || 1)) * (width - 2 * inset);
  const yOf = (point: Point): number =>
    inset + ((high - heightOf(point)) / (high - low || 1)) * (height - 2 * inset);
  return curves.map((curve) =>
    curve.length < 2
      ? ''
      : `M${curve.map((point) => `${xOf(point).toFixed(1)},${yOf(point).toFixed(1)}`).join('L')}`,
  );
}

function heightOf({ errorRate }: Point): number {
  return Math.log(Math.max(floor, errorRate));
}

/** Evenly chosen points, with the first and the last. */
function thin(points: readonly Point[]): readonly Point[] {
  if (points.length <= mostPoints) return points;
  const stride = (points.length - 1) / (mostPoints - 1);
  return Array.from({ length: mostPoints }, (_, at) => points[Math.round(at * stride)]!);
}
