import { type ComponentType, useEffect, useState } from 'react';
import { ProblemNotice } from '../../ui/ProblemNotice.tsx';
import styles from './Place.module.css';
import { reloadStyles } from './reloadStyles.ts';

export type Load = () => Promise<{ readonly default: ComponentType }>;

interface LoadedProps {
  /** As the user knows it. */
  readonly name: string;
  /** The same function at every rendering. */
  readonly load: Load;
}

/**
 * A part of the page whose code is loaded when it is first shown. React.lazy would remember a failure for ever;
 * here, the button sends another request.
 */
export function Loaded({ name, load }: LoadedProps) {
  const [Content, setContent] = useState<ComponentType | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isWanted = true;
    const loading = attempt === 0 ? load() : reloadStyles().then(load);
    loading.then(
      (loaded) => isWanted && setContent(() => loaded.default),
      () => isWanted && setFailed(true),
    );
    return () => {
      isWanted = false;
    };
  }, [load, attempt]);
  if (Content !== null) return <Content />;
  if (!hasFailed) {
    return (
      <p className={styles.waiting} role="status">
        Loading {name}…
      </p>
    );
  }
  return (
    <div className={styles.failure}>
      <ProblemNotice
        title={`${name} could not be loaded`}
        sentences={[
          'Its code could not be loaded: the connection was lost, or the page has been updated since you opened it.',
          'Try again; if that does not help, reload the page. Trained networks are saved.',
        ]}
        action={{
          label: 'Try again',
          onPress: () => {
            setFailed(false);
            setAttempt(attempt + 1);
            document.getElementById('main')?.focus({ preventScroll: true }); // the button disappears
          },
        }}
      />
    </div>
  );
}
