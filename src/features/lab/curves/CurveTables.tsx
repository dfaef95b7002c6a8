import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useLab, useThrottledLab } from '../../../experiment/useLab.ts';
import { listDrawnRuns } from '../../../ui/charts/series/drawnRuns.ts';
import { NumberTable } from '../../../ui/charts/NumberTable.tsx';
import { useTurn } from '../../../ui/charts/useStaggered.ts';
import { type CurveTable, makeErrorTable, makeLossTable } from './curveTable.ts';
import type { CurveRun } from './curveSeries.ts';
import styles from './Curves.module.css';

/** Milliseconds between two drawings of the tables. */
const tableIntervalMs = 1000;
/** Rows shown at first, and rows that a press on the button adds. */
const rowsAtOnce = 60;

/** The numbers of the charts as tables, for all runs. */
export function CurveTables() {
  const isRepeated = useLab(({ repeats }) => repeats.finished.length > 0);
  const ofSeed = isRepeated ? ' of the first seed' : '';
  return (
    <div className={styles.tables}>
      <MomentTable caption={`Error rates${ofSeed}, newest first`} make={makeErrorTable} />
      <MomentTable caption={`Training loss${ofSeed}, newest first`} make={makeLossTable} />
    </div>
  );
}

interface MomentTableProps {
  readonly caption: string;
  readonly make: (runs: readonly CurveRun[], limit: number) => CurveTable;
}

function MomentTable({ caption, make }: MomentTableProps) {
  const isDue = useTurn();
  const runs = useThrottledLab((state) => state.runs, tableIntervalMs);
  const references = useLab((state) => state.references);
  const [limit, setLimit] = useState(rowsAtOnce);
  const { columns, rows, hasMore } = useMemo(
    () => make(listDrawnRuns(runs, references), limit),
    [make, runs, references, limit],
  );
  if (!isDue) return null;
  return (
    <div>
      <NumberTable caption={caption} columns={columns} rows={rows} />
      {hasMore && (
        <Button
          variant="subtle"
          size="compact-sm"
          className={styles.more}
          onClick={() => setLimit(limit + rowsAtOnce)}
        >
          Show older rows
        </Button>
      )}
    </div>
  );
}
