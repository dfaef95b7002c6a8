import type { HideablePanel } from './state.ts';
import { useLab } from './useLab.ts';

/** Whether a link has hidden the panel; re-renders only when that changes. */
export function useIsHidden(panel: HideablePanel): boolean {
  return useLab(({ hiddenPanels }) => hiddenPanels.includes(panel));
}
