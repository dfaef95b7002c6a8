import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import { Panel } from '../../ui/Panel.tsx';
import { useOnScreen } from '../../ui/useOnScreen.ts';
import styles from './Paper.module.css';

const PaperView = lazy(() => import('./PaperView.tsx'));

/** How far from the screen's edge it begins to load, in pixels. */
const nearness = 600;

/** The paper's numbers beside this project's and a person's own; loaded when it is near the screen. */
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
