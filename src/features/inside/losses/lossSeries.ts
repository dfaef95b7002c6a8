import { pointAt } from '../../../domain/analysis/inspection.ts';
import { type ChartSeries, makeLines } from '../../../ui/charts/series/series.ts';
import { styleOf } from '../../../ui/runStyles.ts';
import { formatNumber, formatSigned } from '../../../ui/format.ts';
import type { Shown } from '../../../experiment/inside/useShown.ts';

export type Direction = 'adversarial' | 'random';

/** Whether all losses are finite; those of a diverged network are not. */
export function isFiniteAround({ answer: { adversarial, random } }: Shown<'losses'>): boolean {
  return adversarial.every(Number.isFinite) && random.every(Number.isFinite);
}

/** The series that a chart draws for one network along one direction. */
export function makeLossSeries(
  { network, answer }: Shown<'losses'>,
  direction: Direction,
  epsilon: number,
): ChartSeries {
  const ys = Float64Array.from(answer[direction]);
  const xs = ys.map((_, point) => pointAt(point, ys.length, epsilon));
  return {
    id: network.id,
    name: network.name,
    runStyle: styleOf(network),
    isReference: false,
    isStale: false,
    xs,
    ys,
    ...makeLines({ xs, ys }),
    describe: (point) => ({
      value: formatNumber(ys[point]!),
      details: [`t ${formatSigned(Number(xs[point]!.toFixed(4)))}`],
    }),
  };
}

/** The smallest and largest loss of all surfaces, for one logarithmic scale; not below `floor`. */
export function findSurfaceRange(
  surfaces: readonly Float32Array[],
  floor: number,
): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = floor;
  for (const surface of surfaces) {
    for (const value of surface) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low: Math.min(high, Math.max(floor, low)), high };
}

/** The borders between right and wrong predictions on a grid of points, as an SVG path with one unit per point. */
export function traceBorder(answers: Uint8Array, side: number, label: number): string {
  const isWrong = (x: number, y: number): boolean => answers[y * side + x] !== label;
  const lines: string[] = [];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (x + 1 < side && isWrong(x, y) !== isWrong(x + 1, y)) lines.push(`M${x + 1},${y}v1`);
      if (y + 1 < side && isWrong(x, y) !== isWrong(x, y + 1)) lines.push(`M${x},${y + 1}h1`);
    }
  }
  return lines.join('');
}
