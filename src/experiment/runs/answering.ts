import type { PretrainedNetwork } from '../queries/pretrainedNetwork.ts';
import type { Run } from './run.ts';
import type { LabState } from '../state.ts';

/** A network that examples and drawings can be shown to: of a run, or one that came with the page. */
export type AnsweringNetwork = Run | PretrainedNetwork;

/**
 * The networks that can be asked now: the race's as soon as it has some, those that came with the page
 * before. A list of its own with each call: for components, take from it what can be compared.
 */
export function answeringNetworks({
  runs,
  pretrained,
  ownData,
}: Pick<LabState, 'runs' | 'pretrained' | 'ownData'>): readonly AnsweringNetwork[] {
  const ofExperiment = runs.filter(({ hasNetwork }) => hasNetwork);
  // Those that came with the page know digits alone.
  if (ofExperiment.length > 0 || ownData.loaded !== null) return ofExperiment;
  return pretrained.filter(({ hasNetwork }) => hasNetwork);
}

/** Changes whenever a run is trained further: answers of its network are then out of date. */
export function weightsVersion({ runs }: Pick<LabState, 'runs'>): string {
  return runs.map(({ progress }) => progress?.step ?? 0).join(' ');
}

/** The networks that a drawing of 28 × 28 grey pixels can be shown to. */
export function drawableNetworks({
  runs,
  pretrained,
  ownData,
}: Pick<LabState, 'runs' | 'pretrained' | 'ownData'>): readonly AnsweringNetwork[] {
  const isGrey = ownData.loaded?.shape !== 'color-32';
  const ofExperiment = runs.filter(({ hasNetwork }) => hasNetwork && isGrey);
  return ofExperiment.length > 0 ? ofExperiment : pretrained.filter(({ hasNetwork }) => hasNetwork);
}

/**
 * The networks that the examples' answers are of: all runs of the race once one has answered, and as long
 * as its last answers are shown, even if its networks were lost; else those that came with the page.
 */
export function shownNetworks({
  runs,
  pretrained,
  examples,
  ownData,
}: Pick<LabState, 'runs' | 'pretrained' | 'examples' | 'ownData'>): readonly AnsweringNetwork[] {
  const isOfExperiment = runs.some(({ id }) => id in examples.results);
  return isOfExperiment || pretrained.length === 0 || ownData.loaded !== null ? runs : pretrained;
}

/** Whether the loaded images are in colour: what is made for 28 × 28 grey pixels has nothing to show then. */
export function hasColorImages({ ownData }: Pick<LabState, 'ownData'>): boolean {
  return ownData.loaded?.shape === 'color-32';
}
