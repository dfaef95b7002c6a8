import { openDB } from 'idb';
import { expect } from 'vitest';
import { LabError } from '../../../domain/errors.ts';
import { type ExperimentArchive, openArchive } from '../openArchive.ts';
import type { SavedExperiment } from '../types.ts';

/** An archive as in another tab: only the database and the locks are shared. */
export function openTab(name: string, remembered = new Map<string, string>()) {
  const memory = {
    getItem: (key: string) => remembered.get(key) ?? null,
    setItem: (key: string, value: string) => void remembered.set(key, value),
  };
  return { archive: openArchive(name, memory), remembered };
}

/** Saves an experiment as the page does when it starts or resumes. */
export async function saveAll(
  archive: ExperimentArchive,
  experiment: SavedExperiment,
): Promise<void> {
  const runIds = new Set(experiment.runs.map(({ id }) => id));
  archive.remember(experiment.id, experiment.isPaused);
  const write = archive.save(experiment.id, () => ({ experiment, runIds, isNew: true }));
  await Promise.all([archive.claim(experiment.id), write]);
}

/** The error of an operation on the storage that fails. */
export async function rejection(promise: Promise<unknown>): Promise<LabError> {
  const thrown: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(LabError);
  expect((thrown as LabError).code).toBe('storage-failed');
  return thrown as LabError;
}

/** Changes a record without the archive's knowledge. */
export async function change(
  name: string,
  store: string,
  key: IDBValidKey,
  damage: (record: never) => unknown,
): Promise<void> {
  const database = await openDB(name);
  const record: unknown = await database.get(store, key);
  damage(record as never);
  await database.put(store, record, ...(store === 'curves' ? [key] : []));
  database.close();
}
