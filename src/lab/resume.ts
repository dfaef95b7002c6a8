import type { RunConfig } from '../shared/config.ts';
import { reportError } from '../shared/errors.ts';
import type { SavedRace } from './archive.ts';
import type { Lab } from './lab.ts';
import { describeSetAside, findDataOf } from './raceData.ts';
import { formatRaceTime } from './raceTime.ts';
import { findConfigs, type Setup } from './setup.ts';

/**
 * Goes on with the race of the visit before, if there is one and a person has not started another
 * meanwhile; else says why not. Never rejects: what cannot be read becomes the archive's error, and the
 * page works on.
 *
 * @param isLinked a link decides what the page shows: only a race of the link's own setup goes on
 */
export async function resumePresentRace(lab: Lab, isLinked = false): Promise<void> {
  const { archive, store } = lab;
  if (archive === null) return;
  const linked = isLinked ? store.getState().setup : null;
  try {
    const present = await archive.loadPresent();
    if (store.getState().raceId !== null) return;
    switch (present.status) {
      case 'none':
        return;
      case 'elsewhere':
        // Who opens a link beside a race in another tab wants the link.
        if (isLinked && !present.isOwn) return;
        lab.notify('kept', [
          'The race that this page would go on with is open in another tab, so this one starts without it.',
          'Use it there, or close that tab and open the race here, under Kept races.',
        ]);
        return;
      case 'unreadable':
        lab.notify('kept', [
          'A race is kept for this page, but what is stored of it cannot be read, so the page starts without it.',
          'Delete it under Kept races, and train it again.',
        ]);
        return;
      case 'kept': {
        const { race } = present;
        // Where nothing computes, the page says so; the race stays kept.
        const canGoOn = store.getState().engine.status !== 'failed';
        if (canGoOn && (linked === null || isRaceOf(linked, race))) {
          goOnWith(lab, race);
          return;
        }
        archive.release();
        if (canGoOn) offer(lab, race);
      }
    }
  } catch (thrown) {
    lab.update({ archive: { ...store.getState().archive, error: reportError(thrown) } });
  }
}

/** Whether a race that starts with this setup would be this race. */
function isRaceOf(setup: Setup, { runs }: SavedRace): boolean {
  const configs = findConfigs(setup);
  return (
    configs?.length === runs.length &&
    configs.every((config, index) => describe(config) === describe(runs[index]!.config))
  );
}

/** All settings as text, in an order of their own. */
function describe(config: RunConfig): string {
  return JSON.stringify(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Says that a race is kept beside the link that the page shows, and how to have it. */
function offer(lab: Lab, { id, startedAt }: SavedRace): void {
  const name = `the race of ${formatRaceTime(startedAt)}`;
  lab.notify(
    'kept',
    [`The link has another setup than ${name}, so the page does not go on with it. It stays kept.`],
    { raceId: id, label: `Open ${name}` },
  );
}

/** Puts a kept race in the place of the present one, on the engine that it was started for, and says so. */
export function goOnWith(lab: Lab, race: SavedRace): void {
  if (lab.store.getState().enginePreference !== race.enginePreference) {
    lab.reset();
    lab.chooseEngine(race.enginePreference);
  }
  const { setAside: before } = lab.store.getState().ownData;
  if (!findDataOf(lab, race)) return;
  const { setAside } = lab.store.getState().ownData;
  lab.resumeRace(race);
  lab.notify('continued', [
    describeContinuation(race),
    ...(setAside === before ? [] : [`It is a race on MNIST. ${describeSetAside(true)}`]),
  ]);
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
  const whole = runs.filter(({ damage }) => damage === undefined);
  if (whole.length === 0) return `${name} is here again, but none of its networks can be read.`;
  const isFinished = whole.every(
    ({ progress }) =>
      progress !== null && progress.step > 0 && progress.step === progress.totalSteps,
  );
  if (isFinished) return `${name} is here again, with its trained networks.`;
  const epochs = whole.map(({ progress }) =>
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
