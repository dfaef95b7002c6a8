import type { Lab } from '../lab.ts';

/** Stops showing an experiment beside the present one. */
export function removeReference(lab: Lab, id: string): void {
  const { references } = lab.store.getState();
  lab.update({ references: references.filter((experiment) => experiment.id !== id) });
}
