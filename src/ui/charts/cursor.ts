import { useSyncExternalStore } from 'react';

/** The position that the user points at in one of several linked charts, or null. */
export interface Cursor {
  readonly get: () => number | null;
  readonly set: (x: number | null) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Not React state, so that a moving pointer redraws only the elements that show its position. */
export function createCursor(): Cursor {
  const listeners = new Set<() => void>();
  let place: number | null = null;
  return {
    get: () => place,
    set: (x) => {
      if (x === place) return;
      place = x;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useCursor(cursor: Cursor): number | null {
  return useSyncExternalStore(cursor.subscribe, cursor.get);
}
