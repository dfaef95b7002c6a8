import type { TrainingClient } from '../../worker/client.ts';

/** The networks that a question goes to: part of a query's key. */
export interface AskedNetworks {
  readonly client: TrainingClient;
  /** Separated by spaces, so that equal lists are equal texts. */
  readonly ids: string;
}

/** Null where nobody can answer. */
export function networksToAsk(
  client: TrainingClient | null,
  networks: readonly { readonly id: string }[],
): AskedNetworks | null {
  if (client === null || networks.length === 0) return null;
  return { client, ids: networks.map(({ id }) => id).join(' ') };
}

/** Whether all networks of an older question are still there to be asked. */
export function areStillThere(older: AskedNetworks, newest: AskedNetworks): boolean {
  const ids = newest.ids.split(' ');
  return older.client === newest.client && older.ids.split(' ').every((id) => ids.includes(id));
}

/** Asks all networks at once. @returns their answers by id, once all are there */
export async function askNetworks<A>(
  { ids }: Pick<AskedNetworks, 'ids'>,
  ask: (id: string) => Promise<A>,
  onProgress?: (done: number, total: number) => void,
): Promise<Readonly<Record<string, A>>> {
  const all = ids.split(' ');
  let done = 0;
  onProgress?.(done, all.length);
  const answers = await Promise.all(
    all.map(async (id) => {
      const answer = await ask(id);
      onProgress?.(++done, all.length);
      return [id, answer] as const;
    }),
  );
  return Object.fromEntries(answers);
}
