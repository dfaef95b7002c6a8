import { reportError } from '../shared/errors.ts';
import type { SavedRace } from './archive.ts';
import type { Lab } from './lab.ts';
import { findDataOf } from './raceData.ts';
import { formatRaceTime } from './raceTime.ts';

/**
 * Goes on with the race of the visit before, if there is one and a person has not started another
 * meanwhile. Never rejects: what cannot be read becomes the archive's error, and the page works on.
 */
export async function resumePresentRace(lab: Lab): Promise<void> {
  const { archive, store } = lab;
  if (archive === null) return;
  try {
    const race = await archive.loadPresent();
    if (race === null || store.getState().raceId !== null) return;
    // Where nothing computes, the page says so; the race stays kept.
    const canGoOn = store.getState().engine.status !== 'failed';
    if (canGoOn) goOnWith(lab, race);
    else archive.release();
  } catch (thrown) {
    lab.update({ archive: { ...store.getState().archive, error: reportError(thrown) } });
  }
}

/** Puts a kept race in the place of the present one, on the engine that it was started for, and says so. */
export function goOnWith(lab: Lab, race: SavedRace): void {
  if (lab.store.getState().enginePreference !== race.enginePreference) {
    lab.reset();
    lab.chooseEngine(race.enginePreference);
  }
  if (!findDataOf(lab, race)) return;
  lab.resumeRace(race);
  lab.notify('continued', [describeContinuation(race)]);
  whenEngineIsKnown(lab, (name) => {
    if (lab.store.getState().raceId !== race.id) return;
    const others = new Set(race.runs.flatMap(({ engine }) => engine ?? []));
    others.delete(name);
    if (others.size > 0) lab.notify('continued', describeOtherEngine([...others], name));
  });
}

/** "The race of 14:05 goes on from epoch 1.3." */
export function describeContinuation(race: SavedRace, now = Date.now()): string {
  const { startedAt, isPaused, runs } = race;
  const name = `The race of ${formatRaceTime(startedAt, now)}`;
  const isFinished = runs.every(
    ({ progress }) =>
      progress !== null && progress.step > 0 && progress.step === progress.totalSteps,
  );
  if (isFinished) return `${name} is here again, with its trained networks.`;
  const epochs = runs.map(({ progress }) =>
    progress === null ? 0 : progress.step / Math.max(1, progress.stepsPerEpoch),
  );
  const least = Math.min(...epochs);
  const from = least === 0 ? 'the start' : `epoch ${least.toFixed(1)}`;
  return isPaused
    ? `${name} is here again, paused at ${from}. Press Train to go on.`
    : `${name} goes on from ${from}.`;
}

function describeOtherEngine(others: readonly string[], name: string): string[] {
  return [
    `So far, this race was computed by ${others.join(' and ')}; from here on by ${name}.`,
    'Engines round differently, so its numbers can differ a little from those of an uninterrupted race.',
  ];
}

function whenEngineIsKnown({ store }: Lab, tell: (name: string) => void): void {
  const look = (): boolean => {
    const { engine } = store.getState();
    if (engine.status === 'ready') tell(engine.engine.name);
    return engine.status !== 'starting';
  };
  if (look()) return;
  const unsubscribe = store.subscribe(() => {
    if (store.getState().engine.status === 'starting') return;
    unsubscribe();
    look();
  });
}
