import { Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ComponentProps, useMemo, useRef, useState } from 'react';
import { type AttackKind, attackKinds, attackNames } from '../../experiment/runs/measurements.ts';
import type { LabState } from '../../experiment/state.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import chartStyles from '../../ui/charts/Chart.module.css';
import { createCursor } from '../../ui/charts/cursor.ts';
import { ExportButtons } from '../../ui/charts/export/ExportButtons.tsx';
import { NumberTable } from '../../ui/charts/NumberTable.tsx';
import { RunLegend, toggled } from '../../ui/charts/RunLegend.tsx';
import { ChoiceGroup } from '../../ui/fields/ChoiceGroup.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { listMeasuredRuns } from './listMeasuredRuns.ts';
import { MeasureBar } from './MeasureBar.tsx';
import styles from './Robustness.module.css';
import { chartIntervalMs, RobustnessFigure } from './RobustnessFigure.tsx';
import { makeRobustnessCsv, makeRobustnessTable } from './robustnessTable.ts';
import { TransferSection } from './TransferTable.tsx';
import { useDrawnRuns } from './useDrawnRuns.ts';

function hasMeasurements({ runs, references }: LabState): boolean {
  return listMeasuredRuns(runs, references).some(({ run }) => run.measurements.length > 0);
}

/** Error against the size of the attack for every run under three kinds of attack, and transfer between runs. */
export function RobustnessPanel() {
  const lab = useLabActions();
  const isTable = useLab(({ view }) => view.isRobustnessTable);
  const [kind, setKind] = useState<AttackKind>('fgsm');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set<string>());
  const [cursor] = useState(createCursor);
  const root = useRef<HTMLDivElement>(null);
  const hasData = useLab(hasMeasurements);
  const isPretrained = useLab(({ runs, references }) => runs.length + references.length === 0);
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, {
    getInitialValueInEffect: false,
  });
  // On phones, three stacked charts of the same runs would need two screens.
  const kinds = isPhone ? [kind] : attackKinds;
  return (
    <Panel
      title="Robustness"
      actions={
        hasData && (
          <>
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
          </>
        )
      }
    >
      <p className={styles.lead}>
        Error against the largest change of a pixel, ε. Attacked pixels are clipped to 0–1. Vertical
        lines: the ε that runs train with, and the page’s attack ε.
        {isPretrained &&
          ' These networks came with the page. The curves of your own take their place.'}
      </p>
      <MeasureBar />
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
                choices={attackKinds.map((value) => ({ value, label: attackNames[value] }))}
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
      <TransferSection />
    </Panel>
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
