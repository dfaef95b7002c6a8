import { useState } from 'react';
import { shallow } from 'zustand/shallow';
import { useShallow } from 'zustand/react/shallow';
import type { LabState } from './state.ts';
import { useLab } from './useLab.ts';

/**
 * A list of flat objects derived from the lab's state. It keeps its identity until an object is added, removed or
 * changed, and each object keeps its identity until one of its values changes.
 */
export function useLabList<T extends object>(
  select: (state: LabState) => readonly T[],
): readonly T[] {
  const [reuse] = useState(createListMemory<T>);
  return useLab(useShallow((state: LabState) => reuse(select(state))));
}

/** Reuses the previous list's objects if their values are the same. */
export function createListMemory<T extends object>(): (list: readonly T[]) => readonly T[] {
  let before: readonly T[] = [];
  return (list) => {
    before = list.map((item, index) => {
      const known = before[index];
      return known !== undefined && shallow(known, item) ? known : item;
    });
    return before;
  };
}
