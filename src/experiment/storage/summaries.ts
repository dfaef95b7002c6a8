import type { Transaction } from './database.ts';
import { readSummary } from './records.ts';
import type { ExperimentList, ListedExperiment, UnreadableExperiment } from './types.ts';

/** What is known of any experiment, also of a damaged one. */
type Entry = UnreadableExperiment;

/** All saved experiments, newest first, from the keys of an index: it reads no record. */
export async function listEntries(transaction: Transaction<'readonly'>): Promise<Entry[]> {
  const store = transaction.objectStore('summaries');
  const entries = new Map<string, Entry>();
  let cursor = await store.index('newest').openKeyCursor();
  while (cursor !== null) {
    const [startedAt, bytes] = cursor.key as readonly unknown[];
    const isWhole = typeof startedAt === 'number' && typeof bytes === 'number';
    const id = cursor.primaryKey;
    entries.set(id, isWhole ? { id, startedAt, bytes } : { id, startedAt: null, bytes: 0 });
    cursor = await cursor.continue();
  }
  // The index lacks damaged records without a time or a size.
  const missing = (await store.getAllKeys()).filter((id) => !entries.has(id));
  return [...entries.values(), ...missing.map((id) => ({ id, startedAt: null, bytes: 0 }))].sort(
    (a, b) => (b.startedAt ?? -1) - (a.startedAt ?? -1),
  );
}

interface Wanted {
  readonly atMost: number;
  /** Id of one that is listed even if it is older. */
  readonly always: string | null;
  /** Ids of experiments that cannot be read, whatever their summaries say. */
  readonly damaged: ReadonlySet<string>;
}

/** Lists the newest experiments from their summaries. */
export async function listNewest(
  transaction: Transaction<'readonly'>,
  { atMost, always, damaged }: Wanted,
): Promise<ExperimentList> {
  const entries = await listEntries(transaction);
  const listed = entries.filter(({ id }, at) => at < atMost || id === always);
  const store = transaction.objectStore('summaries');
  const records = await Promise.all(listed.map(({ id }) => store.get(id)));
  const experiments: ListedExperiment[] = [];
  const unreadable: UnreadableExperiment[] = [];
  for (const [at, entry] of listed.entries()) {
    const experiment = damaged.has(entry.id) ? null : readSummary(records[at]);
    if (experiment === null) unreadable.push(entry);
    else experiments.push(experiment);
  }
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return { experiments, unreadable, count: entries.length, bytes };
}
