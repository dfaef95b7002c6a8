import type { IDBPTransaction, StoreNames } from 'idb';
import { reportError } from '../shared/errors.ts';
import type {
  Archive,
  PresentRace,
  RaceList,
  RaceSummary,
  SavedRace,
  SavedRun,
  UnreadableRace,
} from './archive.ts';
import {
  type RaceRecord,
  readCheckpoint,
  readRace,
  readRun,
  readStart,
  sizeOf,
  recordOfCheckpoint,
  recordOfRace,
  recordOfRun,
} from './keptRecords.ts';
import { RaceClaim } from './raceClaim.ts';
import { RaceDatabase, type RaceSchema } from './raceDatabase.ts';
import { formatRaceTime } from './raceTime.ts';
import {
  explainStorageError,
  networkDamaged,
  raceElsewhere,
  storageFull,
} from './storageErrors.ts';
import { WriteQueue } from './writeQueue.ts';

const databaseName = 'adversarial-gradient-lab';

const stores: StoreNames<RaceSchema>[] = ['races', 'runs', 'checkpoints', 'state'];
type RaceTransaction = IDBPTransaction<RaceSchema, typeof stores, 'readwrite'>;
type Memory = Pick<Storage, 'getItem' | 'setItem'>;

interface ArchiveOptions {
  /** Of the database; tests have their own. */
  readonly name?: string;
  /** What this tab remembers over a reload, and no other tab knows; null: nothing. */
  readonly memory?: Memory | null;
}

