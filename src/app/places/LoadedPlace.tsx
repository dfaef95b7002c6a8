import { type ComponentType, useEffect, useState } from 'react';
import type { Place } from '../../experiment/places.ts';
import { placeNames } from '../../experiment/places.ts';
import { ProblemNotice } from '../../ui/ProblemNotice.tsx';
import styles from './Place.module.css';

type Load = () => Promise<{ readonly default: ComponentType }>;

const loaders: Readonly<Record<Exclude<Place, 'lab'>, Load>> = {
  how: () => import('./HowPlace.tsx'),
  inside: () => import('./InsidePlace.tsx'),
  robustness: () => import('./RobustnessPlace.tsx'),
  paper: () => import('../../features/paper/PaperView.tsx'),
  files: () => import('./FilesPlace.tsx'),
};

/**
 * A place whose code is loaded when it is first opened. React.lazy would remember a failure for ever; here, the
 * button sends another request.
 */
export function LoadedPlace({ place }: { readonly place: Exclude<Place, 'lab'> }) {
  const [Content, setContent] = useState<ComponentType | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isWanted = true;
    loaders[place]().then(
      (loaded) => isWanted && setContent(() => loaded.default),
      () => isWanted && setFailed(true),
    );
    return () => {
      isWanted = false;
    };
  }, [place, attempt]);
  if (Content !== null) return <Content />;
  if (!hasFailed) {
    return (
      <p className={styles.waiting} role="status">
        Loading {placeNames[place]}…
      </p>
    );
  }
  return (
    <div className={styles.failure}>
      <ProblemNotice
        title={`${placeNames[place]} could not be loaded`}
        sentences={[
          'Its code did not arrive: the connection was cut, or the page has been updated since you opened it.',
          'Try again; if that does not help, reload the page. Trained networks are saved.',
        ]}
        action={{
          label: 'Try again',
          onPress: () => {
            setFailed(false);
            setAttempt(attempt + 1);
          },
        }}
      />
    </div>
  );
}
