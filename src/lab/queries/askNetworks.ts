/** Asks several networks at once. @returns their answers by id, once all are there */
export async function askNetworks<A>(
  ids: readonly string[],
  ask: (id: string) => Promise<A>,
  onProgress?: (done: number, total: number) => void,
): Promise<Readonly<Record<string, A>>> {
  let done = 0;
  onProgress?.(done, ids.length);
  const answers = await Promise.all(
    ids.map(async (id) => {
      const answer = await ask(id);
      onProgress?.(++done, ids.length);
      return [id, answer] as const;
    }),
  );
  return Object.fromEntries(answers);
}
