import { formatExperimentTime } from '../runs/experimentTime.ts';
import type { SeedRun } from '../runs/repeats.ts';
import type {
  Changes,
  ExperimentList,
  ExperimentSummary,
  PresentExperiment,
  SavedExperiment,
  SavedRun,
  UnreadableExperiment,
} from './types.ts';
import { createClaim } from './claim.ts';
import { ExperimentDatabase, type Transaction } from './database.ts';
import { isFull, openElsewhere, storageFull } from './errors.ts';
import {
  makeCheckpointRecord,
  makeCurvesRecord,
  makeExperimentRecord,
  makeRunRecord,
  readExperimentRecord,
  readSavedRun,
  readSeed,
  readSummary,
  readUnreadable,
  type RunRecord,
} from './records.ts';

export type ExperimentArchive = ReturnType<typeof openArchive>;

/**
 * Saves experiments between visits, in the browser's IndexedDB, which opens with the first use. Operations take effect
 * in call order. They reject with a LabError 'storage-failed' that says why (quota, private browsing,
 * blocked storage) and what to do.
 *
 * @param name of the database; tests use their own
 * @param memory what only this tab remembers across reloads, or null if it cannot
 */
export function openArchive(
  name = 'adversarial-gradient-lab',
  memory: Pick<Storage, 'getItem' | 'setItem'> | null = findSessionStorage(),
) {
  const database = new ExperimentDatabase(name);
  const claim = createClaim(name);
  const presentKey = `${name}/present`;
  const pausedKey = `${name}/paused`;

  /** Null if this tab had no experiment yet; empty if it has reset its own. */
  function recallPresent(): string | null {
    return memory?.getItem(presentKey) ?? null;
  }

  /** Stores for this tab, at once, what a reload resumes: the page may close before the database has it. */
  function remember(id: string, isPaused: boolean): void {
    try {
      memory?.setItem(presentKey, id);
      memory?.setItem(pausedKey, String(isPaused));
    } catch {
      // The quota is zero. A reload then resumes the newest experiment of any tab.
    }
  }

  /**
   * Stores changes in one transaction: all or nothing.
   *
   * @param takeChanges is called when the write begins, so a slow disk stores the newest state only
   * @returns false if the experiment is no longer there although it is not new: it was deleted, or the site's data were
   */
  async function save(id: string, takeChanges: () => Changes): Promise<boolean> {
    try {
      return await database.transact('readwrite', (transaction) =>
        store(transaction, id, takeChanges),
      );
    } catch (error) {
      throw isFull(error) ? storageFull(await adviseOnRoom(), error) : error;
    }
  }

  /** Says which other experiment takes up the most space. */
  async function adviseOnRoom(): Promise<string> {
    const lists = await list().catch(() => null);
    const [largest] = [...(lists?.experiments ?? []), ...(lists?.unreadable ?? [])]
      .filter(({ id }) => id !== recallPresent())
      .sort((a, b) => b.bytes - a.bytes);
    if (largest === undefined) return 'Free some disk space, or close private browsing.';
    const { startedAt, bytes } = largest;
    const which =
      startedAt === null ? 'one of unknown time' : `that of ${formatExperimentTime(startedAt)}`;
    const megabytes = (bytes / 1e6).toFixed(1);
    return `Delete experiments that you no longer need under Saved experiments: ${which} takes up the most, ${megabytes} MB.`;
  }

  /** Reads neither weights nor curves. */
  async function list(): Promise<ExperimentList> {
    const records = await database.transact('readonly', (transaction) =>
      transaction.objectStore('experiments').getAll(),
    );
    const experiments: ExperimentSummary[] = [];
    const unreadable: UnreadableExperiment[] = [];
    for (const found of records) {
      const record = readExperimentRecord(found);
      if (record) experiments.push(readSummary(record));
      else unreadable.push(readUnreadable(found));
    }
    return { experiments: experiments.sort(newestFirst), unreadable: unreadable.sort(newestFirst) };
  }

  /** Null if the experiment is missing or unreadable. A damaged network affects only its own run. */
  function load(id: string): Promise<SavedExperiment | null> {
    return database.transact('readonly', async (transaction) => {
      const record = readExperimentRecord(await transaction.objectStore('experiments').get(id));
      if (record === null) return null;
      const { repeats, ...own } = record;
      const readAll = async (records: readonly RunRecord[]): Promise<SavedRun[]> => {
        const runs: SavedRun[] = [];
        for (const run of records) {
          const curves = await transaction.objectStore('curves').get([id, run.id]);
          const checkpoint = await transaction.objectStore('checkpoints').get([id, run.id]);
          runs.push(readSavedRun(run, curves, checkpoint));
        }
        return runs;
      };
      const runs = await readAll(record.runs);
      if (repeats === undefined) return { ...own, runs };
      const finished = await readFinished(transaction, id, repeats.finished);
      const { seedCount, attackEpsilon } = repeats;
      const inTraining = await readAll(repeats.runs);
      return { ...own, runs, repeats: { seedCount, attackEpsilon, finished, runs: inTraining } };
    });
  }

  /** Like `load`, but without weights: for a comparison. */
  function loadCurves(id: string): Promise<ExperimentSummary | null> {
    return database.transact('readonly', async (transaction) => {
      const record = readExperimentRecord(await transaction.objectStore('experiments').get(id));
      if (record === null) return null;
      const store = transaction.objectStore('curves');
      const curves = await Promise.all(record.runs.map((run) => store.get([id, run.id])));
      const summary = readSummary(record, curves);
      if (record.repeats === undefined || summary.repeats === undefined) return summary;
      const finished = await readFinished(transaction, id, record.repeats.finished);
      return { ...summary, repeats: { ...summary.repeats, finished } };
    });
  }

  /** Claims the experiment that a reload resumes, and loads it. */
  async function loadPresent(): Promise<PresentExperiment> {
    const own = recallPresent();
    const id =
      own ??
      (await database.transact('readonly', (transaction) =>
        transaction.objectStore('state').get('present'),
      ));
    if (typeof id !== 'string' || id === '') return { status: 'none' };
    if (!(await claim.take(id))) return { status: 'elsewhere', isOwn: own !== null };
    const experiment = await load(id);
    if (experiment !== null) {
      const isPaused = own === null ? experiment.isPaused : memory?.getItem(pausedKey) === 'true';
      return { status: 'saved', experiment: { ...experiment, isPaused } };
    }
    claim.release(id);
    // Another tab may have deleted it, or it was never written because the disk was full.
    const { unreadable } = await list();
    return { status: unreadable.some((one) => one.id === id) ? 'unreadable' : 'none' };
  }

  /** A reload no longer resumes the experiment. It stays saved if it has a checkpoint. */
  async function close(id: string): Promise<void> {
    if (recallPresent() === id) remember('', false);
    try {
      await database.transact('readwrite', async (transaction) => {
        await forget(transaction, id);
        const record = await transaction.objectStore('experiments').get(id);
        const isEmpty = readExperimentRecord(record)?.runs.every(
          ({ checkpointStep }) => checkpointStep === null,
        );
        if (isEmpty) await erase(transaction, id);
      });
    } finally {
      claim.release(id);
    }
  }

  return {
    remember,
    save,
    list,
    load,
    loadCurves,
    loadPresent,
    /** Holds an experiment for this tab and releases the previous one. False while another tab holds it. */
    claim: (id: string) => claim.take(id),
    /** Lets other tabs have the experiment that this tab holds. */
    release: () => claim.release(),
    /** Whether any tab has an experiment open. */
    isAnyOpen: () => claim.isAnyHeld(),
    close,
    /** Deletes an experiment for good. Rejects while another tab holds it. */
    delete: async (id: string): Promise<void> => {
      if (await claim.isElsewhere(id)) throw openElsewhere('deleted');
      await database.transact('readwrite', async (transaction) => {
        await forget(transaction, id);
        await erase(transaction, id);
      });
    },
  };
}

