import { useMemo } from 'react';
import { useImageWord } from '../../../experiment/useImageWord.ts';
import { useLab, useThrottledLab } from '../../../experiment/useLab.ts';
import { methodUses } from '../../../domain/settings/methods.ts';
import { evaluatedCount, type ImageWord } from '../../../domain/dataSet.ts';
import { quickEvaluationSize } from '../../../domain/metrics.ts';
import { findAxisEnd, findVerticalAxis } from '../../../ui/charts/axes.ts';
import type { Cursor } from '../../../ui/charts/cursor.ts';
import { LineFigure } from '../../../ui/charts/LineFigure.tsx';
import { useStaggered } from '../../../ui/charts/useStaggered.ts';
import { formatCount, formatEpoch, formatEpsilon, keepTogether } from '../../../ui/format.ts';
import { type CurveRun, findLastEpoch, makeSeries, type View } from './curveSeries.ts';
import { hasRepeats, useDrawnCurves } from './drawnCurves.ts';
import { markSegments } from './epsilonSegments.ts';

/** Milliseconds between two drawings of the curves. */
export const chartIntervalMs = 250;

/** How the user wants the curves drawn. */
export interface CurveChoices {
  readonly isLogarithmic: boolean;
  /** Weight of the past in the moving average; 0 shows the measured values. */
  readonly smoothing: number;
  /** Ids of runs that are not drawn. */
  readonly hidden: ReadonlySet<string>;
}

interface CurveFigureProps {
  readonly view: View;
  /** Its position among the charts, which are drawn one after another. */
  readonly order: number;
  readonly choices: CurveChoices;
  readonly cursor: Cursor;
}

/** One of the three charts, with all visible runs. */
export function CurveFigure({ view, order, choices, cursor }: CurveFigureProps) {
  // Each chart has its own timer, so that each one is drawn in a separate task.
  const runs = useThrottledLab((state) => state.runs, chartIntervalMs);
  const drawn = useDrawnCurves(runs);
  const word = useImageWord();
  const pageEpsilon = useLab((state) => state.attackEpsilon);
  const { isLogarithmic, smoothing, hidden } = useStaggered(choices, order);
  const series = useMemo(
    () => drawn.filter(({ id }) => !hidden.has(id)).map((one) => makeSeries(view, one, smoothing)),
    [drawn, hidden, view, smoothing],
  );
  const isEmpty = series.every(({ xs }) => xs.length === 0);
  const marks = useMemo(() => markSegments(runs.map(({ history }) => history)), [runs]);
  const axis = useMemo(
    () =>
      findVerticalAxis(series, {
        // Empty axes stay linear: without values, a logarithmic axis has no sensible ticks.
        isLogarithmic: isLogarithmic && !isEmpty,
        ...(view === 'loss' ? { smallest: 1e-6 } : { smallest: 1e-4, largest: 1 }),
      }),
    [series, isLogarithmic, isEmpty, view],
  );
  const epsilon = runs[0]?.history.evaluations.at(-1)?.attack.epsilon ?? pageEpsilon;
  return (
    <LineFigure
      title={nameView(view, drawn, marks.length > 0 ? null : epsilon)}
      series={series}
      marks={marks}
      areMarksShown={view === 'attacked'}
      xEnd={findAxisEnd(findLastEpoch(drawn))}
      xLabel="Epochs"
      sayX={(epoch) => `Near epoch ${formatEpoch(epoch)}`}
      axis={axis}
      unit={view === 'loss' ? 'number' : 'percent'}
      cursor={cursor}
      {...describeView(view, drawn, axis.isCut)}
      emptyNote={isEmpty ? findEmptyNote(view, drawn, word) : null}
    />
  );
}

/** @param epsilon the attack's ε if it never changed */
function nameView(view: View, drawn: readonly CurveRun[], epsilon: number | null): string {
  if (view === 'loss') return 'Training loss';
  const splits = new Set(drawn.map(({ run: { config } }) => config.holdOutValidation));
  const error = splits.size > 1 ? 'Error' : splits.has(true) ? 'Validation error' : 'Test error';
  if (view === 'clean') return `${error}, clean`;
  return `${error} under FGSM${epsilon === null ? '' : `, ε ${formatEpsilon(epsilon)}`}`;
}

/** The caption in one line, and what it has no room for. */
function describeView(
  view: View,
  drawn: readonly CurveRun[],
  isCut: boolean,
): { readonly caption: string; readonly more: string } {
  const cut = isCut ? ' Higher values at the start are above the axis.' : '';
  const marks = describeMarks(drawn);
  switch (view) {
    case 'clean':
      return { caption: marks.caption, more: `${marks.more}${cut}` };
    case 'attacked':
      return {
        caption: 'Along each network’s own gradient.',
        more: `The same images as for the clean error, with pixels clipped to 0–1. If you change the attack ε, the new one applies from the next measurement on.${cut}`,
      };
    case 'loss':
      return {
        caption: hasRepeats(drawn)
          ? 'First seed: mean per training image.'
          : 'Mean per training image since the last point.',
        more: `${describeLosses(drawn)}${cut}`,
      };
  }
}

function describeMarks(drawn: readonly CurveRun[]): {
  readonly caption: string;
  readonly more: string;
} {
  const sizes = drawn.map(({ run: { config } }) =>
    evaluatedCount(config.dataSet, config.holdOutValidation ? 'validation' : 'test'),
  );
  const most = Math.max(...sizes);
  const isKnown = sizes.length > 0 && sizes.every((size) => size === most);
  const all = isKnown ? `all ${formatCount(most)} images` : 'all images';
  const more = 'Large marks are at the ends of epochs; short epochs share one.';
  if (sizes.length > 0 && most <= quickEvaluationSize) {
    return { caption: `Marks: ${all}.`, more };
  }
  return {
    caption: `Large marks: ${all}; small: ${formatCount(quickEvaluationSize)}.`,
    more: `${more} Small marks are on the first ${formatCount(quickEvaluationSize)} images.`,
  };
}

/** Which images the losses belong to: methods that perturb images do not report the clean loss. */
function describeLosses(drawn: readonly CurveRun[]): string {
  const perturbing = drawn.filter(({ run: { config } }) => methodUses(config.method, 'epsilon'));
  if (perturbing.length === 0) return 'The loss is that of the images that the network trains on.';
  const names = perturbing.filter(({ isReference }) => !isReference).map(({ name }) => name);
  const who = names.length > 0 ? names.join(', ') : 'Runs that train on perturbed images';
  return keepTogether(
    `${who}: on the perturbed images, so it cannot be compared with a loss on clean ones.`,
  );
}

/** The note that is shown while there are no curves yet. */
function findEmptyNote(view: View, drawn: readonly CurveRun[], word: ImageWord): string {
  if (drawn.length === 0) {
    return {
      clean: `The error on clean ${word}s is drawn here while networks train.`,
      attacked: `And here, the error on the same ${word}s under attack.`,
      loss: 'Here, the training loss.',
    }[view];
  }
  const hasPoints = drawn.some(({ run: { history } }) => history.evaluations.length > 0);
  if (view === 'loss' || !hasPoints) return 'The first points appear after a few steps.';
  return 'Every run is hidden.';
}
