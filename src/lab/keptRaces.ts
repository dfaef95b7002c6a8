import { type ErrorReport, reportError } from '../shared/errors.ts';
import type { RaceSummary } from './archive.ts';
import type { Lab } from './lab.ts';
import { goOnWith } from './resume.ts';
import type { Notice } from './state.ts';
import { raceElsewhere } from './storageErrors.ts';

/** What a person can do with kept races. Nothing here rejects: what went wrong is answered. */

/** Looks up which races are kept. */
export async function refreshRaces(lab: Lab): Promise<void> {
  const { archive, store } = lab;
  if (archive === null) return;
  try {
    const list = await archive.list();
    lab.update({ archive: { ...store.getState().archive, ...list } });
  } catch (thrown) {
    lab.update({ archive: { ...store.getState().archive, error: reportError(thrown) } });
  }
}

/** Puts a kept race in the place of the present one, which stays kept. @returns why not; null if it did */
export async function openRace(lab: Lab, raceId: string): Promise<ErrorReport | null> {
  const { archive, store } = lab;
  if (archive === null) return null;
  if (store.getState().engine.status === 'failed') {
    return {
      code: 'engine-unavailable',
      message: 'The race was not opened: the engine has stopped.',
      remedy: 'Restart the engine, then open it.',
    };
  }
  try {
    const race = await archive.load(raceId);
    if (race === null) {
      return {
        code: 'storage-failed',
        message: 'The race was not opened: what is stored of it cannot be read.',
        remedy: 'Delete it, and train it again.',
      };
    }
    if (!(await archive.claim(raceId))) return reportError(raceElsewhere('opened'));
    lab.update({ references: store.getState().references.filter(({ id }) => id !== raceId) });
    dismiss(lab, ({ kind }) => kind === 'kept');
    goOnWith(lab, race);
    return null;
  } catch (thrown) {
    return reportError(thrown);
  }
}

/** Shows a kept race in the charts beside the present one, or no longer. */
export function toggleReference(lab: Lab, race: RaceSummary): void {
  const { references } = lab.store.getState();
  const others = references.filter(({ id }) => id !== race.id);
  lab.update({ references: others.length < references.length ? others : [...references, race] });
}

/** Deletes a race for good; the present one is cleared first. @returns why not; null if it did */
export async function removeRace(lab: Lab, raceId: string): Promise<ErrorReport | null> {
  const { archive, store } = lab;
  if (archive === null) return null;
  try {
    if (store.getState().raceId === raceId) lab.reset();
    const wasUnreadable = store.getState().archive.unreadable.some(({ id }) => id === raceId);
    await archive.remove(raceId);
    dismiss(lab, ({ kind, opens }) =>
      opens === undefined ? kind === 'kept' && wasUnreadable : opens.raceId === raceId,
    );
    lab.update({ references: store.getState().references.filter(({ id }) => id !== raceId) });
    await refreshRaces(lab);
    return null;
  } catch (thrown) {
    return reportError(thrown);
  }
}

/** What a notice said is done, or not so any more. */
function dismiss(lab: Lab, isOver: (notice: Notice) => boolean): void {
  for (const notice of lab.store.getState().notices) {
    if (isOver(notice)) lab.dismissNotice(notice.id);
  }
}
