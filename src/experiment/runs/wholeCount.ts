import { evaluatedCount, factsOf } from '../../domain/dataSet.ts';
import type { LabState } from '../state.ts';

/** Number of test images available now: those of the user's own files once they are read. */
export function testCountOf({ customData }: Pick<LabState, 'customData'>): number {
  return factsOf(customData.loaded).testCount;
}

/** Number of images in a measurement on all: the largest split's, if the runs hold out different numbers. */
export function wholeCountOf({ runs, customData }: Pick<LabState, 'runs' | 'customData'>): number {
  const counts = runs.map(({ config: { dataSet, holdOutValidation } }) =>
    evaluatedCount(dataSet, holdOutValidation ? 'validation' : 'test'),
  );
  return counts.length === 0 ? testCountOf({ customData }) : Math.max(...counts);
}
