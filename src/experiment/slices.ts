import type { StoreApi } from 'zustand/vanilla';
import type { LabState } from './state.ts';

/** For a part of the lab that reads the whole state and changes only its own slice. */
export type LabReader = Pick<StoreApi<LabState>, 'getState' | 'subscribe'>;

/** A slice of the lab's state for the code that owns it. */
export interface Slice<T> {
  readonly get: () => T;
  readonly update: (changes: Partial<T>) => void;
}

type SliceName =
  | 'examples'
  | 'drawing'
  | 'inspection'
  | 'directions'
  | 'robustness'
  | 'selectedDigit';

export function sliceOf<K extends SliceName>(
  { getState, setState }: Pick<StoreApi<LabState>, 'getState' | 'setState'>,
  name: K,
): Slice<LabState[K]> {
  return {
    get: () => getState()[name],
    update: (changes) => setState({ [name]: { ...getState()[name], ...changes } }),
  };
}

/** Calls the listener after a change to one of these parts. */
export function onChange(
  { subscribe }: Pick<LabReader, 'subscribe'>,
  parts: readonly (keyof LabState)[],
  listener: () => void,
): void {
  subscribe((state, before) => {
    if (parts.some((part) => state[part] !== before[part])) listener();
  });
}
