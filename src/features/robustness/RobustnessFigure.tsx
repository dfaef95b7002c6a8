import { useMemo } from 'react';
import {
  type MeasuredKind,
  sweptEpsilons,
  attackNames,
} from '../../experiment/runs/measurements.ts';
import { useLab, useThrottledLab } from '../../experiment/useLab.ts';
import { findAxisEnd, type VerticalAxis } from '../../ui/charts/axes.ts';
import type { Cursor } from '../../ui/charts/cursor.ts';
import { LineFigure } from '../../ui/charts/LineFigure.tsx';
import { useStaggered } from '../../ui/charts/useStaggered.ts';
import { formatEpsilon, keepTogether } from '../../ui/format.ts';
import { describeKind, explanations } from './findings.ts';
import { markEpsilons } from './robustnessMarks.ts';
import { describeMeasurement, makeSeries } from './robustnessSeries.ts';
import { useDrawnRuns } from './useDrawnRuns.ts';

export const chartIntervalMs = 250;

/** Shared by all charts here, so that attacks can be compared. */
export const wholeAxis: VerticalAxis = { isLogarithmic: false, floor: 0, top: 1, isCut: false };

interface RobustnessFigureProps {
  readonly kind: MeasuredKind;
  readonly order: number;
  readonly hidden: ReadonlySet<string>;
  readonly cursor: Cursor;
}

/** Error against attack ε under one kind of attack, for all visible runs. */
export function RobustnessFigure({ kind, order, hidden, cursor }: RobustnessFigureProps) {
  const attackEpsilon = useThrottledLab((state) => state.attackEpsilon, chartIntervalMs);
  const isMeasuring = useLab(({ robustness }) => robustness.progress !== null);
  const shownHidden = useStaggered(hidden, order);
  const drawn = useDrawnRuns(chartIntervalMs);
  const shown = useMemo(() => drawn.filter(({ id }) => !shownHidden.has(id)), [drawn, shownHidden]);
  const series = useMemo(() => shown.map((one) => makeSeries(kind, one)), [shown, kind]);
  const xEnd = findAxisEnd(Math.max(sweptEpsilons.at(-1)!, attackEpsilon));
  const marks = useMemo(
    () => markEpsilons(shown, attackEpsilon, xEnd),
    [shown, attackEpsilon, xEnd],
  );
  const isEmpty = series.every(({ xs }) => xs.length === 0);
  const { caption, measured } = useMemo(() => {
    const present = shown
      .filter(({ isReference }) => !isReference)
      .map(({ name, run }) => ({ name, measurements: run.measurements }));
    return {
      caption: keepTogether(describeKind(kind, present, attackEpsilon)),
      measured: describeMeasurement(kind, shown),
    };
  }, [kind, shown, attackEpsilon]);
  return (
    <LineFigure
      title={`Error under ${kind === 'random-signs' ? 'random signs' : attackNames[kind]}`}
      series={series}
      marks={isEmpty ? [] : marks}
      xEnd={xEnd}
      xLabel="Attack ε"
      describeX={(epsilon) => `Near ε ${formatEpsilon(epsilon)}`}
      axis={wholeAxis}
      unit="percent"
      cursor={cursor}
      caption={caption}
      more={
        <>
          <p>{explanations[kind]} Attacked pixels are clipped to 0–1.</p>
          {measured !== '' && <p>{measured}</p>}
          <p>Vertical lines mark the ε that runs train with, and the page’s attack ε.</p>
        </>
      }
      emptyNote={isEmpty ? findEmptyNote(kind, drawn.length > 0, isMeasuring) : null}
    />
  );
}

function findEmptyNote(kind: MeasuredKind, hasRuns: boolean, isMeasuring: boolean): string {
  if (isMeasuring) return 'The first measurement is under way.';
  if (hasRuns) return 'Measured for the first time after the first epoch.';
  return {
    'random-signs': 'Once networks train, errors are drawn here against the size of the attack.',
    fgsm: 'One step along the gradient.',
    'margin-pgd': 'Many small steps.',
  }[kind];
}
