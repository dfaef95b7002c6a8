import { Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ComponentProps, useMemo, useRef, useState } from 'react';
import { inputCountOf } from '../../domain/dataSet.ts';
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
import { type Choice, ChoiceGroup } from '../../ui/fields/ChoiceGroup.tsx';
import { formatEpsilon, keepTogether } from '../../ui/format.ts';
import { LabelLeakingNotes } from './LabelLeakingNotes.tsx';
import { describeTrainingErrors, l2ButtonLabel } from './findings.ts';
import { L2Figure } from './L2Figure.tsx';
import { MeasureBar, MeasureCurves, MeasureFailure } from './MeasureBar.tsx';
import { pretrainedImages, pretrainedOrigin } from './pretrainedRobustness.ts';
import styles from './Robustness.module.css';
import { chartIntervalMs, RobustnessFigure } from './RobustnessFigure.tsx';
import { makeRobustnessCsv, makeRobustnessTable } from './robustnessTable.ts';
import { listRunsOf, type Norm, useDrawnRuns } from './useDrawnRuns.ts';

function hasMeasurements(norm: Norm, state: LabState): boolean {
  return listRunsOf(norm, state, state.robustness.l2).some(
    ({ run }) => run.measurements.length > 0,
  );
}

const norms: readonly Choice<Norm>[] = [
  { value: 'linf', label: 'L∞' },
  { value: 'l2', label: 'L2' },
];

/** ε of the largest change of a pixel, to compare a length with. */
const comparedEpsilon = 0.1;

/** Error against the size of the attack, for every run: under three kinds of attack in L∞, or under PGD in L2. */
export function CurvesTab() {
  const lab = useLabActions();
  const isTable = useLab(({ view }) => view.isRobustnessTable);
  const [norm, setNorm] = useState<Norm>('linf');
  const [kind, setKind] = useState<MeasuredKind>('fgsm');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set<string>());
  const [cursor] = useState(createCursor);
  const root = useRef<HTMLDivElement>(null);
  const hasData = useLab((state) => hasMeasurements(norm, state));
  const pixelCount = useLab(({ customData }) => inputCountOf(customData.loaded));
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
        {isPretrained && ` ${pretrainedOrigin} ${norm === 'linf' ? pretrainedImages : ''}`}
      </p>
      <div className={styles.toolbar}>
        {norm === 'linf' ? (
          <MeasureCurves />
        ) : (
          <MeasureBar onMeasure={() => lab.measureL2()}>{l2ButtonLabel}</MeasureBar>
        )}
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
              fileName={norm === 'linf' ? 'robustness' : 'robustness-l2'}
              makeCsv={() => {
                const state = lab.store.getState();
                return makeRobustnessCsv(listRunsOf(norm, state, state.robustness.l2));
              }}
              root={root}
              canDraw={!isTable}
              title="Adversarial Gradient Lab: error against attack ε"
              notes={['Attacked pixels are clipped to 0–1.']}
            />
          </div>
        )}
      </div>
      <div className={styles.norm}>
        <ChoiceGroup
          label="Norm"
          role="radiogroup"
          layout="row"
          choices={norms}
          value={norm}
          onChange={setNorm}
        />
      </div>
      {norm === 'l2' && (
        <p className={styles.note}>
          Here ε is the Euclidean length of the whole change, in L2: ε{' '}
          {(comparedEpsilon * Math.sqrt(pixelCount)).toFixed(1)} is as long as a change of every
          pixel by {formatEpsilon(comparedEpsilon)}.
        </p>
      )}
      <MeasureFailure />
      {norm === 'linf' && <LabelLeakingNotes />}
      {hasData && isTable ? (
        <Numbers norm={norm} />
      ) : (
        <div ref={root} className={chartStyles.frame}>
          {isPhone && norm === 'linf' && (
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
          <Legend norm={norm} hidden={hidden} onToggle={(id) => setHidden(toggled(hidden, id))} />
          <div className={chartStyles.figures}>
            {norm === 'l2' ? (
              <div className={styles.single}>
                <L2Figure hidden={hidden} cursor={cursor} />
              </div>
            ) : (
              kinds.map((one, order) => (
                <RobustnessFigure
                  key={one}
                  kind={one}
                  order={order}
                  hidden={hidden}
                  cursor={cursor}
                />
              ))
            )}
          </div>
        </div>
      )}
      {norm === 'linf' && <TrainingErrors />}
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

type LegendProps = Omit<ComponentProps<typeof RunLegend>, 'items'> & { readonly norm: Norm };

function Legend({ norm, ...props }: LegendProps) {
  return <RunLegend items={useDrawnRuns(chartIntervalMs, norm)} {...props} />;
}

function Numbers({ norm }: { readonly norm: Norm }) {
  const drawn = useDrawnRuns(1000, norm);
  const { columns, rows } = useMemo(() => makeRobustnessTable(drawn), [drawn]);
  return (
    <NumberTable
      hasNames
      caption="Error rates by attack and ε. Images: how many, from the first on."
      columns={columns}
      rows={rows}
    />
  );
}