/** Stores changes, except for runs of which the database has a newer checkpoint. */
async function store(
  transaction: Transaction,
  id: string,
  takeChanges: () => Changes,
): Promise<boolean> {
  const experiments = transaction.objectStore('experiments');
  const found = await experiments.get(id); // by now all earlier writes are done
  const { experiment, runIds, isNew } = takeChanges();
  if (found === undefined && !isNew) return false;
  const known = readExperimentRecord(found);
  const before = listRecords(known);
  const storeRun = async (run: SavedRun): Promise<RunRecord> => {
    const stored = before.find((one) => one.id === run.id);
    const [storedStep, step] = [stored?.checkpointStep ?? -1, run.checkpoint?.step ?? -1];
    if (stored !== undefined && (!runIds.has(run.id) || storedStep > step)) return stored;
    await transaction.objectStore('curves').put(makeCurvesRecord(run), [id, run.id]);
    // Weights of the same step are identical.
    if (run.checkpoint !== null && storedStep !== step) {
      const record = makeCheckpointRecord([id, run.id], run.checkpoint);
      await transaction.objectStore('checkpoints').put(record);
    }
    return makeRunRecord(run);
  };
  /** A seed that is done keeps its numbers only. */
  const storeFinished = async (run: SeedRun): Promise<RunRecord> => {
    const stored = known?.repeats?.finished.flat().find((one) => one.id === run.id);
    if (stored !== undefined && !runIds.has(run.id)) return stored;
    const saved = { ...run, checkpoint: null, engine: null };
    await transaction.objectStore('curves').put(makeCurvesRecord(saved), [id, run.id]);
    await transaction.objectStore('checkpoints').delete([id, run.id]);
    return makeRunRecord(saved);
  };
  const runs = await inTurn(experiment.runs, storeRun);
  const repeats = {
    finished: await inTurn(experiment.repeats?.finished ?? [], (seed) =>
      inTurn(seed, storeFinished),
    ),
    runs: await inTurn(experiment.repeats?.runs ?? [], storeRun),
  };
  const record = makeExperimentRecord(experiment, runs, repeats);
  const present = new Set(listRecords(record).map((one) => one.id));
  for (const { id: runId } of before) {
    if (present.has(runId)) continue;
    await transaction.objectStore('curves').delete([id, runId]);
    await transaction.objectStore('checkpoints').delete([id, runId]);
  }
  await experiments.put(record);
  if (isNew) await transaction.objectStore('state').put(id, 'present');
  return true;
}

