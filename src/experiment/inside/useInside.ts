import { useSyncExternalStore } from 'react';
import { useLabActions } from '../useLab.ts';
import type { InsideState } from './insideState.ts';

/** A part of what is known of the networks' inside. Re-renders only when the value is another one. */
export function useInside<T>(select: (state: InsideState) => T): T {
  const { store } = useLabActions().inside;
  return useSyncExternalStore(store.subscribe, () => select(store.getState()));
}
