import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';

/**
 * The position that the user points at in one of several linked charts, or null. Not React state, so that a moving
 * pointer redraws only the elements that show its position.
 */
export type Cursor = StoreApi<number | null>;

export function createCursor(): Cursor {
  return createStore<number | null>(() => null);
}

export function useCursor(cursor: Cursor): number | null {
  return useStore(cursor);
}
