import { isSameData } from '../../domain/dataSet.ts';
import { findDisabledReason } from '../training/commands.ts';
import type { Lab } from '../lab.ts';
import {
  chooseMnist,
  describeData,
  describePreviousFiles,
  shortFingerprint,
} from '../customData/experimentData.ts';
import type { LinkReading } from './link.ts';
import { placeToOpen } from '../places.ts';
import { firstTabs, withTab } from '../tabs.ts';
import { findExperimentStatus } from '../runs/run.ts';

/**
 * Applies a link to the lab. It never starts training, and an experiment on the page stays as it is.
 *
 * @param isArrival whether the link opened the page; otherwise it was pasted into a page in use
 */
export function openReading(
  lab: Lab,
  { state, problems, leftOut }: LinkReading,
  isArrival: boolean,
): void {
  const { store } = lab;
  const before = store.getState();
  const hasExperiment = findExperimentStatus(before.runs) !== 'none';
  lab.useSetup(state.setup);
  const { dataSet } = state.setup.shared;
  const hasPreviousFiles = dataSet === null && chooseMnist(lab);
  const isOtherData = dataSet !== null && !isSameData(dataSet, store.getState().customData.loaded);
  lab.changeView(state.view);
  const { hiddenPanels, tab, tourStep, isPresenting } = state;
  const place = placeToOpen(state.place, hiddenPanels);
  const openTabs = tab === null ? firstTabs : withTab(firstTabs, tab);
  lab.update({ hiddenPanels, place, openTabs, tourStep, isPresenting });
  if (state.drawing !== null) lab.drawing.open(state.drawing);
  if (state.attackEpsilon !== before.attackEpsilon) lab.setAttackEpsilon(state.attackEpsilon);
  const showsOthers = state.firstExample !== before.examples.first;
  if (showsOthers) {
    lab.update({ examples: { ...store.getState().examples, first: state.firstExample } });
  }
  const wantsEngine = state.enginePreference !== before.enginePreference;
  const engineDisabledReason = wantsEngine
    ? findDisabledReason(store.getState(), 'chooseEngine')
    : null;
  if (wantsEngine) lab.chooseEngine(state.enginePreference);
  if (showsOthers) lab.retryExamples();

  if (isArrival && problems.length === 0 && leftOut.length === 0 && !isOtherData) return;
  for (const { id, kind } of before.notices) if (kind === 'link') lab.dismissNotice(id);
  const sentences: string[] = [];
  if (problems.length > 0) {
    sentences.push('This link cannot be opened, so the page shows its defaults.', ...problems);
  } else if (!isArrival) {
    sentences.push('The setup now comes from the link.');
  }
  if (leftOut.length > 0) {
    const parts = leftOut.join(', ');
    sentences.push(`These parts of the link are unknown to this page and were left out: ${parts}.`);
  }
  if (isOtherData) {
    sentences.push(
      `The link is for an experiment on custom files: ${describeData(dataSet)}, SHA-256 ${shortFingerprint(dataSet)}.`,
      'Choose the same files under Data, in the setup, to train on them.',
    );
  }
  if (hasPreviousFiles) {
    sentences.push(`The next experiment is on MNIST. ${describePreviousFiles(false)}`);
  }
  if (hasExperiment) {
    sentences.push('The experiment on the page keeps its own settings.');
  }
  if (engineDisabledReason !== null) sentences.push(engineDisabledReason);
  if (!isArrival) sentences.push('Your browser’s Back button brings the previous setup back.');
  lab.notify('link', sentences);
}
