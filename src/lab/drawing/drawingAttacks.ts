import type { StoreApi } from 'zustand/vanilla';
import { reportError } from '../../shared/errors.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { drawableNetworks } from '../answering.ts';
import { makeAttack } from '../readings.ts';
import { createRefresher } from '../refresher.ts';
import { aimAttack, findSmallestEpsilon, type Search } from '../smallestEpsilon.ts';
import type { LabState } from '../state.ts';
import { holdStill } from '../stillNetwork.ts';
import { type Answer, findAnswer } from './answer.ts';
import type { AttackedDrawing, DrawingSearch, DrawingState, SearchResult } from './drawingState.ts';
import { isOldNews } from '../oldNews.ts';

/** Attacks are made at most this often while somebody draws: the answers go first. */
const intervalMs = 150;

export interface DrawingAttacks {
  /** Attacks the drawing again, soon. */
  refresh(): void;
  /** The drawing is another one: what was found of it no longer holds. */
  forget(): void;
  search(towards: number | null): void;
  cancelSearch(): void;
  cancel(): void;
}

/** Attacks the drawing on every network, as it stands and with the smallest ε. */
export function createDrawingAttacks(
  { getState, setState }: Pick<StoreApi<LabState>, 'getState' | 'setState'>,
  getClient: () => TrainingClient | null,
): DrawingAttacks {
  const refresher = createRefresher(attackAll, { intervalMs });
  let searching: AbortController | null = null;
  let copies = 0;

  function get(): DrawingState {
    return getState().drawing;
  }

  function set(changes: Partial<DrawingState>): void {
    setState({ drawing: { ...get(), ...changes } });
  }

  /** Those that have answered to the drawing, with what they answered. */
  function answered(): { id: string; before: Answer }[] {
    const { answers, answeredInput, input } = get();
    if (answeredInput !== input) return []; // the answers to what is drawn now are on their way
    return drawableNetworks(getState()).flatMap(({ id }) => {
      const probabilities = answers[id];
      return probabilities ? [{ id, before: findAnswer(probabilities) }] : [];
    });
  }

  async function attackAll(): Promise<void> {
    const asked = getClient();
    const { input, attack: wanted, isAttackShown } = get();
    const networks = answered();
    if (asked === null || input === null || networks.length === 0 || !isAttackShown) return;
    const { attackEpsilon } = getState();
    const attack = aimAttack(makeAttack(wanted.kind, attackEpsilon), wanted.towards);
    const isLate = (): boolean => getClient() !== asked || get().input !== input;
    try {
      const results: [string, AttackedDrawing][] = [];
      // One network after the other: a question about what is drawn meanwhile waits for one attack at most.
      for (const { id, before } of networks) {
        const labels = Uint8Array.of(before.digit);
        const made = await asked.attack(id, { images: input, labels }, attack);
        if (isLate()) return;
        const image = made.adversarialImages;
        const after = findAnswer(made.adversarialProbabilities);
        results.push([id, { before, after, image }]);
      }
      const images = new Float32Array(784 * results.length);
      results.forEach(([, { image }], index) => images.set(image, 784 * index));
      const tried = await Promise.all(
        networks.map(async ({ id }) => [id, await asked.classify(id, images)] as const),
      );
      if (isLate()) return;
      const transfer = results.map(([madeOn], index) => {
        // On its own network, the answer that is shown: training may have gone on since.
        const answers = tried.map(([triedOn, outputs]) => [
          triedOn,
          triedOn === madeOn ? results[index]![1].after : findAnswer(outputs, index),
        ]);
        return [madeOn, Object.fromEntries(answers) as Record<string, Answer>] as const;
      });
      set({
        attacked: {
          input,
          attack,
          results: Object.fromEntries(results),
          transfer: Object.fromEntries(transfer),
        },
      });
    } catch (thrown) {
      if (!isLate()) fail(thrown);
    }
  }

  /** A dead worker is told of elsewhere; a run that was reset meanwhile is no news. */
  function fail(thrown: unknown): void {
    if (!isOldNews(thrown)) set({ error: reportError(thrown) });
  }

  async function search(towards: number | null): Promise<void> {
    stop();
    const asked = getClient();
    const { input } = get();
    const networks = answered();
    if (asked === null || input === null || networks.length === 0) return;
    const mine = new AbortController();
    searching = mine;
    const { signal } = mine;
    function report(changes: Partial<DrawingSearch>): void {
      const before = get().search ?? { towards, results: {}, trial: null, error: null };
      set({ search: { ...before, ...changes } });
    }
    const first = { networkId: networks[0]!.id, epsilon: null, done: 0 };
    set({ search: { towards, results: {}, trial: first, error: null } });
    try {
      for (const [index, { id }] of networks.entries()) {
        const onTrial: Search['onTrial'] = (epsilon, done, most) =>
          report({
            trial: { networkId: id, epsilon, done: (index + done / most) / networks.length },
          });
        const result = await searchOne(asked, id, { pixels: input, towards, signal, onTrial });
        signal.throwIfAborted();
        const { results } = get().search ?? { results: {} };
        report({ results: { ...results, [id]: result } });
      }
    } catch (thrown) {
      // Only a network that is gone is no news.
      const present = drawableNetworks(getState()).map(({ id }) => id);
      const isGone = getClient() !== asked || networks.some(({ id }) => !present.includes(id));
      if (!signal.aborted && !isGone) report({ error: reportError(thrown) });
    } finally {
      if (searching === mine) {
        searching = null;
        report({ trial: null });
      }
    }
  }

  /** All trials ask one and the same network, however far its run trains meanwhile. */
  async function searchOne(
    asked: TrainingClient,
    id: string,
    search: Omit<Search, 'answer'>,
  ): Promise<SearchResult> {
    const run = getState().runs.find((one) => one.id === id);
    const still = await holdStill(asked, id, run, `still ${id} ${++copies}`, search.signal);
    try {
      const before = findAnswer(await asked.classify(still.id, search.pixels));
      search.signal.throwIfAborted();
      if (before.digit === search.towards) {
        return { found: null, failedEpsilon: 0, trials: 0, before, step: still.step };
      }
      const result = await findSmallestEpsilon(
        async (images, attack) => await asked.attack(still.id, images, attack),
        { ...search, answer: before.digit },
      );
      return { ...result, before, step: still.step };
    } finally {
      still.release();
    }
  }

  /** Ends the search under way; what it has found stays. */
  function stop(): void {
    searching?.abort();
    searching = null;
    const { search: present } = get();
    if (present !== null && present.trial !== null) set({ search: { ...present, trial: null } });
  }

  function forget(): void {
    stop();
    if (get().attacked !== null || get().search !== null) set({ attacked: null, search: null });
  }

  return {
    refresh: () => refresher.soon(),
    forget,
    search: (towards) => void search(towards),
    cancelSearch: stop,
    cancel: () => {
      refresher.cancel();
      stop();
    },
  };
}
