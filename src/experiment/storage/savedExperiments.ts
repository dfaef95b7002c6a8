import { type ErrorReport, LabError, reportError } from '../../domain/errors.ts';
import { removeReference } from '../files/removeReference.ts';
import type { Lab } from '../lab.ts';
import type { Notice } from '../state.ts';
import type { ExperimentSummary, ListedExperiment } from './types.ts';
import { openElsewhere } from './errors.ts';
import type { ExperimentArchive } from './openArchive.ts';
import { openSaved } from './resume.ts';

// Actions of the list of saved experiments. None rejects: each function returns what went wrong, or null.

/** @param atMost number of experiments to list, the newest */
export async function refreshExperiments(
  lab: Lab,
  atMost = lab.store.getState().archive.atMost,
): Promise<void> {
  const { archive, store } = lab;
  if (archive === null) return;
  lab.update({ archive: { ...store.getState().archive, atMost } });
  try {
    const list = await archive.list(atMost, store.getState().experimentId);
    // Answers that only read can overtake each other.
    if (store.getState().archive.atMost !== atMost) return;
    lab.update({ archive: { ...store.getState().archive, ...list } });
  } catch (thrown) {
    lab.update({ archive: { ...store.getState().archive, error: reportError(thrown) } });
  }
}

/** Opens a saved experiment in the Lab, instead of the present one, which stays saved. */
export function openExperiment(lab: Lab, id: string): Promise<ErrorReport | null> {
  return attempt(lab, async (archive) => {
    if (lab.store.getState().engine.status === 'failed') {
      throw new LabError(
        'engine-unavailable',
        'The experiment was not opened: the engine has stopped.',
        'Restart the engine, then open it.',
      );
    }
    const experiment = await archive.load(id);
    if (experiment === null) throw unreadable('opened');
    if (!(await archive.claim(id))) throw openElsewhere('opened');
    removeReference(lab, id);
    dismiss(lab, ({ kind }) => kind === 'kept');
    openSaved(lab, experiment);
    lab.goTo('lab');
  });
}

/** A saved experiment with its curves; null if they cannot be read. */
export async function loadCurves({ archive }: Lab, id: string): Promise<ExperimentSummary | null> {
  try {
    return (await archive?.loadCurves(id)) ?? null;
  } catch {
    return null; // its numbers are in the list, without its curves
  }
}

/**
 * Shows a saved experiment in the charts beside the present one, or stops showing it. It appears at once with its
 * newest measurements; its curves follow once they are read.
 */
export async function toggleReference(
  lab: Lab,
  experiment: ListedExperiment,
): Promise<ErrorReport | null> {
  const { id } = experiment;
  const { references } = lab.store.getState();
  if (references.some((one) => one.id === id)) {
    removeReference(lab, id);
    return null;
  }
  lab.update({ references: [...references, experiment] });
  const error = await attempt(lab, async (archive) => {
    const loaded = await archive.loadCurves(id);
    if (loaded === null) throw unreadable('added to the charts');
    const { references: shown } = lab.store.getState();
    lab.update({ references: shown.map((one) => (one === experiment ? loaded : one)) });
  });
  if (error !== null) removeReference(lab, id);
  return error;
}

/** Deletes a saved experiment for good; the present one is reset first. */
export function deleteExperiment(lab: Lab, id: string): Promise<ErrorReport | null> {
  return attempt(lab, async (archive) => {
    const { experimentId, archive: listed } = lab.store.getState();
    if (experimentId === id) lab.reset();
    await archive.delete(id);
    const wasUnreadable = listed.unreadable.some((one) => one.id === id);
    dismiss(lab, ({ kind, opens }) =>
      opens === undefined ? kind === 'kept' && wasUnreadable : opens.experimentId === id,
    );
    removeReference(lab, id);
    await refreshExperiments(lab);
  });
}

/** @returns what went wrong, or null */
async function attempt(
  { archive }: Lab,
  action: (archive: ExperimentArchive) => Promise<void>,
): Promise<ErrorReport | null> {
  try {
    if (archive !== null) await action(archive);
    return null;
  } catch (thrown) {
    return reportError(thrown);
  }
}

/** Removes notices that are outdated. */
function dismiss(lab: Lab, isOver: (notice: Notice) => boolean): void {
  for (const notice of lab.store.getState().notices) {
    if (isOver(notice)) lab.dismissNotice(notice.id);
  }
}

function unreadable(what: string): LabError {
  return new LabError(
    'storage-failed',
    `The experiment was not ${what}: its record cannot be read.`,
    'Delete it, and train it again.',
  );
}
