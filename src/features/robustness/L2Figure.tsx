import { useMemo } from 'react';
import { attackNames, pgdSteps, sweptL2Epsilons } from '../../experiment/runs/measurements.ts';
import { useLab } from '../../experiment/useLab.ts';
import type { Cursor } from '../../ui/charts/cursor.ts';
import { LineFigure } from '../../ui/charts/LineFigure.tsx';
import { formatEpsilon } from '../../ui/format.ts';
import { describeEmptyL2 } from './findings.ts';
import { chartIntervalMs, wholeAxis } from './RobustnessFigure.tsx';
import { describeMeasurement, makeSeries } from './robustnessSeries.ts';
import { useDrawnRuns } from './useDrawnRuns.ts';

const attackName = attackNames['margin-pgd'];

interface L2FigureProps {
  readonly hidden: ReadonlySet<string>;
  readonly cursor: Cursor;
}

/** Error against the length of the change under PGD in the Euclidean norm, for all visible runs. */
export function L2Figure({ hidden, cursor }: L2FigureProps) {
  const isMeasuring = useLab(({ robustness }) => robustness.progress !== null);
  const hasNetworks = useLab(({ runs }) => runs.some(({ hasNetwork }) => hasNetwork));
  const drawn = useDrawnRuns(chartIntervalMs, 'l2');
  const shown = useMemo(() => drawn.filter(({ id }) => !hidden.has(id)), [drawn, hidden]);
  const series = useMemo(() => shown.map((one) => makeSeries('margin-pgd', one)), [shown]);
  const measured = useMemo(() => describeMeasurement('margin-pgd', shown), [shown]);
  const isEmpty = series.every(({ xs }) => xs.length === 0);
  const isHidden = drawn.some(({ run }) => run.measurements.length > 0);
  return (
    <LineFigure
      title={`Error under ${attackName}, L2`}
      series={series}
      marks={[]}
      xEnd={sweptL2Epsilons.at(-1)!}
      xLabel="Attack ε, L2"
      describeX={(epsilon) => `Near ε ${formatEpsilon(epsilon)}`}
      axis={wholeAxis}
      unit="percent"
      cursor={cursor}
      caption="The whole change is never longer than ε."
      more={
        <>
          <p>
            {pgdSteps} steps up the margin loss, along its gradient and not its sign: pixels that
            matter more change more. Attacked pixels are clipped to 0–1.
          </p>
          <p>
            Training on FGSM or PGD limits the change of each pixel, not this length. The page’s ε
            is not used here.
          </p>
          {measured !== '' && <p>{measured}</p>}
        </>
      }
      emptyNote={isEmpty ? describeEmptyL2({ isMeasuring, isHidden, hasNetworks }) : null}
    />
  );
}
