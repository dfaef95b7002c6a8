import type { StoreApi } from 'zustand/vanilla';
import type { LabState } from './state.ts';

/** For a part of the lab that reads everything, and changes only the slice that it is given. */
export type LabReader = Pick<StoreApi<LabState>, 'getState' | 'subscribe'>;

/** A part of the lab's state, as its owner sees it. */
export interface Slice<T> {
  readonly get: () => T;
  readonly update: (changes: Partial<T>) => void;
}

type SliceName =
  'examples' | 'drawing' | 'inspection' | 'directions' | 'robustness' | 'selectedDigit';

export function sliceOf<K extends SliceName>(
  { getState, setState }: Pick<StoreApi<LabState>, 'getState' | 'setState'>,
  name: K,
): Slice<LabState[K]> {
  return {
    get: () => getState()[name],
    update: (changes) => setState({ [name]: { ...getState()[name], ...changes } }),
  };
}

/** Calls the listener after a change of one of these parts. */
export function onChange(
  { subscribe }: Pick<LabReader, 'subscribe'>,
  parts: readonly (keyof LabState)[],
  listener: () => void,
): void {
  subscribe((state, before) => {
    if (parts.some((part) => state[part] !== before[part])) listener();
  });
}
