import { useEffect, useLayoutEffect } from 'react';
import { neighborOf } from '../experiment/link/tour.ts';
import { useLab, useLabActions } from '../experiment/useLab.ts';

/** Whether the page shows the lab's first screen alone, large, for a projector. */
export function useIsPresenting(): boolean {
  return useLab(({ isPresenting, place }) => isPresenting && place === 'lab');
}

/** Next and previous, also as presenters' remote controls send them. */
const steps: Readonly<Record<string, 1 | -1>> = {
  ArrowRight: 1,
  PageDown: 1,
  ArrowLeft: -1,
  PageUp: -1,
};
/** What uses the arrow keys itself. */
const users =
  'input, textarea, select, [role="menu"], [role="application"], [role="tab"], [role="toolbar"]';

/** While presenting: global.css enlarges all text, the arrow keys step through the tour, and Escape ends it. */
export function usePresenting(): void {
  const lab = useLabActions();
  const isPresenting = useIsPresenting();

  useLayoutEffect(() => {
    const { dataset } = document.documentElement;
    if (isPresenting) dataset.present = '';
    return () => {
      delete dataset.present;
    };
  }, [isPresenting]);

  useEffect(() => {
    if (!isPresenting) return;
    function handleKey(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as Element;
      const { tourStep } = lab.store.getState();
      if (event.key === 'Escape') {
        if (target.closest('[aria-expanded="true"]')) return; // what it has opened closes first
        lab.update({ isPresenting: false, tourStep: null });
        return;
      }
      const by = steps[event.key];
      if (by === undefined || target.closest(users)) return;
      event.preventDefault();
      if (tourStep !== null) lab.update({ tourStep: neighborOf(tourStep, by) ?? tourStep });
      else if (by === 1) lab.update({ tourStep: 'fooled' });
    }
    document.addEventListener('keydown', handleKey);
    return () => document.removeEventListener('keydown', handleKey);
  }, [lab, isPresenting]);
}
