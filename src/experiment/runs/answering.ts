import type { PretrainedNetwork } from '../queries/pretrainedNetwork.ts';
import type { Run } from './run.ts';
import type { LabState } from '../state.ts';

type Networks = Pick<LabState, 'runs' | 'pretrained' | 'customData'>;

/** A network that examples and drawings can be shown to: a run's, or a pretrained one. */
export type AnsweringNetwork = Run | PretrainedNetwork;

/**
 * The networks that can be queried now: the experiment's as soon as it has some, the pretrained ones
 * before. Each call returns a new list, so components should select values that can be compared.
 */
export function answeringNetworks(state: Networks): readonly AnsweringNetwork[] {
  const { runs, pretrained, customData } = state;
  const ofExperiment = runs.filter(({ hasNetwork }) => hasNetwork);
  // Pretrained networks know only digits.
  if (ofExperiment.length > 0 || customData.loaded !== null) return ofExperiment;
  return pretrained.filter(({ hasNetwork }) => hasNetwork);
}

/** Changes whenever a run is trained further: its network's predictions are then out of date. */
export function weightsVersion({ runs }: Pick<LabState, 'runs'>): string {
  return runs.map(({ progress }) => progress?.step ?? 0).join(' ');
}

/** The networks that a drawing of 28 × 28 gray pixels can be shown to. */
export function drawableNetworks(state: Networks): readonly AnsweringNetwork[] {
  const { runs, pretrained } = state;
  const ofExperiment = runs.filter(({ hasNetwork }) => hasNetwork && !hasColorImages(state));
  return ofExperiment.length > 0 ? ofExperiment : pretrained.filter(({ hasNetwork }) => hasNetwork);
}

/**
 * The networks whose predictions of the drawing are shown: the drawable ones, and with those of an experiment its others
 * that are about to have one, so that their number stays the same.
 */
export function drawnNetworks(state: Networks): readonly AnsweringNetwork[] {
  const drawable = drawableNetworks(state);
  if (!state.runs.some((run) => drawable.includes(run))) return drawable;
  return state.runs.filter(
    ({ hasNetwork, status }) => hasNetwork || (status !== 'failed' && status !== 'finished'),
  );
}

/**
 * The networks that the examples' predictions belong to: all runs of the experiment once one has predictions, and as
 * long as these are shown, even if its networks were lost; otherwise the pretrained ones.
 */
export function shownNetworks(
  state: Networks & Pick<LabState, 'examples'>,
): readonly AnsweringNetwork[] {
  const { runs, pretrained, examples, customData } = state;
  const isOfExperiment = runs.some(({ id }) => id in examples.results);
  return isOfExperiment || pretrained.length === 0 || customData.loaded !== null
    ? runs
    : pretrained;
}

/** Whether the loaded images are in color: what is made for 28 × 28 gray pixels then has nothing to show. */
export function hasColorImages({ customData }: Pick<LabState, 'customData'>): boolean {
  return customData.loaded?.shape === 'color-32';
}
