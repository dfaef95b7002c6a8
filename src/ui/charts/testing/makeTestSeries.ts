import { runStyles } from '../../runStyles.ts';
import { type ChartSeries, makeLines } from '../series/series.ts';

/** A series of values at 0, 1, 2 … for tests. */
export function makeTestSeries(values: readonly number[], name = 'Plain'): ChartSeries {
  const xs = Float64Array.from(values, (_, index) => index);
  const ys = Float64Array.from(values);
  return {
    ...makeLines({ xs, ys }),
    id: name,
    name,
    runStyle: runStyles[0]!,
    isReference: false,
    isStale: false,
    xs,
    ys,
    describe: (index) => ({ value: String(ys[index]), details: [`Epoch ${index}`] }),
  };
}
