import type { StoreApi } from 'zustand/vanilla';
import { reportError } from '../shared/errors.ts';
import type { TrainingClient } from '../worker/client.ts';
import { answeringNetworks } from './answering.ts';
import { makeAttack } from './readings.ts';
import { createRefresher, type Refresher } from './refresher.ts';
import { exampleCount, type LabState } from './state.ts';
import { testCountOf } from './wholeCount.ts';
import { isOldNews } from './oldNews.ts';

/** Examples are asked about again at most this often while runs train. */
const exampleIntervalMs = 500;

/** Keeps the examples' answers up to date. */
export interface ExampleKeeper extends Refresher {
  load(first: number): Promise<void>;
  next(): void;
}

/** Loads test digits and asks every network about them, one request at a time. */
export function createExamples(
  { getState, setState }: Pick<StoreApi<LabState>, 'getState' | 'setState'>,
  getClient: () => TrainingClient | null,
): ExampleKeeper {
  const refresher = createRefresher(attackAll, { intervalMs: exampleIntervalMs });

  function set(changes: Partial<LabState['examples']>): void {
    setState({ examples: { ...getState().examples, ...changes } });
  }

  async function load(wanted: number): Promise<void> {
    const asked = getClient();
    if (asked === null) return;
    const available = testCountOf(getState());
    const first = wanted < available ? wanted : 0; // a link may name an image of a larger set
    set({ first, error: null });
    const { loaded } = getState().ownData;
    const isLate = (): boolean =>
      getClient() !== asked ||
      getState().examples.first !== first ||
      getState().ownData.loaded !== loaded;
    try {
      const images = await asked.testImages(first, Math.min(exampleCount, available - first));
      if (isLate()) return;
      set({ images, results: {} });
      refresher.now();
    } catch (thrown) {
      if (!isLate()) set({ error: reportError(thrown) });
    }
  }

  async function attackAll(): Promise<void> {
    const asked = getClient();
    const { raceId, runs, examples, attackEpsilon } = getState();
    const { images, results: shown } = examples;
    if (asked === null || images === null) return;
    const ids = answeringNetworks(getState()).map(({ id }) => id);
    // Pretrained networks do not take the place of what a race said before its networks were lost.
    if (runs.some(({ id }) => id in shown) && !runs.some(({ id }) => ids.includes(id))) return;
    const isLate = (): boolean =>
      getClient() !== asked ||
      getState().raceId !== raceId ||
      getState().examples.images !== images;
    if (ids.length === 0) return;
    set({ isAttacking: true });
    try {
      const attack = makeAttack('fgsm', attackEpsilon);
      const results = await Promise.all(
        ids.map(async (id) => [id, await asked.attack(id, images, attack)] as const),
      );
      if (!isLate()) set({ results: Object.fromEntries(results), error: null });
    } catch (thrown) {
      if (!isLate() && !isOldNews(thrown)) set({ error: reportError(thrown) });
    } finally {
      set({ isAttacking: false });
    }
  }

  return {
    ...refresher,
    load,
    next: () => void load(getState().examples.first + exampleCount),
  };
}
