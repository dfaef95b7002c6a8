import { type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { explainStorageError, unavailable } from './errors.ts';
import { upgrade } from './migrations.ts';
import type { ExperimentSchema } from './records.ts';

/** Raise it when a record changes its form, and convert older records in migrations.ts. */
const schemaVersion = 3;
/** Some browsers never respond when their storage is broken. */
const timeoutMs = 10_000;

type Connection = IDBPDatabase<ExperimentSchema>;
type Stores = StoreNames<ExperimentSchema>[];
export type Transaction<M extends IDBTransactionMode = 'readwrite'> = IDBPTransaction<
  ExperimentSchema,
  Stores,
  M
>;

const stores: Stores = ['experiments', 'summaries', 'curves', 'checkpoints', 'state'];

/**
 * Runs transactions on a connection that opens with the first one, and reopens after it was lost. Each
 * transaction has all stores, so IndexedDB runs them one after another in call order.
 */
export class ExperimentDatabase {
  readonly #name: string;
  #connection: Promise<Connection> | null = null;
  /** Another tab has a newer version of the page, which has upgraded the database. */
  #isOutdated = false;

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Completes all of the work, or none of it.
   *
   * @throws LabError 'storage-failed' that says what failed and what to do
   */
  async transact<M extends IDBTransactionMode, T>(
    mode: M,
    work: (transaction: Transaction<M>) => Promise<T>,
  ): Promise<T> {
    try {
      this.#connection ??= this.#open();
      return await run((await this.#connection).transaction(stores, mode), work);
    } catch (thrown) {
      if (!(thrown instanceof Error && thrown.name === 'QuotaExceededError')) this.#close();
      throw explainStorageError(thrown);
    }
  }

  #close(): void {
    this.#connection?.then((connection) => connection.close()).catch(() => undefined);
    this.#connection = null;
  }

  #open(): Promise<Connection> {
    if (this.#isOutdated) {
      throw unavailable(
        'Another tab runs a newer version of this page and has taken over the stored experiments.',
        'Reload this tab when its experiment is finished.',
      );
    }
    // Reading the property throws in some sandboxes.
    if (!(globalThis as { indexedDB?: IDBFactory | null }).indexedDB) {
      throw unavailable(
        'This browser offers the page no storage (IndexedDB).',
        'Leave private browsing, or allow this site to store data.',
      );
    }
    let refuse: (error: Error) => void = () => undefined;
    const refused = new Promise<never>((_, reject) => (refuse = reject));
    const opening = openDB<ExperimentSchema>(this.#name, schemaVersion, {
      upgrade,
      blocked: () =>
        refuse(
          unavailable(
            'Another tab holds an older version of the stored experiments.',
            'Close or reload the other tabs of this page.',
          ),
        ),
      blocking: (_, wantedVersion) => {
        // Another tab upgrades, or the site's data are being deleted: do not block either.
        this.#isOutdated = wantedVersion !== null;
        this.#close();
      },
      terminated: () => (this.#connection = null),
    });
    const beSilent = (): void =>
      refuse(
        unavailable(
          `The browser’s storage (IndexedDB) did not answer within ${timeoutMs / 1000} s.`,
          'Restart the browser to save the next experiment.',
        ),
      );
    const timer = setTimeout(beSilent, timeoutMs);
    refused.catch(() => opening.then((late) => late.close())).catch(() => undefined);
    return Promise.race([opening, refused]).finally(() => clearTimeout(timer));
  }
}

async function run<M extends IDBTransactionMode, T>(
  transaction: Transaction<M>,
  work: (transaction: Transaction<M>) => Promise<T>,
): Promise<T> {
  try {
    const result = await work(transaction);
    await transaction.done;
    return result;
  } catch (thrown) {
    try {
      transaction.abort();
    } catch {
      // It has ended already.
    }
    await transaction.done.catch(() => undefined);
    // A full disk shows only at the commit, as the transaction's own error.
    throw transaction.error ?? thrown;
  }
}
