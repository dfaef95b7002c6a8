import type { MouseEvent } from 'react';
import { initialAttackEpsilon } from '../experiment/initialAttackEpsilon.ts';
import { placeNames, type Place, visiblePlaces } from '../experiment/places.ts';
import { findExperimentStatus } from '../experiment/runs/run.ts';
import { useLab, useLabActions } from '../experiment/useLab.ts';
import { ShareButton } from '../features/share/ShareButton.tsx';
import { TourButton } from '../features/tour/TourButton.tsx';
import { Toolbar } from '../ui/Toolbar.tsx';
import styles from './NavBar.module.css';
import { ViewMenu } from './ViewMenu.tsx';

/** The bar at the top: the page's name and its places. */
export function NavBar() {
  const lab = useLabActions();
  const present = useLab((state) => state.place);
  const hidden = useLab((state) => state.hiddenPanels);
  const hasPad = useLab(
    ({ hiddenPanels, customData }) =>
      !hiddenPanels.includes('draw') && customData.loaded?.shape !== 'color-32',
  );
  const isTraining = useLab(({ runs }) => findExperimentStatus(runs) === 'busy');
  function open(event: MouseEvent, place: Place): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab or window
    event.preventDefault();
    if (place === present) scrollTo({ top: 0, behavior: 'instant' });
    else lab.goTo(place);
  }
  return (
    <header className={styles.bar}>
      {present === 'lab' && hasPad && <SkipLink to="pad">Skip to the drawing pad</SkipLink>}
      {present === 'lab' && !hidden.includes('train') && (
        <SkipLink to="train">Skip to the training button</SkipLink>
      )}
      {present !== 'lab' && <SkipLink to="main">Skip to the content</SkipLink>}
      <h1 className={styles.name}>
        <span className={styles.longName}>Adversarial </span>Gradient Lab
      </h1>
      <nav aria-label="Places" className={styles.nav}>
        <Toolbar label="Places" className={styles.places}>
          {visiblePlaces(hidden).map((place) => (
            <a
              key={place}
              href={`#v=1&attack=${initialAttackEpsilon}&place=${place}`}
              className={styles.place}
              aria-current={place === present ? 'page' : undefined}
              onClick={(event) => open(event, place)}
            >
              {placeNames[place]}
              {place === 'lab' && isTraining && present !== 'lab' && (
                <span className={styles.training}> (training)</span>
              )}
            </a>
          ))}
        </Toolbar>
      </nav>
      <Toolbar label="Tools" className={styles.side}>
        <TourButton />
        <ShareButton />
        <ViewMenu />
      </Toolbar>
    </header>
  );
}

interface SkipLinkProps {
  /** The id of what gets the focus. */
  readonly to: string;
  readonly children: string;
}

function SkipLink({ to, children }: SkipLinkProps) {
  return (
    <a
      className={styles.skip}
      href={`#${to}`}
      onClick={(event) => {
        event.preventDefault(); // the link's own address would be taken for a link to a setup
        document.getElementById(to)?.focus();
      }}
    >
      {children}
    </a>
  );
}
