import { limits } from '../../domain/settings/config.ts';
import { isSameData } from '../../domain/dataSet.ts';
import { rowOf } from '../../domain/settings/settings.ts';
import { answeringNetworks, hasColorImages } from '../runs/answering.ts';
import { findTrainingStatus } from '../runs/repeats.ts';
import { findExperimentStatus } from '../runs/run.ts';
import { trainAlike } from '../setup/settingsDraft.ts';
import { findConfigs, findErrors } from '../setup/setup.ts';
import type { LabState } from '../state.ts';

/** Commands that the user can give to the experiment. */
export type ExperimentCommand =
  | 'train'
  | 'pause'
  | 'step'
  | 'halfStep'
  | 'trainEpoch'
  | 'reset'
  | 'newSeed';
export type Command =
  | ExperimentCommand
  | 'chooseEngine'
  | 'chooseData'
  | 'measure'
  | 'measureSmallest'
  | 'measureTransfer'
  | 'repeat';

/** Why a command is disabled, as a sentence for the user, or null if it is enabled. */
export function findDisabledReason(
  state: Pick<
    LabState,
    'runs' | 'repeats' | 'engine' | 'setup' | 'robustness' | 'customData' | 'pretrained'
  >,
  command: Command,
): string | null {
  const { runs, repeats, engine, setup, robustness, customData } = state;
  const status = findExperimentStatus(runs);
  const training = findTrainingStatus(state);
  switch (command) {
    case 'pause':
      return training === 'busy' ? null : 'Nothing is training.';
    case 'reset':
      return status === 'none' ? 'There is no experiment yet.' : null;
    case 'newSeed':
      return status === 'none' ? null : 'Start over to draw a new seed.';
    case 'chooseEngine':
      return status === 'none' ? null : 'Start over to change its engine.';
    case 'chooseData':
      if (customData.isReading) return 'Your files are being read.';
      return status === 'none' ? null : 'Start over to change its data.';
    case 'repeat':
      if (training !== 'finished') return 'Train to the end first.';
      return runs.some(({ isOpened }) => isOpened)
        ? 'Opened weights cannot be trained again with other seeds: how they were trained is not known.'
        : null;
    case 'measureTransfer':
      if (status === 'busy')
        return 'Pause the experiment first, so that the networks do not change.';
      return findDisabledReason(state, 'measure');
    case 'measureSmallest':
      if (robustness.progress !== null) return 'A measurement is under way.';
      if (hasColorImages(state)) return 'This works for gray digits. Choose MNIST to measure it.';
      return answeringNetworks(state).length > 0 ? null : 'No network is loaded yet.';
    case 'measure':
      if (robustness.progress !== null) return 'A measurement is under way.';
      return runs.some(({ hasNetwork }) => hasNetwork)
        ? null
        : 'Train a network of your own to measure it.';
    case 'train':
    case 'step':
    case 'halfStep':
    case 'trainEpoch': {
      if (engine.status === 'failed') return 'The engine has stopped. Restart it to train.';
      if (repeats.runs.length > 0 && command !== 'train') {
        return 'Other seeds are being trained. Stop them to take single steps.';
      }
      if (training === 'paused') return null;
      if (training === 'finished' && isSetupOfRuns({ runs, setup })) {
        const problem = findLongerProblem(runs);
        if (command === 'train' || problem !== null) return problem;
        return 'All epochs are trained. Train for more to take further steps.';
      }
      if (training === 'busy' || training === 'pausing') return 'Training is under way.';
      if (customData.isReading) return 'Your files are being read.';
      const errors = findErrors(setup);
      const [first] = errors;
      if (first === undefined) {
        if (isSameData(setup.shared.dataSet, customData.loaded)) return null;
        return setup.shared.dataSet === null
          ? 'The setup is for MNIST. Choose MNIST under Data to train.'
          : 'The setup is for your own files. Choose them under Data to train.';
      }
      // The field itself says what is wrong with it.
      const others = errors.length > 1 ? ` and ${errors.length - 1} more` : '';
      const whose = first.entry && setup.entries.length > 1 ? ` of ${first.entry.name}` : '';
      return `To train, correct ${rowOf(first.field).label}${whose}${others}.`;
    }
  }
}

/** Whether the setup would train the runs on the page once more, and nothing else. */
export function isSetupOfRuns({ runs, setup }: Pick<LabState, 'runs' | 'setup'>): boolean {
  const configs = findConfigs(setup);
  return (
    configs !== null &&
    configs.length === runs.length &&
    configs.every((config, index) => trainAlike(config, runs[index]!.config))
  );
}

/** Why a finished experiment cannot be trained for longer, or null if it can. */
function findLongerProblem(runs: LabState['runs']): string | null {
  const failed = runs.find(({ status }) => status === 'failed');
  if (failed !== undefined) return `${failed.name} has failed. Start over to train again.`;
  const opened = runs.find(({ isOpened }) => isOpened);
  if (opened !== undefined) {
    return `${opened.name} was opened from a file, which lacks what further training needs. Change the settings or start over to train.`;
  }
  const canGrow = runs.some(({ config: { epochs } }) => longerEpochs(epochs) > epochs);
  return canGrow ? null : 'No run can have more epochs. Start over to train again.';
}

/** Epochs of a finished experiment that is trained for longer. */
export function longerEpochs(epochs: number): number {
  return Math.min(limits.epochs.max, 2 * epochs);
}
