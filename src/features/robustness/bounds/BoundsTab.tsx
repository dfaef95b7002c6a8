import { useMemo, useState } from 'react';
import { boundedCount, boundedEpsilons } from '../../../experiment/runs/measurements.ts';
import { useImageWord } from '../../../experiment/useImageWord.ts';
import { useLab, useLabActions, useThrottledLab } from '../../../experiment/useLab.ts';
import { findAxisEnd } from '../../../ui/charts/axes.ts';
import chartStyles from '../../../ui/charts/Chart.module.css';
import { createCursor } from '../../../ui/charts/cursor.ts';
import { LineFigure } from '../../../ui/charts/LineFigure.tsx';
import { NumberTable } from '../../../ui/charts/NumberTable.tsx';
import { RunLegend, toggled } from '../../../ui/charts/RunLegend.tsx';
import { formatCount, formatEpsilon, keepTogether } from '../../../ui/format.ts';
import { MeasureBar, MeasureFailure } from '../MeasureBar.tsx';
import { chartIntervalMs, wholeAxis } from '../RobustnessFigure.tsx';
import { pretrainedOrigin } from '../pretrainedRobustness.ts';
import { markEpsilons } from '../robustnessMarks.ts';
import styles from '../Robustness.module.css';
import { useDrawnRuns } from '../useDrawnRuns.ts';
import {
  describeBoundedImages,
  describeBounds,
  makeBoundSeries,
  makeBoundTable,
} from './boundSeries.ts';

/** How many digits are safe: at least those with a proof, at most those that survive every attack. */
export function BoundsTab() {
  const lab = useLabActions();
  const attackEpsilon = useThrottledLab((state) => state.attackEpsilon, chartIntervalMs);
  const isMeasuring = useLab(({ robustness }) => robustness.progress !== null);
  const isPretrained = useLab(({ runs, references }) => runs.length + references.length === 0);
  const word = useImageWord();
  const words = word === 'digit' ? 'Digits' : 'Images';
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set<string>());
  const [cursor] = useState(createCursor);
  const drawn = useDrawnRuns(chartIntervalMs);
  const shown = useMemo(() => drawn.filter(({ id }) => !hidden.has(id)), [drawn, hidden]);
  const series = useMemo(() => shown.map(makeBoundSeries), [shown]);
  const xEnd = findAxisEnd(
    Math.max(boundedEpsilons.at(-1)!, ...series.flatMap(({ xs }) => [...xs])),
  );
  const marks = useMemo(
    () => markEpsilons(shown, attackEpsilon, xEnd),
    [shown, attackEpsilon, xEnd],
  );
  const isEmpty = series.every(({ xs }) => xs.length === 0);
  const { columns, rows } = useMemo(() => makeBoundTable(shown), [shown]);
  return (
    <>
      <p className={styles.lead}>
        An attack shows how bad it is at least, a proof how bad it can be at most. The truth lies
        between.{isPretrained && ` ${pretrainedOrigin}`}
      </p>
      <div className={styles.toolbar}>
        <MeasureBar onMeasure={() => lab.measureBounds()}>Attack and prove</MeasureBar>
      </div>
      <MeasureFailure />
      <div className={chartStyles.frame}>
        <RunLegend
          items={drawn}
          hidden={hidden}
          onToggle={(id) => setHidden(toggled(hidden, id))}
        />
        <div className={styles.bounds}>
          <LineFigure
            title={`${words} that stay safe`}
            series={series}
            marks={isEmpty ? [] : marks}
            xEnd={xEnd}
            xLabel="Attack ε"
            describeX={(epsilon) => `Near ε ${formatEpsilon(epsilon)}`}
            axis={wholeAxis}
            unit="percent"
            cursor={cursor}
            caption={keepTogether(
              describeBounds(shown, attackEpsilon) ??
                'Line: survived all attacks. Lower edge of the band: proven safe.',
            )}
            more={
              <>
                <p>
                  The line shows the {word}s that survived the strongest attack: FGSM, PGD, PGD of
                  100 steps from five random starts and 50 towards each class, and Square, which
                  uses no gradient (Andriushchenko et al. 2020). A stronger attack could lower it.
                </p>
                <p>
                  The lower edge of the band shows the {word}s that no change of at most ε in each
                  pixel can turn. That is proven by linear relaxation (CROWN, Zhang et al. 2018) or
                  by intervals (IBP, Gowal et al. 2018); a tighter proof could raise it.
                </p>
                <p>
                  The first {formatCount(boundedCount)} test images, pixels clipped to 0–1. It takes
                  from seconds to minutes for each network.
                </p>
              </>
            }
            emptyNote={
              isEmpty
                ? isMeasuring
                  ? 'The first bounds are being computed.'
                  : 'Press Attack and prove.'
                : null
            }
          />
          {!isEmpty && (
            <NumberTable
              caption={`${words} that are proven safe, and those that survive every attack, of the ${describeBoundedImages(shown)}.`}
              columns={columns}
              rows={rows}
            />
          )}
        </div>
      </div>
    </>
  );
}
