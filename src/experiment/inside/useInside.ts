import { useSyncExternalStore } from 'react';
import { useLabActions } from '../useLab.ts';
import type { InsideState } from './insideState.ts';

/** Selects from the inspection state. Re-renders only when the selected value changes. */
export function useInside<T>(select: (state: InsideState) => T): T {
  const { store } = useLabActions().inside;
  const read = () => select(store.getState());
  return useSyncExternalStore(store.subscribe, read, read);
}
