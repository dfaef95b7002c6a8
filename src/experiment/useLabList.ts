import { useState } from 'react';
import { shallow } from 'zustand/shallow';
import { useShallow } from 'zustand/react/shallow';
import type { LabState } from './state.ts';
import { useLab } from './useLab.ts';

/**
 * A list of flat objects made of the lab's state. It stays the same list until one comes, goes or has another value,
 * and each object stays the same until one of its values is another.
 */
export function useLabList<T extends object>(
  select: (state: LabState) => readonly T[],
): readonly T[] {
  const [reuse] = useState(createListMemory<T>);
  return useLab(useShallow((state: LabState) => reuse(select(state))));
}

/** Replaces the objects of each list by those of the list before, where they have the same values. */
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
