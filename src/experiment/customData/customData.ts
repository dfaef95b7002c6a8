import { isSameData, type CustomData } from '../../domain/dataSet.ts';
import { LabError, reportError } from '../../domain/errors.ts';
import { findDisabledReason } from '../training/commands.ts';
import { type Dropped, openFolders } from './droppedFiles.ts';
import type { Lab } from '../lab.ts';
import { describeData, setCustomData, shortFingerprint, showNewImages } from './experimentData.ts';
import { withData } from '../setup/setupData.ts';
import { isExpectedFailure } from '../queries/isExpectedFailure.ts';
import { openExperiment } from '../storage/savedExperiments.ts';

/**
 * Reads the files that the user chose and makes them the data set; a saved experiment that waits for them
 * resumes. Never rejects: the reason why files are invalid goes to the state.
 */
export async function chooseFiles(lab: Lab, files: readonly File[]): Promise<void> {
  const { customData } = lab.store.getState();
  // A choice made before there were files applies to these; one made for other files does not.
  const isSaid = customData.files === null && customData.isTransposed;
  await readFiles(lab, files, isSaid ? true : null);
}

/** Reads what the user dropped as if its files had been chosen one by one. Never rejects. */
export async function chooseDropped(lab: Lab, dropped: Dropped): Promise<void> {
  const { store } = lab;
  if (dropped.files.length + dropped.folders.length === 0) return;
  if (dropped.folders.length === 0) return chooseFiles(lab, dropped.files);
  if (findDisabledReason(store.getState(), 'chooseData') !== null) return;
  const turn = store.getState().customData.turn + 1;
  const isStale = (): boolean => store.getState().customData.turn !== turn;
  setCustomData(lab, { isReading: true, turn, error: null });
  try {
    const files = await openFolders(dropped);
    if (isStale()) return;
    setCustomData(lab, { isReading: false });
    await chooseFiles(lab, files);
  } catch (thrown) {
    if (!isStale()) setCustomData(lab, { isReading: false, error: reportError(thrown) });
  }
}

/** Makes the previous files the data set again, read as they were. Never rejects. */
export async function choosePreviousFiles(lab: Lab): Promise<void> {
  const { previousFiles } = lab.store.getState().customData;
  if (previousFiles !== null) await readFiles(lab, previousFiles.files, previousFiles.isTransposed);
}

/** Sets whether images are transposed when read: the loaded ones, or else the next ones. Never rejects. */
export async function setTransposed(lab: Lab, isTransposed: boolean): Promise<void> {
  const state = lab.store.getState();
  if (findDisabledReason(state, 'chooseData') !== null) return;
  const { files, previousFiles } = state.customData;
  if (files !== null) return readFiles(lab, files, isTransposed);
  setCustomData(lab, {
    isTransposed,
    previousFiles: previousFiles && { ...previousFiles, isTransposed },
  });
}

async function readFiles(
  lab: Lab,
  files: readonly File[],
  isTransposed: boolean | null,
): Promise<void> {
  const { store } = lab;
  const client = lab.getClient();
  if (client === null || findDisabledReason(store.getState(), 'chooseData') !== null) return;
  const { customData: before, setup } = store.getState();
  const wanted = setup.shared.dataSet;
  const turn = before.turn + 1;
  const isStale = (): boolean => store.getState().customData.turn !== turn;
  setCustomData(lab, { isReading: true, reading: { files, isTransposed }, turn, error: null });
  try {
    let reading = await client.useData(files, isTransposed);
    if (isStale()) return;
    // If a link or a saved experiment needs certain files, no others are accepted.
    const isAwaited = wanted !== null && !isSameData(wanted, before.loaded);
    const found = reading?.dataSet ?? null;
    if (isAwaited && !isSameData(wanted, found)) {
      if (reading !== null && mayBeTransposed(wanted, found)) {
        // It may have been made from the same images in the other orientation.
        reading = await client.useData(files, !reading.isTransposed);
        if (isStale()) return;
      }
      if (!isSameData(wanted, reading?.dataSet ?? null)) {
        await client.useData(before.files, before.isTransposed);
        if (isStale()) return;
        throw otherData(wanted, found);
      }
    }
    const loaded = reading?.dataSet ?? null;
    setCustomData(lab, {
      loaded,
      files,
      isReading: false,
      reading: null,
      previousFiles: null,
      awaitedExperimentId: null,
      isTransposed: reading?.isTransposed ?? false,
      notes: reading?.notes ?? [],
    });
    lab.useSetup(withData(store.getState().setup, loaded));
    showNewImages(lab);
    if (before.awaitedExperimentId !== null) await openExperiment(lab, before.awaitedExperimentId);
  } catch (thrown) {
    if (isStale()) return;
    // A dead worker is reported elsewhere, and the files are still valid.
    if (isExpectedFailure(thrown)) setCustomData(lab, { previousFiles: { files, isTransposed } });
    else setCustomData(lab, { error: reportError(thrown) });
  } finally {
    if (!isStale()) setCustomData(lab, { isReading: false, reading: null });
  }
}

/** Whether two data sets could be the same except for the orientation of their images. */
function mayBeTransposed(a: CustomData, b: CustomData | null): boolean {
  return (
    b !== null &&
    [a, b].every(({ shape }) => shape === 'grey-28') &&
    a.trainingCount === b.trainingCount &&
    a.testCount === b.testCount
  );
}

function otherData(wanted: CustomData, found: CustomData | null): LabError {
  const is = found === null ? 'MNIST' : shortFingerprint(found);
  return new LabError(
    'data-corrupt',
    `These are different data: expected ${describeData(wanted)}, SHA-256 ${shortFingerprint(wanted)}, found ${describeData(found)}, ${is}.`,
    'Choose the expected files; or choose MNIST first, then these.',
  );
}
