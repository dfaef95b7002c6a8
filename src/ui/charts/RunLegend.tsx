import styles from './Chart.module.css';
import { RunSwatch } from './RunSwatch.tsx';
import type { RunLabel } from './series/series.ts';

interface RunLegendProps {
  readonly items: readonly RunLabel[];
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}

/** The runs with color, dash and mark; each is a button that hides or shows its lines. */
export function RunLegend({ items, hidden, onToggle }: RunLegendProps) {
  if (items.length === 0) return null;
  return (
    <div className={styles.legend} role="group" aria-label="Runs shown">
      {items.map(({ id, name, runStyle, isReference }) => (
        <button
          key={id}
          type="button"
          className={styles.legendButton}
          aria-pressed={!hidden.has(id)}
          onClick={() => onToggle(id)}
        >
          <RunSwatch runStyle={runStyle} isReference={isReference} />
          <span>{name}</span>
        </button>
      ))}
    </div>
  );
}

/** A copy of the set with the element added, or removed if it was present. */
export function toggled(set: ReadonlySet<string>, element: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(element)) next.add(element);
  return next;
}
