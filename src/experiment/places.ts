import type { HideablePanel } from './state.ts';

/** The parts of the page that are shown one at a time, in the order of the navigation. */
export const places = ['lab', 'how', 'inside', 'robustness', 'paper', 'files'] as const;
export type Place = (typeof places)[number];

export const placeNames: Readonly<Record<Place, string>> = {
  lab: 'Lab',
  how: 'How it works',
  inside: 'Look inside',
  robustness: 'Robustness',
  paper: 'Paper',
  files: 'Files',
};

/** Where each panel is. */
export const placeOfPanel: Readonly<Record<HideablePanel, Place>> = {
  setup: 'lab',
  advanced: 'lab',
  draw: 'lab',
  curves: 'lab',
  examples: 'lab',
  results: 'lab',
  how: 'how',
  inside: 'inside',
  robustness: 'robustness',
  paper: 'paper',
  code: 'files',
  experiments: 'files',
};

/** Places with at least one panel that the link has not hidden, and always the lab: it has the training button. */
export function visiblePlaces(hidden: readonly HideablePanel[]): readonly Place[] {
  return places.filter((place) => place === 'lab' || hasPanels(place, hidden));
}

/** The place that a link opens: the one that it names, or the first that it has left something in. */
export function placeToOpen(place: Place | null, hidden: readonly HideablePanel[]): Place {
  if (place !== null && visiblePlaces(hidden).includes(place)) return place;
  return places.find((one) => hasPanels(one, hidden)) ?? 'lab';
}

function hasPanels(place: Place, hidden: readonly HideablePanel[]): boolean {
  const panels = Object.keys(placeOfPanel) as HideablePanel[];
  return panels.some((panel) => placeOfPanel[panel] === place && !hidden.includes(panel));
}
