import { UnstyledButton } from '@mantine/core';
import type { EngineDescription } from '../domain/metrics.ts';
import { useLab } from '../experiment/useLab.ts';
import { useOpener } from '../ui/floating/useOpener.ts';
import { ChevronIcon } from '../ui/icons.tsx';
import { onDemand } from '../ui/onDemand/onDemand.tsx';
import styles from './EngineStatus.module.css';
import { checkStoredData } from './offline/keepOffline.ts';
import { shortenDevice } from './shortenDevice.ts';

const EngineDetails = onDemand(
  'The engine’s details',
  async () => (await import('./EngineDetails.tsx')).EngineDetails,
  { kind: 'floating' },
);

/** Shows which engine computes; pressing it shows the details. */
export function EngineStatus() {
  const engine = useLab((state) => state.engine);
  const { button, anchored } = useOpener('dialog', checkStoredData);
  const description = engine.status === 'ready' ? engine.engine : null;
  return (
    <>
      <div role="status" aria-label="Engine" className={styles.engine} translate="no">
        {engine.status === 'starting' && 'Starting the engine…'}
        {engine.status === 'failed' && (
          <span className={styles.failed}>The engine has stopped</span>
        )}
        {description && (
          <UnstyledButton className={styles.button} {...button}>
            <Summary {...description} />
            <ChevronIcon />
          </UnstyledButton>
        )}
      </div>
      {description && anchored && <EngineDetails engine={description} {...anchored} />}
    </>
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
