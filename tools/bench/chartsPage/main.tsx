/** Three linked charts of four growing runs, as the page draws them while it trains. */
import { useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { findAxisEnd, findVerticalAxis } from '../../../src/ui/charts/axes.ts';
import chartStyles from '../../../src/ui/charts/Chart.module.css';
import { createCursor, type Cursor } from '../../../src/ui/charts/cursor.ts';
import { LineFigure } from '../../../src/ui/charts/LineFigure.tsx';
import { type ChartSeries, makeLines } from '../../../src/ui/charts/series/series.ts';
import { runStyles } from '../../../src/ui/runStyles.ts';

const firstCount = 500;
const updateMs = 250;
const titles = ['Test error, clean', 'Test error under FGSM', 'Training loss'];

/** A falling, noisy curve of `count` points, ten an epoch. */
function makeSeries(run: number, count: number): ChartSeries {
  const xs = Float64Array.from({ length: count }, (_, index) => index / 10);
  const ys = xs.map(
    (x, index) => 0.5 / (1 + x / (1 + run)) + 0.02 * Math.abs(Math.sin(37 * index)),
  );
  const lines = makeLines({
    xs,
    ys,
    isFull: (index) => index % 10 === 0,
    isBreak: () => false,
    smoothing: 0,
  });
  return {
    id: String(run),
    name: `Run ${run}`,
    runStyle: runStyles[run]!,
    isReference: false,
    isStale: false,
    xs,
    ys,
    ...lines,
    describe: (index) => ({ value: String(ys[index]), details: [`Point ${index}`] }),
  };
}

function Figure({ title, cursor }: { readonly title: string; readonly cursor: Cursor }) {
  const [count, setCount] = useState(firstCount);
  useEffect(() => {
    const timer = setInterval(() => setCount((before) => before + 1), updateMs);
    return () => clearInterval(timer);
  }, []);
  const series = useMemo(() => [0, 1, 2, 3].map((run) => makeSeries(run, count)), [count]);
  const axis = useMemo(
    () => findVerticalAxis(series, { isLogarithmic: false, smallest: 1e-4, largest: 1 }),
    [series],
  );
  return (
    <LineFigure
      title={title}
      series={series}
      marks={[]}
      xEnd={findAxisEnd(count / 10)}
      xLabel="Epochs"
      describeX={String}
      axis={axis}
      unit="percent"
      cursor={cursor}
      caption=""
      emptyNote={null}
    />
  );
}

function Charts() {
  const [cursor] = useState(createCursor);
  return (
    <div className={chartStyles.frame}>
      <div className={chartStyles.figures}>
        {titles.map((title) => (
          <Figure key={title} title={title} cursor={cursor} />
        ))}
      </div>
    </div>
  );
}

createRoot(document.getElementById('root')!).render(<Charts />);
