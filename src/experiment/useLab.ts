import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import type { Lab } from './lab.ts';
import type { LabState } from './state.ts';

/** The lab of the page, provided by app/. */
export const LabContext = createContext<Lab | null>(null);

/** The lab's actions; never re-renders. */
export function useLabActions(): Lab {
  const lab = use(LabContext);
  if (lab === null) throw new Error('useLab needs a LabContext above it; found none.');
  return lab;
}

/** A part of the lab's state. Re-renders only when the selected value changes (Object.is). */
export function useLab<T>(select: (state: LabState) => T): T {
  const { store } = useLabActions();
  const read = () => select(store.getState());
  return useSyncExternalStore(store.subscribe, read, read);
}

/**
 * Like `useLab`, for what is costly to draw: it follows changes at most once per interval, and always
 * includes the last one.
 */
export function useThrottledLab<T>(select: (state: LabState) => T, intervalMs: number): T {
  const { store } = useLabActions();
  const subscribe = useCallback(
    (listener: () => void) => {
      let timer: ReturnType<typeof setTimeout> | null = null;
      let lastMs = -Infinity;
      const unsubscribe = store.subscribe(() => {
        timer ??= setTimeout(
          () => {
            timer = null;
            lastMs = performance.now();
            listener();
          },
          Math.max(0, lastMs + intervalMs - performance.now()),
        );
      });
      return () => {
        unsubscribe();
        if (timer !== null) clearTimeout(timer);
      };
    },
    [store, intervalMs],
  );
  const read = () => select(store.getState());
  return useSyncExternalStore(subscribe, read, read);
}