/** Keeps races in the browser's IndexedDB. Opens it with the first use; never throws by itself. */
export function createIndexedDbArchive(options: ArchiveOptions = {}): Archive {
  const { name = databaseName, memory = findSessionStorage() } = options;
  const database = new RaceDatabase(name);
  const claim = new RaceClaim(name);
  const queue = new WriteQueue();
  const memoryKey = `${name}/present`;
  /** Remembered at once, as a reload may come before the database has it. */
  const pausedKey = `${name}/paused`;

  /** Writes to some stores in one transaction: all of it or nothing. */
  function write(work: (transaction: RaceTransaction) => Promise<void>): Promise<void> {
    return database.use(async (opened) => {
      const transaction = opened.transaction(stores, 'readwrite');
      // The transaction's own end says why it failed: a full disk shows when it is committed.
      const ended = transaction.done;
      ended.catch(() => undefined);
      try {
        await work(transaction);
      } catch (thrown) {
        abort(transaction);
        await ended.catch(() => undefined);
        throw transaction.error ?? thrown;
      }
      await ended;
    });
  }

  /** As `write`; where there is no room, says which races take it. */
  async function writeMuch(work: (transaction: RaceTransaction) => Promise<void>): Promise<void> {
    try {
      await write(work);
    } catch (thrown) {
      const error = explainStorageError(thrown);
      const isFull = (error.cause as Error | undefined)?.name === 'QuotaExceededError';
      throw isFull ? storageFull(await adviseOnRoom(), error.cause) : error;
    }
  }

  async function adviseOnRoom(): Promise<string> {
    const { races, unreadable } = await list().catch(() => ({ races: [], unreadable: [] }));
    const [largest] = [...races, ...unreadable]
      .filter(({ id }) => id !== readMemory())
      .sort((a, b) => b.bytes - a.bytes);
    const general = 'Delete races that you no longer need under Kept races';
    if (largest === undefined) return 'Free some disk space, or close private browsing.';
    const megabytes = (largest.bytes / 1e6).toFixed(1);
    const { startedAt } = largest;
    const name =
      startedAt === null ? 'one of unknown time' : `that of ${formatRaceTime(startedAt)}`;
    return `${general}: ${name} takes most, ${megabytes} MB.`;
  }

  /** A race that is kept, changed; nothing if it is not there (any more). */
  function changeRace(
    raceId: string,
    changes: Partial<Pick<SavedRace, 'isPaused' | 'attackEpsilon'>>,
  ): Promise<void> {
    return write(async (transaction) => {
      const races = transaction.objectStore('races');
      const record = await races.get(raceId);
      if (record) await races.put({ ...record, ...changes });
    });
  }

  async function list(): Promise<RaceList> {
    const [records, runs] = await database.use((opened) =>
      Promise.all([opened.getAll('races'), opened.getAll('runs')]),
    );
    const races: RaceSummary[] = [];
    const unreadable: UnreadableRace[] = [];
    for (const record of records) {
      const { id } = record; // the store's key: it is there
      const own = runs.filter(({ raceId }) => raceId === id);
      const bytes = own.reduce((sum, run) => sum + sizeOf(run), 0);
      const race = readRace(record);
      const read = race?.runIds.map((runId) => readRun(own.find((run) => run.id === runId)));
      const kept = read?.flatMap((one) => one?.run ?? []) ?? [];
      if (race !== null && kept.length === race.runIds.length) {
        races.push({ ...settingsOf(race), runs: kept, bytes });
      } else {
        unreadable.push({ id, startedAt: readStart(record), bytes });
      }
    }
    return { races: races.sort(byStart), unreadable: unreadable.sort(byStart) };
  }

  async function load(raceId: string): Promise<SavedRace | null> {
    const [record, runs, checkpoints] = await database.use((opened) => {
      const all = rangeOf(raceId);
      return Promise.all([
        opened.get('races', raceId),
        opened.getAll('runs', all),
        opened.getAll('checkpoints', all),
      ]);
    });
    const race = readRace(record);
    if (race === null) return null;
    const saved = race.runIds.map((id): SavedRun | null => {
      const read = readRun(runs.find((run) => run.id === id));
      if (read === null) return null;
      const { run, checkpointStep } = read;
      if (checkpointStep === null) return { ...run, checkpoint: null };
      const found = checkpoints.find((one) => one.id === id);
      const checkpoint = readCheckpoint(found, run.config, checkpointStep);
      return typeof checkpoint === 'string'
        ? { ...run, checkpoint: null, damage: reportError(networkDamaged(checkpoint)) }
        : { ...run, checkpoint };
    });
    const whole = saved.filter((run) => run !== null);
    if (whole.length < saved.length) return null;
    return { ...settingsOf(race), runs: whole };
  }

  async function loadPresent(): Promise<PresentRace> {
    // An empty text: this tab has reset its race, whatever others do.
    const own = readMemory();
    const id = own ?? (await database.use((opened) => opened.get('state', 'present')));
    if (typeof id !== 'string' || id === '') return { status: 'none' };
    if (!(await claim.take(id))) return { status: 'elsewhere', isOwn: own !== null };
    const race = await load(id);
    if (race !== null) {
      const isPaused = own === null ? race.isPaused : memory?.getItem(pausedKey) === 'true';
      return { status: 'kept', race: { ...race, isPaused } };
    }
    claim.release(id);
    // Another tab may have deleted it, or it was never written for want of room.
    const isThere = await database.use((opened) => opened.getKey('races', id));
    return { status: isThere === undefined ? 'none' : 'unreadable' };
  }

  function readMemory(): string | null {
    return memory?.getItem(memoryKey) ?? null;
  }

  function remember(raceId: string, isPaused: boolean): void {
    try {
      memory?.setItem(memoryKey, raceId);
      memory?.setItem(pausedKey, String(isPaused));
    } catch {
      // No room even for this: a reload then goes on with the newest race of any tab.
    }
  }

  return {
    saveRace: async (race) => {
      remember(race.id, race.isPaused);
      const isHeld = claim.take(race.id);
      await queue.add(async () => {
        await isHeld;
        await writeMuch(async (transaction) => {
          await transaction.objectStore('races').put(recordOfRace(race));
          for (const run of race.runs) await putRun(transaction, race.id, run);
          await transaction.objectStore('state').put(race.id, 'present');
        });
      });
    },
    saveRun: (raceId, run) =>
      queue.replace(`run ${run.id}`, () =>
        writeMuch(async (transaction) => {
          // Deleted meanwhile, here or in another tab: it stays deleted.
          if ((await transaction.objectStore('races').getKey(raceId)) === undefined) return;
          await putRun(transaction, raceId, run);
        }),
      ),
    saveReadings: (raceId, runId, readings) =>
      queue.replace(`readings ${runId}`, () =>
        write(async (transaction) => {
          const runs = transaction.objectStore('runs');
          const record = await runs.get([raceId, runId]);
          if (record) await runs.put({ ...record, readings: [...readings] });
        }),
      ),
    setPaused: (raceId, isPaused) => {
      if (readMemory() === raceId) remember(raceId, isPaused);
      return queue.replace(`paused ${raceId}`, () => changeRace(raceId, { isPaused }));
    },
    setAttackEpsilon: (raceId, attackEpsilon) =>
      queue.replace(`attackEpsilon ${raceId}`, () => changeRace(raceId, { attackEpsilon })),
    list: () => queue.add(list),
    load: (raceId) => queue.add(() => load(raceId)),
    loadPresent: () => queue.add(loadPresent),
    claim: (raceId) => claim.take(raceId),
    release: () => claim.release(),
    close: (raceId) => {
      if (readMemory() === raceId) remember('', false);
      return queue.add(async () => {
        claim.release(raceId);
        await write(async (transaction) => {
          await forget(transaction, raceId);
          const runs = await transaction.objectStore('runs').getAll(rangeOf(raceId));
          const isEmpty = runs.every(({ checkpointStep }) => checkpointStep === null);
          if (isEmpty) await erase(transaction, raceId);
        });
      });
    },
    remove: (raceId) =>
      queue.add(async () => {
        if (await claim.isElsewhere(raceId)) throw raceElsewhere('deleted');
        await write(async (transaction) => {
          await forget(transaction, raceId);
          await erase(transaction, raceId);
        });
      }),
  };
}

