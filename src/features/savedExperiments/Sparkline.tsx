import { useMemo } from 'react';
import type { History } from '../../experiment/runs/history.ts';
import { styleOf } from '../../ui/runStyles.ts';
import styles from './SavedExperiments.module.css';
import { sparkPaths, sparkSize } from './sparkline.ts';

interface SparklineProps {
  readonly runs: readonly {
    readonly id: string;
    readonly paletteIndex: number;
    readonly history: History;
  }[];
}

/** The runs' clean error by epoch, as a small picture to recognize an experiment by; the table has the numbers. */
export function Sparkline({ runs }: SparklineProps) {
  const paths = useMemo(() => sparkPaths(runs.map(({ history }) => history)), [runs]);
  const { width, height } = sparkSize;
  return (
    <svg
      className={styles.sparkline}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
      focusable="false"
      data-testid="sparkline"
    >
      {runs.map((run, at) => {
        const { color, dash } = styleOf(run);
        return <path key={run.id} d={paths[at]} stroke={color} strokeDasharray={dash} />;
      })}
    </svg>
  );
}
