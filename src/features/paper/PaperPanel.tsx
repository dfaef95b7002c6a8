import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import { Panel } from '../../ui/Panel.tsx';
import { useOnScreen } from '../../ui/useOnScreen.ts';
import styles from './Paper.module.css';

const PaperView = lazy(() => import('./PaperView.tsx'));

/** Distance from the screen's edge at which the panel starts to load, in pixels. */
const nearness = 600;

/** Compares the paper's numbers with this project's and the user's own; loaded when it is near the screen. */
export function PaperPanel() {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  const load = useCallback((isOnScreen: boolean) => {
    if (isOnScreen) setNear(true);
  }, []);
  useOnScreen(place, load, nearness);
  const waiting = (
    <Panel title="Paper">
      <div ref={place} className={styles.waiting}>
        Loading the paper’s numbers…
      </div>
    </Panel>
  );
  return isNear ? (
    <Suspense fallback={waiting}>
      <PaperView />
    </Suspense>
  ) : (
    waiting
  );
}
