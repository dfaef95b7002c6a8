import { isSameData, type OwnData } from '../../domain/dataSet.ts';
import { LabError, reportError } from '../../domain/errors.ts';
import { findDisabledReason } from '../training/commands.ts';
import { type Dropped, openFolders } from './droppedFiles.ts';
import type { Lab } from '../lab.ts';
import { describeData, setOwnData, shortFingerprint, showNewImages } from './experimentData.ts';
import { withData } from '../setup/setupData.ts';
import { isExpectedFailure } from '../queries/isExpectedFailure.ts';
import { openExperiment } from '../storage/savedExperiments.ts';

/** EMNIST's files hold the columns of an image where MNIST's have its rows; nothing in them says so but their names. */
function looksTransposed(files: readonly File[]): boolean {
  return files.some(({ name }) => /emnist/i.test(name));
}

/**
 * Reads the files that a person chose, and makes them the data set; a kept race that waits for them goes
 * on. Never rejects: why they are none goes to the state.
 */
export async function chooseFiles(lab: Lab, files: readonly File[]): Promise<void> {
  const { ownData } = lab.store.getState();
  // What a person said before there were files is about these; what was said of others is not.
  const isSaid = ownData.files === null && ownData.isTransposed;
  await readFiles(lab, files, isSaid || looksTransposed(files));
}

/** Reads what a person dropped as if its files had been chosen one by one. Never rejects. */
export async function chooseDropped(lab: Lab, dropped: Dropped): Promise<void> {
  const { store } = lab;
  if (dropped.files.length + dropped.folders.length === 0) return;
  if (dropped.folders.length === 0) return chooseFiles(lab, dropped.files);
  if (findDisabledReason(store.getState(), 'chooseData') !== null) return;
  const turn = store.getState().ownData.turn + 1;
  const isStale = (): boolean => store.getState().ownData.turn !== turn;
  setOwnData(lab, { isReading: true, turn, error: null });
  try {
    const files = await openFolders(dropped);
    if (isStale()) return;
    setOwnData(lab, { isReading: false });
    await chooseFiles(lab, files);
  } catch (thrown) {
    if (!isStale()) setOwnData(lab, { isReading: false, error: reportError(thrown) });
  }
}

/** Makes the files that were set aside the data set again, read as they were. Never rejects. */
export async function choosePreviousFiles(lab: Lab): Promise<void> {
  const { previousFiles } = lab.store.getState().ownData;
  if (previousFiles !== null) await readFiles(lab, previousFiles.files, previousFiles.isTransposed);
}

/** Transposes the images of the files that are loaded, or chosen next, while they are read; or does not. Never rejects. */
export async function setTransposed(lab: Lab, isTransposed: boolean): Promise<void> {
  const state = lab.store.getState();
  if (findDisabledReason(state, 'chooseData') !== null) return;
  const { files, previousFiles } = state.ownData;
  if (files !== null) return readFiles(lab, files, isTransposed);
  setOwnData(lab, {
    isTransposed,
    previousFiles: previousFiles && { ...previousFiles, isTransposed },
  });
}

async function readFiles(lab: Lab, files: readonly File[], isTransposed: boolean): Promise<void> {
  const { store } = lab;
  const client = lab.getClient();
  if (client === null || findDisabledReason(store.getState(), 'chooseData') !== null) return;
  const { ownData: before, setup } = store.getState();
  const wanted = setup.shared.dataSet;
  const turn = before.turn + 1;
  const isStale = (): boolean => store.getState().ownData.turn !== turn;
  setOwnData(lab, { isReading: true, reading: { files, isTransposed }, turn, error: null });
  try {
    let reading = { loaded: await client.useData(files, isTransposed), isTransposed };
    if (isStale()) return;
    // What a link or a kept race is about is taken from no other files.
    const isAwaited = wanted !== null && !isSameData(wanted, before.loaded);
    if (isAwaited && !isSameData(wanted, reading.loaded)) {
      const { loaded: found } = reading;
      if (mayBeTransposed(wanted, found)) {
        // It may have been made of the same images, read the other way.
        const other = !isTransposed;
        reading = { loaded: await client.useData(files, other), isTransposed: other };
        if (isStale()) return;
      }
      if (!isSameData(wanted, reading.loaded)) {
        await client.useData(before.files, before.isTransposed);
        if (isStale()) return;
        throw otherData(wanted, found);
      }
    }
    const { loaded } = reading;
    const isGrey = loaded?.shape === 'grey-28'; // images in colour are never transposed
    setOwnData(lab, {
      ...{
        loaded,
        files,
        isReading: false,
        reading: null,
        previousFiles: null,
        awaitedExperimentId: null,
      },
      isTransposed: isGrey && reading.isTransposed,
    });
    lab.useSetup(withData(store.getState().setup, loaded));
    showNewImages(lab);
    if (before.awaitedExperimentId !== null) await openExperiment(lab, before.awaitedExperimentId);
  } catch (thrown) {
    if (isStale()) return;
    // A worker that died is told of elsewhere, and the files are as good as before.
    if (isExpectedFailure(thrown)) setOwnData(lab, { previousFiles: { files, isTransposed } });
    else setOwnData(lab, { error: reportError(thrown) });
  } finally {
    if (!isStale()) setOwnData(lab, { isReading: false, reading: null });
  }
}

/** Whether two data sets might be the same but for how their images lie. */
function mayBeTransposed(a: OwnData, b: OwnData | null): boolean {
  return (
    b !== null &&
    [a, b].every(({ shape }) => shape === 'grey-28') &&
    a.trainingCount === b.trainingCount &&
    a.testCount === b.testCount
  );
}

function otherData(wanted: OwnData, found: OwnData | null): LabError {
  const is = found === null ? 'MNIST' : shortFingerprint(found);
  return new LabError(
    'data-corrupt',
    `These are other data: expected ${describeData(wanted)}, SHA-256 ${shortFingerprint(wanted)}, found ${describeData(found)}, ${is}.`,
    'Choose the files that were meant; or MNIST first, then these.',
  );
}
