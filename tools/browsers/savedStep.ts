/** In the page: the earliest checkpoint's step of the experiment on the page; 0 before every run has one. */
export async function readSavedStep(runCount: number): Promise<number> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  const database = await answer(indexedDB.open('adversarial-gradient-lab'));
  try {
    const stores = database.transaction(['state', 'experiments']);
    const present: unknown = await answer(stores.objectStore('state').get('present'));
    const experiment = (await answer(stores.objectStore('experiments').get(String(present)))) as
      | { runs: { checkpointStep: number | null }[] }
      | undefined;
    const steps = experiment?.runs.map(({ checkpointStep }) => checkpointStep ?? 0) ?? [];
    return steps.length === runCount ? Math.min(...steps) : 0;
  } finally {
    database.close();
  }
}
