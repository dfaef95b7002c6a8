import { useSyncExternalStore } from 'react';

/** The place that a person points at in one of several linked charts; null: none. */
export interface Cursor {
  readonly get: () => number | null;
  readonly set: (x: number | null) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Not React state: a pointer that moves must redraw what shows its place, and nothing else. */
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
