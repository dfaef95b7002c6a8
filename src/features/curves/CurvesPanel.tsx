import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { emptyHistory } from '../../lab/history.ts';
import type { LabState } from '../../lab/state.ts';
import { useLab, useThrottledLab } from '../../lab/useLab.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Charts } from './lazyCharts.tsx';
import styles from './Curves.module.css';
import { ErrorTable, LossTable } from './CurveTables.tsx';

/** Milliseconds between two drawings of the curves, and of their tables. */
const chartIntervalMs = 250;
const tableIntervalMs = 1000;

/** What the run has measured so far, drawn and in numbers. */
export function CurvesPanel() {
  const [isTable, setTable] = useState(false);
  const [isLogarithmic, setLogarithmic] = useState(false);
  const hasData = useLab(
    ({ run }) => run !== null && run.history.evaluations.length + run.history.losses.length > 0,
  );
  return (
    <Panel
      title="Curves"
      actions={
        hasData && (
          <>
            {!isTable && (
              <Checkbox
                label="Log scale"
                checked={isLogarithmic}
                onChange={(event) => setLogarithmic(event.currentTarget.checked)}
              />
            )}
            <Checkbox
              label="Table"
              checked={isTable}
              onChange={(event) => setTable(event.currentTarget.checked)}
            />
          </>
        )
      }
    >
      {hasData && isTable ? <Tables /> : <Drawn isLogarithmic={isLogarithmic} />}
    </Panel>
  );
}

/** What stands in the place of curves that do not exist yet; null once they do. */
function findEmptyNote({ run }: LabState): string | null {
  if (run === null) {
    return 'Curves will grow here while a network trains: its error on clean digits, and on the same digits under attack.';
  }
  const isEmpty = run.history.evaluations.length + run.history.losses.length === 0;
  return isEmpty && run.status !== 'failed' ? 'The first points appear after a few steps.' : null;
}

function Drawn({ isLogarithmic }: { readonly isLogarithmic: boolean }) {
  // Not useDeferredValue: live metrics would interrupt its rendering again and again, and on a slow
  // machine no curve would ever be drawn.
  const history = useThrottledLab(({ run }) => run?.history ?? emptyHistory, chartIntervalMs);
  // Before a run, the axes already belong to the one that would start now.
  const method = useLab(({ run, settings }) => (run?.config ?? settings.draft).method);
  const isHeldOut = useLab(
    ({ run, settings }) => (run?.config ?? settings.draft).holdOutValidation,
  );
  const emptyNote = useLab(findEmptyNote);
  return (
    <Charts
      history={history}
      method={method}
      split={isHeldOut ? 'validation' : 'test'}
      isLogarithmic={isLogarithmic}
      emptyNote={emptyNote}
    />
  );
}

function Tables() {
  const { evaluations, losses } = useThrottledLab(
    ({ run }) => run?.history ?? emptyHistory,
    tableIntervalMs,
  );
  return (
    <div className={styles.pair}>
      <ErrorTable evaluations={evaluations} />
      <LossTable losses={losses} />
    </div>
  );
}
