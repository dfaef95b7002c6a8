import { isSameData, type OwnData } from '../shared/dataSet.ts';
import { LabError, reportError } from '../shared/errors.ts';
import { findObstacle } from './commands.ts';
import { openRace } from './keptRaces.ts';
import type { Lab } from './lab.ts';
import { describeData, setOwnData, shortFingerprint, showNewImages } from './raceData.ts';
import { withData } from './setupData.ts';
import { isOldNews } from './oldNews.ts';

/**
 * Reads the files that a person chose, and makes them the data set; a kept race that waits for them goes
 * on. Never rejects: why they are none goes to the state.
 */
export async function chooseFiles(lab: Lab, files: readonly File[]): Promise<void> {
  const { store } = lab;
  const client = lab.getClient();
  if (client === null || findObstacle(store.getState(), 'chooseData') !== null) return;
  const { ownData: before, setup } = store.getState();
  const wanted = setup.shared.dataSet;
  const turn = before.turn + 1;
  const isLate = (): boolean => store.getState().ownData.turn !== turn;
  setOwnData(lab, { isReading: true, turn, error: null });
  try {
    const loaded = await client.useData(files);
    if (isLate()) return;
    // What a link or a kept race is about is taken from no other files.
    const isAwaited = wanted !== null && !isSameData(wanted, before.loaded);
    if (isAwaited && !isSameData(wanted, loaded)) {
      await client.useData(before.files);
      if (isLate()) return;
      throw otherData(wanted, loaded);
    }
    setOwnData(lab, { loaded, files, awaitedRaceId: null });
    lab.useSetup(withData(store.getState().setup, loaded));
    showNewImages(lab);
    if (before.awaitedRaceId !== null) await openRace(lab, before.awaitedRaceId);
  } catch (thrown) {
    if (!isOldNews(thrown) && !isLate()) setOwnData(lab, { error: reportError(thrown) });
  } finally {
    if (!isLate()) setOwnData(lab, { isReading: false });
  }
}

function otherData(wanted: OwnData, found: OwnData | null): LabError {
  const is = found === null ? 'MNIST' : shortFingerprint(found);
  return new LabError(
    'data-corrupt',
    `These are other data: expected ${describeData(wanted)}, SHA-256 ${shortFingerprint(wanted)}, found ${describeData(found)}, ${is}.`,
    'Choose the files that were meant; or MNIST first, then these.',
  );
}
