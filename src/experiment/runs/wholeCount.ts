import { evaluatedCount, factsOf } from '../../domain/dataSet.ts';
import type { LabState } from '../state.ts';

/** Number of test images available now: those of the user's own files once they are read. */
export function testCountOf({ ownData }: Pick<LabState, 'ownData'>): number {
  return factsOf(ownData.loaded).testCount;
}

/** Number of images in a measurement on all: the largest split's, if the runs hold out different numbers. */
export function wholeCountOf({ runs, ownData }: Pick<LabState, 'runs' | 'ownData'>): number {
  const counts = runs.map(({ config: { dataSet, holdOutValidation } }) =>
    evaluatedCount(dataSet, holdOutValidation ? 'validation' : 'test'),
  );
  return counts.length === 0 ? testCountOf({ ownData }) : Math.max(...counts);
}
