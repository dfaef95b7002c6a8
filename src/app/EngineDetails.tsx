import type { EngineDescription } from '../domain/metrics.ts';
import { FloatingPopover } from '../ui/floating/Floating.tsx';
import type { Anchored } from '../ui/floating/useOpener.ts';
import styles from './EngineStatus.module.css';
import { type OfflineState, useOffline } from './offline/keepOffline.ts';

/** Which engine computes and why, and what works without a connection. */
export function EngineDetails({ engine, ...anchored }: Anchored & { engine: EngineDescription }) {
  const offline = useOffline((state) => state);
  const lines = describeEngine(engine, offline);
  const offlineText = describeOffline(offline);
  if (offlineText !== '') lines.push(['Without a connection', offlineText]);
  if (offline.updateProblem !== null) {
    lines.push(['Update', `A newer version could not be stored: ${offline.updateProblem}`]);
  }
  return (
    <FloatingPopover
      {...anchored}
      position="bottom-end"
      width={320}
      withinPortal={false}
      className={styles.details}
    >
      <dl className={styles.lines} data-testid="engine-details">
        {lines.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </FloatingPopover>
  );
}

/** One [term, description] pair per line. */
function describeEngine(
  { device, isFloat32, threads, reason }: EngineDescription,
  { isIsolatedNext }: OfflineState,
) {
  const lines: [term: string, text: string][] = [
    ['Why this engine', reason],
    ['Device', device],
    ['Numbers', isFloat32 ? '32-bit floats' : 'fewer than 32 bits: training may give NaN'],
  ];
  if (threads !== undefined) {
    const count = threads === 1 ? '1 thread' : `${threads} threads`;
    lines.push([
      'Threads',
      `${count} for one run; the runs of an experiment share the processor’s cores.` +
        (isIsolatedNext ? ' From the next load of this page on, one run may use several.' : ''),
    ]);
  }
  lines.push(['Choose another', 'Lab › More settings › Advanced › Computing engine']);
  return lines;
}

/** What works without a connection, and why not more does. */
function describeOffline({ stored, problem }: OfflineState): string {
  const texts = {
    'page and data': 'Everything works.',
    page: 'Everything but training works; for that, train once with a connection.',
    nothing: 'Nothing works.',
  };
  return [stored && texts[stored], problem].filter((part) => part !== null).join(' ');
}
