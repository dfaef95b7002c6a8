import type { Attack } from '../../domain/metrics.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { drawableNetworks } from '../runs/answering.ts';
import { pinNetwork } from '../queries/pinnedNetwork.ts';
import { askNetworks } from '../queries/askNetworks.ts';
import { createQuery } from '../queries/createQuery.ts';
import { createTask } from '../queries/createTask.ts';
import { type AttackKind, makeAttack } from '../runs/measurements.ts';
import type { Run } from '../runs/run.ts';
import { type LabReader, onChange, type Slice } from '../slices.ts';
import { findSmallestEpsilon, type Search, targetAttack } from '../queries/smallestEpsilon.ts';
import type {
  AttackedDrawing,
  DrawingAttackResult,
  DrawingSearch,
  DrawingState,
  SearchResult,
} from './drawingState.ts';
import { findFirstDigit } from './firstScreen.ts';
import { findPrediction, type Prediction } from './prediction.ts';

/** While the user draws, attacks are computed at most this often, because predictions come first. */
const pace = { intervalMs: 150, isForAll: true };

interface AttackKey {
  readonly client: TrainingClient;
  readonly input: Float32Array;
  readonly kind: AttackKind;
  readonly target: number | null;
  readonly epsilon: number;
}

export interface DrawingAttacks {
  /** The drawing has changed: earlier results no longer hold. */
  forget(): void;
  search(target: number | null): void;
  cancelSearch(): void;
}

