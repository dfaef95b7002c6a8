import type { StoreApi } from 'zustand/vanilla';
import { factsOf, imageShapes, isSameData, type OwnData } from '../shared/dataSet.ts';
import { reportError } from '../shared/errors.ts';
import type { TrainingClient } from '../worker/client.ts';
import type { SavedRace } from './archive.ts';
import type { Lab } from './lab.ts';
import { isOldNews } from './oldNews.ts';
import { formatRaceTime } from './raceTime.ts';
import { findRaceStatus } from './run.ts';
import { withData } from './setupData.ts';
import type { LabState } from './state.ts';

/** "50,000 training and 10,000 test images, 32 × 32 pixels in colour". */
export function describeData(dataSet: OwnData | null): string {
  const { shape, trainingCount, testCount } = factsOf(dataSet);
  const { rows, columns, channels } = imageShapes[shape];
  const kind = channels === 1 ? 'grey' : 'in colour';
  return `${trainingCount.toLocaleString('en-US')} training and ${testCount.toLocaleString('en-US')} test images, ${rows} × ${columns} pixels, ${kind}`;
}

/** The start of a fingerprint: enough to tell data sets apart by eye. */
export function shortFingerprint({ fingerprint }: OwnData): string {
  return `${fingerprint.slice(0, 12)}…`;
}

export function setOwnData(
  lab: Pick<Lab, 'store' | 'update'>,
  changes: Partial<LabState['ownData']>,
): void {
  lab.update({ ownData: { ...lab.store.getState().ownData, ...changes } });
}

/** Other images are there: nobody has answered to them. */
export function showNewImages(lab: Lab): void {
  const { examples } = lab.store.getState();
  lab.update({ examples: { ...examples, first: 0, images: null, results: {}, error: null } });
  lab.retryExamples();
  lab.drawing.now();
}

/**
 * Trains on MNIST again; files that are being read are given up. Whoever calls this, the files of a person stay
 * at hand.
 */
export function chooseMnist(lab: Lab): void {
  const { store } = lab;
  const { ownData, setup, runs } = store.getState();
  if (findRaceStatus(runs) !== 'none') return;
  lab.useSetup(withData(setup, null));
  const { files, isTransposed } = ownData;
  const read = files === null ? null : { files, isTransposed };
  // Of files that were read and files that are being read, the ones that were chosen last.
  const setAside = ownData.isReading ? (ownData.setAside ?? read) : (read ?? ownData.setAside);
  const turn = ownData.turn + 1;
  setOwnData(lab, {
    ...{ isReading: false, setAside, turn, error: null, awaitedRaceId: null, isTransposed: false },
  });
  if (ownData.loaded === null && !ownData.isReading) return;
  lab
    .getClient()
    ?.useData(null)
    .catch(() => undefined); // a dead worker is told of by engineFailed
  setOwnData(lab, { loaded: null, files: null });
  showNewImages(lab);
}

/** Files that MNIST took the place of, though nobody chose MNIST under Data. */
export const filesStay =
  'Your files stay at hand: choose Your files under Data, in the setup, to use them again.';

/** Gives a new worker the files that the one before had. Until it has read them no others can be chosen. */
export function restoreData(
  { getState, setState }: Pick<StoreApi<LabState>, 'getState' | 'setState'>,
  client: TrainingClient | null,
): void {
  const { files, isTransposed, turn: before } = getState().ownData;
  if (client === null || files === null) return;
  const turn = before + 1;
  function set(changes: Partial<LabState['ownData']>): void {
    const { ownData } = getState();
    if (ownData.turn === turn) setState({ ownData: { ...ownData, ...changes } }); // else others were chosen
  }
  setState({ ownData: { ...getState().ownData, isReading: true, turn } });
  client.useData(files, isTransposed).then(
    () => set({ isReading: false }),
    (thrown: unknown) =>
      set({
        isReading: false,
        ...(!isOldNews(thrown) && {
          ...{ loaded: null, files: null, isTransposed: false, error: reportError(thrown) },
        }),
      }),
  );
}

/**
 * Makes a race's data the present ones, as far as the page has them. Where a person must choose the files
 * again, it says so, and the race goes on when they are there.
 *
 * @returns whether the race can go on now
 */
export function findDataOf(lab: Lab, race: SavedRace): boolean {
  const { store } = lab;
  const dataSet = race.runs[0]?.config.dataSet ?? null;
  if (isSameData(dataSet, store.getState().ownData.loaded)) return true;
  lab.reset();
  if (dataSet === null) {
    chooseMnist(lab);
    return true;
  }
  lab.archive?.release();
  lab.useSetup(withData(store.getState().setup, dataSet));
  setOwnData(lab, { awaitedRaceId: race.id });
  lab.notify('continued', [
    `The race of ${formatRaceTime(race.startedAt, Date.now())} was trained on your own files: ${describeData(dataSet)}.`,
    'Choose them again under Data, in the setup: the race then goes on. It stays kept until then.',
  ]);
  return false;
}
