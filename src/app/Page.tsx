import { Activity, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { type Place, places, visiblePlaces } from '../experiment/places.ts';
import { useLab } from '../experiment/useLab.ts';
import { paper } from '../domain/published.ts';
import { TrainBar } from '../features/lab/training/TrainBar.tsx';
import { HiddenPanels } from '../features/share/HiddenPanels.tsx';
import { Tour } from '../features/tour/Tour.tsx';
import { Boundary } from './Boundary.tsx';
import { EngineStatus } from './EngineStatus.tsx';
import { NavBar } from './NavBar.tsx';
import styles from './Page.module.css';
import { LabPlace } from './places/LabPlace.tsx';
import { otherPlaces } from './places/otherPlaces.ts';
import { UpdateNotice } from './offline/UpdateNotice.tsx';
import { PresentBar } from './PresentBar.tsx';
import { Problems } from './Problems.tsx';
import { usePhone } from './usePhone.ts';
import { useIsPresenting, usePresenting } from './usePresenting.ts';
import { useShortcuts } from './useShortcuts.ts';

/** The bar, the place that is open, and what belongs to all places. */
export function Page() {
  const isPhone = usePhone();
  const present = useLab((state) => state.place);
  const hidden = useLab((state) => state.hiddenPanels);
  const main = useRef<HTMLElement>(null);
  useBeginning(present, main);
  useShortcuts();
  usePresenting();
  const isPresenting = useIsPresenting();
  const [visited, setVisited] = useState<readonly Place[]>([present]);
  if (!visited.includes(present)) setVisited([...visited, present]);
  return (
    <div className={styles.page}>
      {isPresenting ? <PresentBar /> : <NavBar />}
      <main ref={main} className={styles.main} id="main" tabIndex={-1}>
        <Problems />
        {places
          .filter((place) => visited.includes(place) && visiblePlaces(hidden).includes(place))
          .map((place) => (
            // A place that was left keeps its state, but asks and draws nothing.
            <Activity key={place} mode={place === present ? 'visible' : 'hidden'}>
              <Boundary name="This part of the page">
                <PlaceContent place={place} />
              </Boundary>
            </Activity>
          ))}
        {!isPresenting && <HiddenPanels />}
      </main>
      {isPhone && present === 'lab' && !isPresenting && !hidden.includes('train') && (
        <div className={styles.dock}>
          <Boundary name="The controls">
            <TrainBar isDock />
          </Boundary>
        </div>
      )}
      {!isPresenting && (
        <footer className={styles.footer}>
          <EngineStatus />
          <UpdateNotice />
          <a href={paper.url} target="_blank" rel="noreferrer">
            Paper: {paper.name}
          </a>
        </footer>
      )}
      <Boundary name="The tour">
        <Tour />
      </Boundary>
    </div>
  );
}

function PlaceContent({ place }: { readonly place: Place }) {
  if (place === 'lab') return <LabPlace />;
  const Content = otherPlaces[place];
  return <Content />;
}

/** Begins each place at its top. The focus goes there too if it was in the place that was left. */
function useBeginning(present: Place, main: RefObject<HTMLElement | null>): void {
  const before = useRef(present);
  useLayoutEffect(() => {
    if (before.current === present) return;
    before.current = present;
    scrollTo({ top: 0, behavior: 'instant' });
    const { activeElement } = document;
    const isLost =
      activeElement === document.body ||
      (main.current!.contains(activeElement) && activeElement!.getClientRects().length === 0);
    if (isLost) main.current!.focus({ preventScroll: true });
  }, [present, main]);
}
