import type { IDBPTransaction, OpenDBCallbacks } from 'idb';
import { runConfigSchema } from '../../domain/settings/config.ts';
import {
  type CurvesRecord,
  type ExperimentSchema,
  findNewest,
  makeSummaryRecord,
  readCurves,
  readExperimentRecord,
  readUnreadable,
  type RunRecord,
} from './records.ts';

type Upgrade = NonNullable<OpenDBCallbacks<ExperimentSchema>['upgrade']>;
type OlderTransaction = IDBPTransaction<unknown, string[], 'versionchange'>;

/** Creates the stores and converts the records of an older version: all of them, or the database stays unchanged. */
export const upgrade: Upgrade = (database, oldVersion, _, transaction) => {
  if (oldVersion < 1) {
    // Version 1 chose the key names. Other names would require copying all weights.
    database.createObjectStore('checkpoints', { keyPath: ['raceId', 'id'] });
    database.createObjectStore('state');
  }
  if (oldVersion < 2) {
    database.createObjectStore('experiments', { keyPath: 'id' });
    database.createObjectStore('curves');
  }
  const summaries = database.createObjectStore('summaries', { keyPath: 'id' });
  summaries.createIndex('newest', ['startedAt', 'bytes']);
  if (oldVersion < 1) return;
  const older = transaction as unknown as OlderTransaction;
  const joined = oldVersion < 2 ? joinExperiments(older) : Promise.resolve();
  joined
    .then(() => summarize(older))
    .catch(() => transaction.abort())
    .catch(() => undefined); // it has ended already
  transaction.done.catch(() => undefined); // openDB rejects
};

/** Version 2 had no summaries. One experiment after the other, so that memory holds one. */
async function summarize(transaction: OlderTransaction): Promise<void> {
  const summaries = transaction.objectStore('summaries');
  let cursor = await transaction.objectStore('experiments').openCursor();
  while (cursor !== null) {
    const found = cursor.value as { id: string };
    const record = readExperimentRecord(found);
    await summaries.put(record === null ? readUnreadable(found) : makeSummaryRecord(record));
    cursor = await cursor.continue();
  }
}

/** The format of checkpoints has not changed. */
interface OlderRun
  extends Omit<CurvesRecord, 'measurements'>, Omit<RunRecord, 'newest' | 'paletteIndex'> {
  readonly raceId: string;
  readonly slot: RunRecord['paletteIndex'];
  readonly readings: CurvesRecord['measurements'];
}

/**
 * Version 1 had one record per experiment, and one per run with its curves. A damaged record is copied as it is:
 * reading detects the damage, as before.
 */
async function joinExperiments(transaction: OlderTransaction): Promise<void> {
  const experiments = (await transaction.objectStore('races').getAll()) as {
    id: string;
    runIds: unknown;
  }[];
  const runs = (await transaction.objectStore('runs').getAll()) as OlderRun[];
  for (const { raceId, id, losses, evaluations, attacks, readings } of runs) {
    const curves = { losses, evaluations, attacks, measurements: readings };
    await transaction.objectStore('curves').put(curves, [raceId, id]);
  }
  for (const experiment of experiments) {
    const own = runs.filter(({ raceId }) => raceId === experiment.id).map(makeRecord);
    const { runIds, ...settings } = experiment;
    const record = Array.isArray(runIds)
      ? { ...settings, runs: runIds.map((runId) => own.find(({ id }) => id === runId)) }
      : { ...experiment, runs: own };
    await transaction.objectStore('experiments').put(record);
  }
  for (const name of ['races', 'runs']) transaction.db.deleteObjectStore(name);
}

function makeRecord(run: OlderRun): RunRecord {
  const { id, name, slot: paletteIndex, config, progress, engine, checkpointStep, bytes } = run;
  const { losses, evaluations, attacks, readings: measurements } = run;
  const validConfig = runConfigSchema.safeParse(config).data;
  const curves = readCurves({ losses, evaluations, attacks, measurements });
  const newest = validConfig && curves ? findNewest(curves.history, validConfig) : null;
  return { id, name, paletteIndex, config, progress, engine, checkpointStep, newest, bytes };
}