/** One after another, in one transaction. */
async function inTurn<T, R>(list: readonly T[], action: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const one of list) results.push(await action(one));
  return results;
}

/** All runs of an experiment, with those of its other seeds. */
function listRecords(record: ReturnType<typeof readExperimentRecord>): RunRecord[] {
  if (record === null) return [];
  const { runs, repeats } = record;
  return [...runs, ...(repeats?.finished.flat() ?? []), ...(repeats?.runs ?? [])];
}

/** The finished seeds; one that cannot be read is left out. */
async function readFinished(
  transaction: Transaction<'readonly'>,
  id: string,
  finished: readonly (readonly RunRecord[])[],
): Promise<(readonly SeedRun[])[]> {
  const store = transaction.objectStore('curves');
  const seeds = await inTurn(finished, async (records) =>
    readSeed(records, await inTurn(records, (run) => store.get([id, run.id]))),
  );
  return seeds.filter((seed) => seed !== null);
}

/** A new tab does not resume this experiment. */
async function forget(transaction: Transaction, id: string): Promise<void> {
  const state = transaction.objectStore('state');
  if ((await state.get('present')) === id) await state.delete('present');
}

async function erase(transaction: Transaction, id: string): Promise<void> {
  const ofAllRuns = IDBKeyRange.bound([id], [id, []]);
  await transaction.objectStore('experiments').delete(id);
  await transaction.objectStore('curves').delete(ofAllRuns);
  await transaction.objectStore('checkpoints').delete(ofAllRuns);
}

/** Experiments with unknown start times come last. */
function newestFirst(a: UnreadableExperiment, b: UnreadableExperiment): number {
  return (b.startedAt ?? -1) - (a.startedAt ?? -1);
}

/** Reading the property throws if site data are blocked. */
function findSessionStorage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
