import { evaluatedCount, factsOf } from '../../domain/dataSet.ts';
import type { LabState } from '../state.ts';

/** Test images that there are at this moment: those of a person's own files once they are read. */
export function testCountOf({ ownData }: Pick<LabState, 'ownData'>): number {
  return factsOf(ownData.loaded).testCount;
}

/** Images that the runs are measured on when all are: of the largest split, where they hold out differently. */
export function wholeCountOf({ runs, ownData }: Pick<LabState, 'runs' | 'ownData'>): number {
  const counts = runs.map(({ config: { dataSet, holdOutValidation } }) =>
    evaluatedCount(dataSet, holdOutValidation ? 'validation' : 'test'),
  );
  return counts.length === 0 ? testCountOf({ ownData }) : Math.max(...counts);
}
