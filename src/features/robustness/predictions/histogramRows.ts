import { type Bins, borderOf } from '../../../experiment/inside/histogram.ts';

/** Fractions of the images from x on. */
interface HistogramRow {
  readonly x: number;
  readonly clean: number;
  readonly attacked: number;
}

/** The outlines of two histograms from left to right; they begin and end at the floor. */
export function makeHistogramRows(
  bins: Bins,
  clean: Float64Array,
  attacked: Float64Array,
): HistogramRow[] {
  const steps = Array.from(clean, (share, bin) => ({
    x: borderOf(bins, bin),
    clean: share,
    attacked: attacked[bin] ?? 0,
  }));
  const end = borderOf(bins, bins.count);
  return [
    { x: bins.from, clean: 0, attacked: 0 },
    ...steps,
    ...steps.slice(-1).map((last) => ({ ...last, x: end })),
    { x: end, clean: 0, attacked: 0 },
  ];
}
