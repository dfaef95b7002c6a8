import { Checkbox } from '@mantine/core';
import { useEffect, useState } from 'react';
import { emptyHistory } from '../../lab/history.ts';
import { useLab, useThrottledLab } from '../../lab/useLab.ts';
import { Panel } from '../../ui/Panel.tsx';
import { methodUses } from '../../shared/config.ts';
import { Charts, preloadCharts } from './lazyCharts.tsx';
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
  useEffect(preloadCharts, []);
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
      {!hasData ? <EmptyCurves /> : isTable ? <Tables /> : <Drawn isLogarithmic={isLogarithmic} />}
    </Panel>
  );
}

function EmptyCurves() {
  const isStarting = useLab(({ run }) => run !== null && run.status !== 'failed');
  return (
    <p className={styles.empty}>
      {isStarting
        ? 'The first points appear after a few steps.'
        : 'Three curves will grow here while a network trains: its error on clean test digits, its error on the same digits under attack, and its training loss.'}
    </p>
  );
}

function Drawn({ isLogarithmic }: { readonly isLogarithmic: boolean }) {
  const history = useThrottledLab(({ run }) => run?.history ?? emptyHistory, chartIntervalMs);
  const config = useLab(({ run }) => run?.config ?? null);
  return config === null ? null : (
    <Charts
      history={history}
      method={config.method}
      split={config.holdOutValidation ? 'validation' : 'test'}
      isLossOfPerturbed={methodUses(config.method).epsilon}
      isLogarithmic={isLogarithmic}
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
