import type { EngineDescription } from '../shared/metrics.ts';
import { useLab } from '../lab/useLab.ts';
import { shortenDevice } from './shortenDevice.ts';
import styles from './Header.module.css';

/** Which engine computes, always in sight. */
export function EngineStatus() {
  const engine = useLab((state) => state.engine);
  return (
    <div role="status" aria-label="Engine" className={styles.engine}>
      {engine.status === 'starting' && 'Starting the engine…'}
      {engine.status === 'failed' && <span className={styles.failed}>The engine has stopped</span>}
      {engine.status === 'ready' && <Description {...engine.engine} />}
    </div>
  );
}

function Description({ name, device, isSoftware, isFloat32, reason }: EngineDescription) {
  return (
    <span title={`${device}. ${reason}`}>
      <strong>{name}</strong>
      {` · ${shortenDevice(device)} · `}
      {isSoftware ? 'software rendering, slow · ' : ''}
      {isFloat32 ? 'float32' : 'not float32: training may give NaN'}
    </span>
  );
}
