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
  train: 'lab',
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

/** Places with at least one panel that the link has not hidden; the Lab if there is none. */
export function visiblePlaces(hidden: readonly HideablePanel[]): readonly Place[] {
  const visible = places.filter((place) => hasPanels(place, hidden));
  return visible.length === 0 ? ['lab'] : visible;
}

/**
 * The place that a link opens: the one that it names, or the first that it has left something in. The
 * training button alone does not count: before it could be hidden, links that hid the rest of the Lab
 * opened the next place.
 */
export function placeToOpen(place: Place | null, hidden: readonly HideablePanel[]): Place {
  const visible = visiblePlaces(hidden);
  if (place !== null && visible.includes(place)) return place;
  return visible.find((one) => hasPanels(one, [...hidden, 'train'])) ?? 'lab';
}

function hasPanels(place: Place, hidden: readonly HideablePanel[]): boolean {
  const panels = Object.keys(placeOfPanel) as HideablePanel[];
  return panels.some((panel) => placeOfPanel[panel] === place && !hidden.includes(panel));
}
