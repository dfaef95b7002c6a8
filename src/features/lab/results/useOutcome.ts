import { useMemo } from 'react';
import { methodFacts } from '../../../domain/settings/methods.ts';
import { findExperimentStatus, type Run } from '../../../experiment/runs/run.ts';
import { useLab, useThrottledLab } from '../../../experiment/useLab.ts';
import { formatEpsilon } from '../../../ui/format.ts';
import { judgeOutcome, type Outcome } from './outcome.ts';
import { listResultRows, type ResultRow } from './resultRows.ts';

const noRuns: readonly Run[] = [];

/** The outcome of the experiment, or null until all of its runs are measured. */
export function useOutcome(): Outcome | null {
  // Nothing is drawn again because of it while networks train.
  const runs = useThrottledLab(
    (state) => (findExperimentStatus(state.runs) === 'finished' ? state.runs : noRuns),
    500,
  );
  const finished = useThrottledLab((state) => state.repeats.finished, 500);
  const attackEpsilon = useThrottledLab((state) => state.attackEpsilon, 250);
  const isMeasuring = useLab(({ robustness }) => robustness.progress !== null);
  const isTimeShared = useLab(
    ({ engine }) => engine.status === 'ready' && engine.engine.name !== 'SIMD',
  );
  return useMemo(() => {
    const isFinished = findExperimentStatus(runs) === 'finished';
    // Without an attack nobody wins under attack.
    if (!isFinished || attackEpsilon === 0) return null;
    const rows = listResultRows(runs, [], attackEpsilon, isTimeShared, finished);
    const measured = judgeOutcome(withShortNames(rows), isFinished);
    if (measured !== null || !isMeasuring) return measured;
    const headline = `Measuring all networks at ε = ${formatEpsilon(attackEpsilon)}…`;
    return { kind: 'measuring', headline, price: '', shortPrice: '' };
  }, [runs, finished, attackEpsilon, isTimeShared, isMeasuring]);
}

/** The names that the cards above have: a method that only one run has is its name. */
function withShortNames(rows: readonly ResultRow[]): readonly ResultRow[] {
  return rows.map((row) => {
    const { method } = row.config;
    const isAlone = rows.filter(({ config }) => config.method === method).length === 1;
    return isAlone ? { ...row, name: methodFacts[method].shortName } : row;
  });
}
