import { type Place, placeNames } from '../../experiment/places.ts';
import { type Load, Loaded } from './Loaded.tsx';

const loaders: Readonly<Record<Exclude<Place, 'lab'>, Load>> = {
  how: () => import('./HowPlace.tsx'),
  inside: () => import('./InsidePlace.tsx'),
  robustness: () => import('./RobustnessPlace.tsx'),
  paper: () => import('../../features/paper/PaperView.tsx'),
  files: () => import('./FilesPlace.tsx'),
};

/** A place other than the lab. */
export function LoadedPlace({ place }: { readonly place: Exclude<Place, 'lab'> }) {
  return <Loaded name={placeNames[place]} load={loaders[place]} />;
}
