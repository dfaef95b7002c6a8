import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { CheckpointRecord, RaceRecord, RunRecord } from './keptRecords.ts';
import {
  explainStorageError,
  storageBlocked,
  storageMissing,
  storageOutdated,
  storageSilent,
} from './storageErrors.ts';

/** Raised when records change their form; `upgrade` then brings older ones along. */
const schemaVersion = 1;
/** Some browsers never answer when their storage is broken. */
const patienceMs = 10_000;

/** What is written has the form of its record; what is read back may be anything. */
export interface RaceSchema extends DBSchema {
  races: { key: string; value: RaceRecord };
  /** Settings and measurements, by race and run: a list of races reads no weights. */
  runs: { key: [raceId: string, runId: string]; value: RunRecord };
  checkpoints: { key: [raceId: string, runId: string]; value: CheckpointRecord };
  /** `present`: id of the race that a new visit goes on with. */
  state: { key: 'present'; value: string };
}
type Database = IDBPDatabase<RaceSchema>;

/** A connection that is opened when it is first needed, and again after it was lost. */
export class RaceDatabase {
  readonly #name: string;
  readonly #version: number;
  #opened: Promise<Database> | null = null;
  #isOutdated = false;

  /** @param version of the schema; tests have others */
  constructor(name: string, version = schemaVersion) {
    this.#name = name;
    this.#version = version;
  }

  /** Works on the database. @throws LabError 'storage-failed' that says what failed and what to do */
  async use<T>(work: (database: Database) => Promise<T>): Promise<T> {
    try {
      this.#opened ??= this.#open();
      return await work(await this.#opened);
    } catch (thrown) {
      const isLost = !(thrown instanceof Error) || thrown.name !== 'QuotaExceededError';
      if (isLost) this.#close();
      throw explainStorageError(thrown);
    }
  }

  #close(): void {
    this.#opened?.then(
      (database) => database.close(),
      () => undefined,
    );
    this.#opened = null;
  }

  #open(): Promise<Database> {
    if (this.#isOutdated) return Promise.reject(storageOutdated());
    // Reading the property itself throws in some sandboxes; `use` explains that, too.
    if (!(globalThis as { indexedDB?: IDBFactory | null }).indexedDB) {
      return Promise.reject(storageMissing());
    }
    return new Promise<Database>((resolve, reject) => {
      let isGivenUp = false;
      const giveUp = (error: unknown): void => {
        clearTimeout(timer);
        isGivenUp = true;
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const timer = setTimeout(() => giveUp(storageSilent(patienceMs / 1000)), patienceMs);
      openDB<RaceSchema>(this.#name, this.#version, {
        upgrade: (database, oldVersion) => {
          if (oldVersion < 1) createStores(database);
        },
        blocked: () => giveUp(storageBlocked()),
        blocking: (_, wantedVersion) => {
          // Another tab upgrades, or a person deletes the site's data: never stand in the way.
          this.#isOutdated = wantedVersion !== null;
          this.#close();
        },
        terminated: () => (this.#opened = null),
      }).then((database) => {
        clearTimeout(timer);
        if (isGivenUp) database.close();
        else resolve(database);
      }, giveUp);
    });
  }
}

function createStores(database: Database): void {
  database.createObjectStore('races', { keyPath: 'id' });
  database.createObjectStore('runs', { keyPath: ['raceId', 'id'] });
  database.createObjectStore('checkpoints', { keyPath: ['raceId', 'id'] });
  database.createObjectStore('state');
}
