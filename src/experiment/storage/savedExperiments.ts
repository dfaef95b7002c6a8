import { type ErrorReport, reportError } from '../../domain/errors.ts';
import { removeReference } from '../files/files.ts';
import type { Lab } from '../lab.ts';
import type { Notice } from '../state.ts';
import type { ExperimentSummary } from './types.ts';
import { openElsewhere } from './errors.ts';
import { openSaved } from './resume.ts';

/** Actions of the list of saved experiments. None rejects: each function returns what went wrong, or null. */

export async function refreshExperiments(lab: Lab): Promise<void> {
  const { archive, store } = lab;
  if (archive === null) return;
  try {
    const { experiments, unreadable } = await archive.list();
    lab.update({ archive: { ...store.getState().archive, experiments, unreadable } });
  } catch (thrown) {
    lab.update({ archive: { ...store.getState().archive, error: reportError(thrown) } });
  }
}

/** Opens a saved experiment instead of the present one, which stays saved. */
export async function openExperiment(lab: Lab, id: string): Promise<ErrorReport | null> {
  const { archive, store } = lab;
  if (archive === null) return null;
  if (store.getState().engine.status === 'failed') {
    return {
      code: 'engine-unavailable',
      message: 'The experiment was not opened: the engine has stopped.',
      remedy: 'Restart the engine, then open it.',
    };
  }
  try {
    const experiment = await archive.load(id);
    if (experiment === null) return unreadable('opened');
    if (!(await archive.claim(id))) return reportError(openElsewhere('opened'));
    removeReference(lab, id);
    dismiss(lab, ({ kind }) => kind === 'kept');
    openSaved(lab, experiment);
    return null;
  } catch (thrown) {
    return reportError(thrown);
  }
}

/**
 * Shows a saved experiment in the charts beside the present one, or stops showing it. It appears at once with its
 * newest measurements; its curves follow once they are read.
 */
export async function toggleReference(
  lab: Lab,
  experiment: ExperimentSummary,
): Promise<ErrorReport | null> {
  const { archive, store } = lab;
  const { references } = store.getState();
  if (references.some(({ id }) => id === experiment.id)) {
    removeReference(lab, experiment.id);
    return null;
  }
  lab.update({ references: [...references, experiment] });
  try {
    const loaded = await archive?.loadCurves(experiment.id);
    if (!loaded) {
      removeReference(lab, experiment.id);
      return unreadable('added to the charts');
    }
    const { references: shown } = store.getState();
    lab.update({ references: shown.map((one) => (one === experiment ? loaded : one)) });
    return null;
  } catch (thrown) {
    removeReference(lab, experiment.id);
    return reportError(thrown);
  }
}

/** Deletes a saved experiment for good; the present one is reset first. */
export async function deleteExperiment(lab: Lab, id: string): Promise<ErrorReport | null> {
  const { archive, store } = lab;
  if (archive === null) return null;
  try {
    if (store.getState().experimentId === id) lab.reset();
    const wasUnreadable = store.getState().archive.unreadable.some((one) => one.id === id);
    await archive.delete(id);
    dismiss(lab, ({ kind, opens }) =>
      opens === undefined ? kind === 'kept' && wasUnreadable : opens.experimentId === id,
    );
    removeReference(lab, id);
    await refreshExperiments(lab);
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

function unreadable(what: string): ErrorReport {
  return {
    code: 'storage-failed',
    message: `The experiment was not ${what}: what is stored of it cannot be read.`,
    remedy: 'Delete it, and train it again.',
  };
}
