import { Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ComponentProps, useMemo, useRef, useState } from 'react';
import {
  type MeasuredKind,
  measuredKinds,
  attackNames,
} from '../../experiment/runs/measurements.ts';
import type { LabState } from '../../experiment/state.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import chartStyles from '../../ui/charts/Chart.module.css';
import { createCursor } from '../../ui/charts/cursor.ts';
import { ExportButtons } from '../../ui/charts/export/ExportButtons.tsx';
import { NumberTable } from '../../ui/charts/NumberTable.tsx';
import { RunLegend, toggled } from '../../ui/charts/RunLegend.tsx';
import { ChoiceGroup } from '../../ui/fields/ChoiceGroup.tsx';
import { keepTogether } from '../../ui/format.ts';
import { LabelLeakingNotes } from './LabelLeakingNotes.tsx';
import { describeTrainingErrors } from './findings.ts';
import { listMeasuredRuns } from './listMeasuredRuns.ts';
import { MeasureCurves, MeasureFailure } from './MeasureBar.tsx';
import styles from './Robustness.module.css';
import { chartIntervalMs, RobustnessFigure } from './RobustnessFigure.tsx';
import { makeRobustnessCsv, makeRobustnessTable } from './robustnessTable.ts';
import { useDrawnRuns } from './useDrawnRuns.ts';

function hasMeasurements({ runs, references }: LabState): boolean {
  return listMeasuredRuns(runs, references).some(({ run }) => run.measurements.length > 0);
}

/** Error against the size of the attack, for every run under three kinds of attack. */
export function CurvesTab() {
  const lab = useLabActions();
  const isTable = useLab(({ view }) => view.isRobustnessTable);
  const [kind, setKind] = useState<MeasuredKind>('fgsm');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set<string>());
  const [cursor] = useState(createCursor);
  const root = useRef<HTMLDivElement>(null);
  const hasData = useLab(hasMeasurements);
  const isPretrained = useLab(({ runs, references }) => runs.length + references.length === 0);
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, {
    getInitialValueInEffect: false,
  });
  // On phones, three stacked charts of the same runs would need two screens.
  const kinds = isPhone ? [kind] : measuredKinds;
  return (
    <>
      <p className={styles.lead}>
        The larger the attack, the more errors: which network holds out longest?
        {isPretrained && ' These networks are pretrained; your own replace them once they train.'}
      </p>
      <div className={styles.toolbar}>
        <MeasureCurves />
        {hasData && (
          <div className={styles.actions}>
            <Checkbox
              label="Table"
              checked={isTable}
              onChange={(event) =>
                lab.changeView({ isRobustnessTable: event.currentTarget.checked })
              }
            />
            <ExportButtons
              fileName="robustness"
              makeCsv={() => {
                const { runs, references } = lab.store.getState();
                return makeRobustnessCsv(listMeasuredRuns(runs, references));
              }}
              root={root}
              canDraw={!isTable}
              title="Adversarial Gradient Lab: error against attack ε"
              notes={['Attacked pixels are clipped to 0–1.']}
            />
          </div>
        )}
      </div>
      <MeasureFailure />
      <LabelLeakingNotes />
      {hasData && isTable ? (
        <Numbers />
      ) : (
        <div ref={root} className={chartStyles.frame}>
          {isPhone && (
            <div className={styles.kinds}>
              <ChoiceGroup
                label="Kind of attack"
                role="radiogroup"
                layout="row"
                choices={measuredKinds.map((value) => ({ value, label: attackNames[value] }))}
                value={kind}
                onChange={setKind}
              />
            </div>
          )}
          <Legend hidden={hidden} onToggle={(id) => setHidden(toggled(hidden, id))} />
          <div className={chartStyles.figures}>
            {kinds.map((one, order) => (
              <RobustnessFigure
                key={one}
                kind={one}
                order={order}
                hidden={hidden}
                cursor={cursor}
              />
            ))}
          </div>
        </div>
      )}
      <TrainingErrors />
    </>
  );
}

/** Errors on training images, where they are measured. */
function TrainingErrors() {
  const drawn = useDrawnRuns(1000);
  const sentence = describeTrainingErrors(
    drawn.map(({ name, run: { measurements } }) => ({ name, measurements })),
  );
  if (sentence === null) return null;
  return (
    <p className={styles.note} data-testid="training-errors">
      {keepTogether(sentence)}
    </p>
  );
}

function Legend(props: Omit<ComponentProps<typeof RunLegend>, 'items'>) {
  return <RunLegend items={useDrawnRuns(chartIntervalMs)} {...props} />;
}

function Numbers() {
  const drawn = useDrawnRuns(1000);
  const { columns, rows } = useMemo(() => makeRobustnessTable(drawn), [drawn]);
  return (
    <NumberTable
      caption="Error rates by attack and ε. Images: how many, from the first on."
      columns={columns}
      rows={rows}
    />
  );
}
