import { Button, Checkbox } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import type { LabState } from '../../../experiment/state.ts';
import { useLab, useLabActions, useThrottledLab } from '../../../experiment/useLab.ts';
import { useLeakingRuns } from '../../../experiment/useLabelLeaking.ts';
import chartStyles from '../../../ui/charts/Chart.module.css';
import { createCursor } from '../../../ui/charts/cursor.ts';
import { listDrawnRuns } from '../../../ui/charts/series/drawnRuns.ts';
import { ExportButtons } from '../../../ui/charts/export/ExportButtons.tsx';
import { RunLegend, toggled } from '../../../ui/charts/RunLegend.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { RangeSlider } from '../../../ui/fields/RangeSlider.tsx';
import { chartIntervalMs, CurveFigure } from './CurveFigure.tsx';
import styles from './Curves.module.css';
import { makeCurvesCsv } from './curvesCsv.ts';
import { CurveTables } from './CurveTables.tsx';
import { listCurves, useBands } from './drawnCurves.ts';
import { views } from './curveSeries.ts';

/** Without the training loss, which cannot be compared between methods. */
const shortViews = views.filter((view) => view !== 'loss');

function hasPoints({ runs, references }: LabState): boolean {
  return [...runs, ...references.flatMap((experiment) => experiment.runs)].some(
    ({ history }) => history.evaluations.length + history.losses.length > 0,
  );
}

/** The measurements of the runs so far, as curves and as tables. */
export function CurvesPanel() {
  const lab = useLabActions();
  const { isLogarithmic, smoothing, isCurveTable: isTable } = useLab((state) => state.view);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set<string>());
  const [cursor] = useState(createCursor);
  const root = useRef<HTMLDivElement>(null);
  const hasData = useLab(hasPoints);
  const [isOpen, setOpen] = useState(false);
  // A link may ask for what only the whole view has.
  const isWhole = isOpen || isTable || isLogarithmic || smoothing > 0;
  const choices = useMemo(
    () => ({ isLogarithmic, smoothing, hidden }),
    [isLogarithmic, smoothing, hidden],
  );
  const bands = useBands(smoothing);
  const leaking = useLeakingRuns();
  const notes = [
    ...(bands === null ? [] : [bands]),
    ...(isLogarithmic ? ['Logarithmic scale.'] : []),
    ...(smoothing > 0 ? [describeSmoothing(smoothing)] : []),
  ];
  return (
    <Panel
      title="Curves"
      actions={
        hasData && (
          <>
            <Button
              variant="subtle"
              size="compact-sm"
              aria-expanded={isWhole}
              onClick={() => {
                if (isWhole)
                  lab.changeView({ isCurveTable: false, isLogarithmic: false, smoothing: 0 });
                setOpen(!isWhole);
              }}
            >
              All curves
            </Button>
            {isWhole && !isTable && (
              <Checkbox
                label="Log scale"
                checked={isLogarithmic}
                onChange={(event) => lab.changeView({ isLogarithmic: event.currentTarget.checked })}
              />
            )}
            {isWhole && (
              <Checkbox
                label="Table"
                checked={isTable}
                onChange={(event) => lab.changeView({ isCurveTable: event.currentTarget.checked })}
              />
            )}
            {isWhole && (
              <ExportButtons
                fileName="curves"
                makeCsv={() => makeCurvesCsv(listCurves(lab.store.getState()))}
                root={root}
                canDraw={!isTable}
                title="Adversarial Gradient Lab: curves"
                notes={notes}
              />
            )}
          </>
        )
      }
    >
      {hasData && isTable ? (
        <div data-curves="all">
          <CurveTables />
        </div>
      ) : (
        <div
          ref={root}
          className={chartStyles.frame}
          data-curves={hasData && isWhole ? 'all' : undefined}
        >
          <div className={styles.choices}>
            <Legend hidden={hidden} onToggle={(id) => setHidden(toggled(hidden, id))} />
            {bands !== null && (
              <span className={styles.bands} data-testid="bands">
                {bands}
              </span>
            )}
            {hasData && isWhole && (
              <div className={styles.smoothing}>
                <RangeSlider
                  label="Smoothing"
                  value={smoothing}
                  min={0}
                  max={0.95}
                  step={0.05}
                  format={(weight) => (weight === 0 ? 'off' : weight.toFixed(2))}
                  onChange={(weight) => lab.changeView({ smoothing: weight })}
                />
              </div>
            )}
          </div>
          <div className={chartStyles.figures}>
            {(isWhole ? views : shortViews).map((view, order) => (
              <CurveFigure key={view} view={view} order={order} choices={choices} cursor={cursor} />
            ))}
          </div>
          {leaking.length > 0 && (
            <p className={styles.note} data-testid="label-leaking">
              {`A low error under FGSM shows no robustness of ${leaking.join(' and ')}: label leaking, explained under Results.`}
            </p>
          )}
          {smoothing > 0 && <p className={styles.note}>{describeSmoothing(smoothing)}</p>}
        </div>
      )}
    </Panel>
  );
}

function describeSmoothing(weight: number): string {
  const parts = [weight, 1 - weight].map((part) => part.toFixed(2));
  return `Lines are smoothed by an exponential moving average: ${parts[0]} times the previous average plus ${parts[1]} times the new value. Faint dots and all numbers are measured values.`;
}

interface LegendProps {
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}

function Legend(props: LegendProps) {
  const runs = useThrottledLab((state) => state.runs, chartIntervalMs);
  const references = useLab((state) => state.references);
  return <RunLegend items={listDrawnRuns(runs, references)} {...props} />;
}
