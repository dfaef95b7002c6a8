import type { IDBPDatabase, IDBPTransaction, OpenDBCallbacks } from 'idb';
import { runConfigSchema } from '../../domain/settings/config.ts';
import {
  type CurvesRecord,
  type ExperimentSchema,
  findNewest,
  readCurves,
  type RunRecord,
} from './records.ts';

type Upgrade = NonNullable<OpenDBCallbacks<ExperimentSchema>['upgrade']>;

/** Creates the stores and converts the records of an older version: all of them, or the database stays unchanged. */
export const upgrade: Upgrade = (database, oldVersion, _, transaction) => {
  database.createObjectStore('experiments', { keyPath: 'id' });
  database.createObjectStore('curves');
  if (oldVersion === 0) {
    // Version 1 chose the key names. Other names would require copying all weights.
    database.createObjectStore('checkpoints', { keyPath: ['raceId', 'id'] });
    database.createObjectStore('state');
    return;
  }
  const older = database as unknown as IDBPDatabase;
  joinExperiments(transaction as unknown as OlderTransaction)
    .then(() => ['races', 'runs'].forEach((name) => older.deleteObjectStore(name)))
    .catch(() => transaction.abort())
    .catch(() => undefined); // it has ended already
  transaction.done.catch(() => undefined); // openDB rejects
};

type OlderTransaction = IDBPTransaction<unknown, string[], 'versionchange'>;

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
}

function makeRecord(run: OlderRun): RunRecord {
  const { id, name, slot: paletteIndex, config, progress, engine, checkpointStep, bytes } = run;
  const { losses, evaluations, attacks, readings: measurements } = run;
  const validConfig = runConfigSchema.safeParse(config).data;
  const curves = readCurves({ losses, evaluations, attacks, measurements });
  const newest = validConfig && curves ? findNewest(curves.history, validConfig) : null;
  return { id, name, paletteIndex, config, progress, engine, checkpointStep, newest, bytes };
}
