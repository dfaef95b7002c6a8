import { Popover, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { EngineDescription } from '../domain/metrics.ts';
import { useLab } from '../experiment/useLab.ts';
import { ChevronIcon } from '../ui/icons.tsx';
import styles from './EngineStatus.module.css';
import { checkStoredData, type OfflineState, useOffline } from './offline/keepOffline.ts';
import { shortenDevice } from './shortenDevice.ts';

/** Shows which engine computes; pressing it shows the details. */
export function EngineStatus() {
  const engine = useLab((state) => state.engine);
  const [isOpen, setOpen] = useState(false);
  const description = engine.status === 'ready' ? engine.engine : null;
  return (
    <Popover
      opened={isOpen && description !== null}
      onChange={setOpen}
      position="bottom-end"
      width={320}
      shadow="sm"
      withinPortal={false}
    >
      <div role="status" aria-label="Engine" className={styles.engine} translate="no">
        {engine.status === 'starting' && 'Starting the engine…'}
        {engine.status === 'failed' && (
          <span className={styles.failed}>The engine has stopped</span>
        )}
        {description && (
          <Popover.Target>
            <UnstyledButton
              className={styles.button}
              onClick={() => {
                if (!isOpen) checkStoredData();
                setOpen(!isOpen);
              }}
              onKeyDown={(event) => {
                if (event.key === 'Escape') setOpen(false);
              }}
            >
              <Summary {...description} />
              <ChevronIcon />
            </UnstyledButton>
          </Popover.Target>
        )}
      </div>
      <Popover.Dropdown className={styles.details}>
        {description && <Details {...description} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Summary({ name, device, isSoftware, isFloat32 }: EngineDescription) {
  return (
    <span>
      <strong>{name}</strong>
      {` · ${shortenDevice(device)} · `}
      {isSoftware ? 'software rendering, slow · ' : ''}
      {isFloat32 ? 'float32' : 'not float32: training may give NaN'}
    </span>
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

function Details(engine: EngineDescription) {
  const offline = useOffline((state) => state);
  const lines = describeEngine(engine, offline);
  const offlineText = describeOffline(offline);
  if (offlineText !== '') lines.push(['Without a connection', offlineText]);
  if (offline.updateProblem !== null) {
    lines.push(['Update', `A newer version could not be stored: ${offline.updateProblem}`]);
  }
  return (
    <dl className={styles.lines} data-testid="engine-details">
      {lines.map(([term, text]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
