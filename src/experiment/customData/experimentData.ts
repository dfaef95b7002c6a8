import {
  classCount,
  classCountOf,
  factsOf,
  imageShapes,
  isSameData,
  type CustomData,
} from '../../domain/dataSet.ts';
import type { Lab } from '../lab.ts';
import { formatExperimentTime } from '../runs/experimentTime.ts';
import { findExperimentStatus } from '../runs/run.ts';
import { withData } from '../setup/setupData.ts';
import type { LabState } from '../state.ts';
import type { SavedExperiment } from '../storage/types.ts';

/** "50,000 training and 10,000 test images, 32 × 32 pixels in color". */
export function describeData(dataSet: CustomData | null): string {
  const { shape, trainingCount, testCount } = factsOf(dataSet);
  const { rows, columns, channels } = imageShapes[shape];
  const kind = channels === 1 ? 'gray' : 'in color';
  const classes = classCountOf(dataSet);
  const inClasses = classes === classCount ? '' : `, ${classes} classes`;
  return `${trainingCount.toLocaleString('en-US')} training and ${testCount.toLocaleString('en-US')} test images, ${rows} × ${columns} pixels, ${kind}${inClasses}`;
}

/** The start of a fingerprint: enough to tell data sets apart at a glance. */
export function shortFingerprint({ fingerprint }: CustomData): string {
  return `${fingerprint.slice(0, 12)}…`;
}

export function setCustomData(
  lab: Pick<Lab, 'store' | 'update'>,
  changes: Partial<LabState['customData']>,
): void {
  lab.update({ customData: { ...lab.store.getState().customData, ...changes } });
}

/** Forgets the examples of other data; those of the present data are loaded next. */
export function showNewImages(lab: Lab): void {
  const { examples } = lab.store.getState();
  lab.update({ examples: { ...examples, first: 0, images: null, results: {}, error: null } });
}

/**
 * Trains on MNIST again and abandons files that are still being read. The user's own files stay available.
 *
 * @returns whether it replaced such files
 */
export function chooseMnist(lab: Lab): boolean {
  const { store } = lab;
  const { customData, setup, runs } = store.getState();
  if (findExperimentStatus(runs) !== 'none') return false;
  lab.useSetup(withData(setup, null));
  const { files, isTransposed } = customData;
  // Of the loaded files and those being read, take the ones chosen last.
  const replaced = customData.reading ?? (files === null ? null : { files, isTransposed });
  setCustomData(lab, {
    isReading: false,
    reading: null,
    previousFiles: replaced ?? customData.previousFiles,
    turn: customData.turn + 1,
    error: null,
    awaitedExperimentId: null,
    isTransposed: false,
    notes: [],
  });
  if (customData.loaded === null && !customData.isReading) return false;
  lab
    .getClient()
    ?.useData(null)
    .catch(() => undefined); // engineFailed reports a dead worker
  setCustomData(lab, { loaded: null, files: null });
  showNewImages(lab);
  return replaced !== null;
}

/** The notice that MNIST replaced the user's files although the user did not choose MNIST under Data. */
export function describePreviousFiles(hasExperiment: boolean): string {
  const first = hasExperiment ? 'start over, then ' : '';
  return `Your files remain available: ${first}choose Your files under Data, in the setup, to use them again.`;
}

/**
 * Makes an experiment's data the present data, if the page has them. If the user must choose the files
 * again, it says so, and the experiment resumes once they are there.
 *
 * @returns whether the experiment can resume now
 */
export function findDataOf(lab: Lab, experiment: SavedExperiment): boolean {
  const { store } = lab;
  const dataSet = experiment.runs[0]?.config.dataSet ?? null;
  const { loaded, reading } = store.getState().customData;
  // While files are being read, the workers will soon have other data.
  if (isSameData(dataSet, loaded) && reading === null) return true;
  lab.reset();
  if (dataSet === null) {
    chooseMnist(lab);
    return true;
  }
  lab.archive?.release();
  lab.useSetup(withData(store.getState().setup, dataSet));
  setCustomData(lab, { awaitedExperimentId: experiment.id });
  lab.notify('continued', [
    `The experiment of ${formatExperimentTime(experiment.startedAt, Date.now())} was trained on your own files: ${describeData(dataSet)}.`,
    'Choose them again under Data, in the setup: the experiment then resumes. It stays saved until then.',
  ]);
  return false;
}
