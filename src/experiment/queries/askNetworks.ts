import type { TrainingClient } from '../../worker/client.ts';

/** The networks that a query is sent to: part of its key. */
export interface AskedNetworks {
  readonly client: TrainingClient;
  /** Separated by spaces, so that equal lists are equal texts. */
  readonly ids: string;
}

/** Null if no network can be queried. */
export function networksToAsk(
  client: TrainingClient | null,
  networks: readonly { readonly id: string }[],
): AskedNetworks | null {
  if (client === null || networks.length === 0) return null;
  return { client, ids: networks.map(({ id }) => id).join(' ') };
}

/** Whether all networks of an older query still exist. */
export function areStillThere(older: AskedNetworks, newest: AskedNetworks): boolean {
  const ids = newest.ids.split(' ');
  return older.client === newest.client && older.ids.split(' ').every((id) => ids.includes(id));
}

/** Queries all networks at once. @returns their results by id, once all have arrived */
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
