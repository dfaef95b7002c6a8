import { factsOf, type CustomData } from '../../domain/dataSet.ts';
import { changeEntry, changeShared, type Setup } from './setup.ts';

/** A setup for other data: runs on all training images use all of the new ones, and no run more than exist. */
export function withData(setup: Setup, dataSet: CustomData | null): Setup {
  const { trainingCount } = factsOf(dataSet);
  const before = factsOf(setup.shared.dataSet).trainingCount;
  const takesAll = (text: string | undefined): boolean =>
    Number(text) === before || Number(text) > trainingCount;
  const trainingSetSize = String(trainingCount);
  let changed = changeShared(setup, {
    dataSet,
    ...(takesAll(setup.shared.trainingSetSize) && { trainingSetSize }),
  });
  for (const { key, changes } of setup.entries) {
    if (takesAll(changes.trainingSetSize)) changed = changeEntry(changed, key, { trainingSetSize });
  }
  return changed;
}