/** Writes a run and its checkpoint, unless what is there is newer. */
async function putRun(transaction: RaceTransaction, raceId: string, run: SavedRun): Promise<void> {
  const { checkpoint } = run;
  const record = recordOfRun(raceId, run);
  const runs = transaction.objectStore('runs');
  const known = (await runs.get([raceId, run.id]))?.checkpointStep ?? null;
  const isKnown = known !== null && known >= (checkpoint?.step ?? -1);
  if (isKnown && known > (checkpoint?.step ?? -1)) return;
  await runs.put(record);
  if (checkpoint === null || isKnown) return; // weights of the same step are the same
  await transaction.objectStore('checkpoints').put(recordOfCheckpoint(raceId, run.id, checkpoint));
}

function settingsOf(race: RaceRecord): Omit<SavedRace, 'runs'> {
  const { id, startedAt, isPaused, attackEpsilon, enginePreference } = race;
  return { id, startedAt, isPaused, attackEpsilon, enginePreference };
}

/** Newest first; what has no time comes last. */
function byStart(
  a: { readonly startedAt: number | null },
  b: { readonly startedAt: number | null },
): number {
  return (b.startedAt ?? -1) - (a.startedAt ?? -1);
}

/** A new visit does not go on with this race. */
async function forget(transaction: RaceTransaction, raceId: string): Promise<void> {
  const state = transaction.objectStore('state');
  if ((await state.get('present')) === raceId) await state.delete('present');
}

async function erase(transaction: RaceTransaction, raceId: string): Promise<void> {
  await transaction.objectStore('races').delete(raceId);
  await transaction.objectStore('runs').delete(rangeOf(raceId));
  await transaction.objectStore('checkpoints').delete(rangeOf(raceId));
}

/** Keys of all runs of a race. */
function rangeOf(raceId: string): IDBKeyRange {
  return IDBKeyRange.bound([raceId], [raceId, []]);
}

function abort(transaction: RaceTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

/** Reading the property throws where site data are blocked. */
function findSessionStorage(): Memory | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
