/** The steps of the guided tour, in their order; a link opens one by its name. */
export const tourSteps = ['fooled', 'draw', 'train', 'verdict'] as const;
export type TourStep = (typeof tourSteps)[number];

/** The step before or after; null at either end. */
export function neighborOf(step: TourStep, by: 1 | -1): TourStep | null {
  return tourSteps[tourSteps.indexOf(step) + by] ?? null;
}

/** Steps of the tour that links had until November 2026, and where they lead now. */
export const olderTourSteps: Readonly<Record<string, TourStep>> = {
  choose: 'train',
  race: 'train',
  attack: 'fooled',
  inside: 'verdict',
};