/** Attacks the drawing on every network: with the page's ε, and by a search for the smallest ε. */
export function createDrawingAttacks(
  lab: LabReader,
  drawing: Slice<DrawingState>,
  getClient: () => TrainingClient | null,
): DrawingAttacks {
  const { getState } = lab;
  let copies = 0;
  /** The weights for which the user stopped the search; null if they did not. */
  let stopped: string | null = null;
  /** While results are removed, the drawing is still the one that they were about. */
  let isForgetting = false;

  const attacks = createQuery<AttackKey, DrawingAttackResult, DrawingState>({
    key: () => {
      const client = getClient();
      const { input, attack } = drawing.get();
      if (client === null || input === null || predictedNetworks().length === 0) return null;
      return { client, input, ...attack, epsilon: getState().attackEpsilon };
    },
    version: () => drawing.get().predictions,
    isEnabled: () => drawing.get().isAttackShown,
    isUsable: (older, newest) => older.client === newest.client && older.input === newest.input,
    pace,
    ask: attackAll,
    toState: (attacked) => ({ attacked }),
    update: drawing.update,
    storesStatus: false,
  });

  const searching = createTask<NonNullable<DrawingSearch['trial']>>({
    onProgress: (trial) => updateSearch({ trial }),
    onError: (error) => updateSearch({ error }),
    // A missing network is not reported here, because each search reports it.
    isExpected: (thrown) => thrown instanceof NetworksGone,
  });

  function updateSearch(changes: Partial<DrawingSearch>): void {
    const { search: present } = drawing.get();
    if (present !== null) drawing.update({ search: { ...present, ...changes } });
  }

  /** The networks that have predicted the present drawing. */
  function predictedNetworks(): { id: string; before: Prediction }[] {
    const { predictions, predictedInput, input } = drawing.get();
    if (predictedInput !== input) return [];
    return drawableNetworks(getState()).flatMap(({ id }) => {
      const probabilities = predictions[id];
      return probabilities ? [{ id, before: findPrediction(probabilities) }] : [];
    });
  }

  async function attackAll(
    { client, input, kind, target, epsilon }: AttackKey,
    signal: AbortSignal,
  ): Promise<DrawingAttackResult> {
    const networks = predictedNetworks();
    const attack: Attack = targetAttack(makeAttack(kind, epsilon), target);
    const results: [string, AttackedDrawing][] = [];
    // One network after another, so that a query about a newer drawing waits for one attack at most.
    for (const { id, before } of networks) {
      const labels = Uint8Array.of(before.digit);
      const made = await client.attack(id, { images: input, labels }, attack, signal);
      signal.throwIfAborted();
      const after = findPrediction(made.adversarialProbabilities);
      results.push([id, { before, after, image: made.adversarialImages }]);
    }
    const images = new Float32Array(784 * results.length);
    results.forEach(([, { image }], index) => images.set(image, 784 * index));
    const ids = networks.map(({ id }) => id).join(' ');
    const tested = await askNetworks({ ids }, (id) => client.classify(id, images, signal));
    const transfer = results.map(([source, { after }], index) => {
      // For the source network, use the prediction that is shown: training may have continued since.
      const row = Object.entries(tested).map(([id, outputs]) => [
        id,
        id === source ? after : findPrediction(outputs, index, results.length),
      ]);
      return [source, Object.fromEntries(row) as Record<string, Prediction>] as const;
    });
    return {
      input,
      attack,
      results: Object.fromEntries(results),
      transfer: Object.fromEntries(transfer),
    };
  }

  /** Whether the search was not asked for: training then takes precedence. */
  let isAutomatic = false;

  function search(target: number | null): void {
    const client = getClient();
    const { input } = drawing.get();
    const networks = predictedNetworks();
    const [first] = networks;
    if (client === null || input === null || first === undefined) {
      searching.cancel();
      return;
    }
    stopped = null;
    isAutomatic = false;
    const trial = { networkId: first.id, epsilon: null, done: 0 };
    drawing.update({ search: { target, results: {}, trial, error: null } });
    void searching.start(async (signal, onProgress) => {
      for (const [index, { id }] of networks.entries()) {
        const onTrial: Search['onTrial'] = (epsilon, done, most) =>
          onProgress({ networkId: id, epsilon, done: (index + done / most) / networks.length });
        try {
          const result = await searchOne(client, id, { pixels: input, target, signal, onTrial });
          signal.throwIfAborted();
          updateSearch({ results: { ...drawing.get().search?.results, [id]: result } });
        } catch (thrown) {
          const present = drawableNetworks(getState()).map((network) => network.id);
          const isGone =
            getClient() !== client || networks.some((network) => !present.includes(network.id));
          throw isGone ? new NetworksGone() : thrown;
        }
      }
    });
  }

  /** All trials query the same weights, however far the run trains meanwhile. */
  async function searchOne(
    client: TrainingClient,
    id: string,
    search: Omit<Search, 'before'>,
  ): Promise<SearchResult> {
    const run = getState().runs.find((one) => one.id === id);
    const copyId = `pinned ${id} ${++copies}`;
    const pinned = await pinNetwork(client, id, run, copyId, search.signal);
    try {
      const before = findPrediction(await client.classify(pinned.id, search.pixels, search.signal));
      search.signal.throwIfAborted();
      if (before.digit === search.target) {
        const none = { found: null, failedEpsilon: 0, trials: 0, provenEpsilon: null };
        return { ...none, before, step: pinned.step };
      }
      const result = await findSmallestEpsilon(
        (images, attack) => client.attack(pinned.id, images, attack, search.signal),
        { ...search, before: before.digit },
      );
      const provenEpsilon =
        search.target === null
          ? await client.provenEpsilon(pinned.id, search.pixels, before.digit, search.signal)
          : null;
      return { ...result, provenEpsilon, before, step: pinned.step };
    } finally {
      pinned.release();
    }
  }

  function forget(): void {
    isForgetting = true;
    stopped = null;
    searching.cancel();
    const { attacked, search: present } = drawing.get();
    if (attacked !== null || present !== null) drawing.update({ attacked: null, search: null });
    isForgetting = false;
  }

  function cancelSearch(): void {
    if ((drawing.get().search?.trial ?? null) === null) return;
    stopped = describeWeights();
    searching.cancel();
  }

  /** The networks that a search would be about. */
  function describeWeights(): string {
    const { runs } = getState();
    return predictedNetworks()
      .map(({ id }) => `${id} ${stepOf(runs, id) ?? ''}`)
      .join();
  }

  /** Searches by itself once the pen is up, but not while training needs the worker. */
  function searchWhenIdle(): void {
    const { runs } = getState();
    const { isAttackShown, isPenDown, search: present } = drawing.get();
    const isTraining = runs.some(({ status }) =>
      ['starting', 'running', 'pausing'].includes(status),
    );
    if (isForgetting || !isAttackShown || isPenDown) return;
    if (isTraining) {
      if (isAutomatic && (present?.trial ?? null) !== null) searching.cancel();
      return;
    }
    if (isSearchDone(present)) return;
    search(null);
    isAutomatic = true;
  }

  /** Whether nothing is to be searched: it is under way, was stopped, has failed, or holds for the networks as they are. */
  function isSearchDone(present: DrawingSearch | null): boolean {
    const { runs } = getState();
    const networks = predictedNetworks();
    if (networks.length === 0 || stopped === describeWeights()) return true;
    const isOfRuns = runs.some(({ hasNetwork }) => hasNetwork);
    // The page comes with these results.
    if (!isOfRuns && findFirstDigit(drawing.get()) >= 0) return true;
    if (present === null) return false;
    if (present.trial !== null || present.error !== null) return true;
    return networks.every(({ id }) => present.results[id]?.step === stepOf(runs, id));
  }

  onChange(lab, ['drawing', 'attackEpsilon', 'runs', 'pretrained', 'customData'], () => {
    attacks.refresh();
    searchWhenIdle();
  });

  return { forget, search, cancelSearch };
}

/** Weight updates of a network, or null if no run trains it. */
function stepOf(runs: readonly Run[], id: string): number | null {
  return runs.find((run) => run.id === id)?.progress?.step ?? null;
}

/** Thrown in a search whose networks were removed. */
class NetworksGone extends Error {
  override readonly message = 'The networks of the search are gone.';
}
