/** The steps of the guided tour, in their order; a link opens one by its name. */
export const tourSteps = ['choose', 'race', 'attack', 'draw', 'inside'] as const;
export type TourStep = (typeof tourSteps)[number];

/** The step before or after; null at either end. */
export function neighbourOf(step: TourStep, by: 1 | -1): TourStep | null {
  return tourSteps[tourSteps.indexOf(step) + by] ?? null;
}
