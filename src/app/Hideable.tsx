import type { ReactNode } from 'react';
import type { HideablePanel } from '../experiment/state.ts';
import { useIsHidden } from '../experiment/useIsHidden.ts';

interface HideableProps {
  readonly panel: HideablePanel;
  readonly children: ReactNode;
}

/** Shows a panel unless a link has hidden it. */
export function Hideable({ panel, children }: HideableProps) {
  return useIsHidden(panel) ? null : children;
}
