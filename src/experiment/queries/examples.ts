import type { CustomData } from '../../domain/dataSet.ts';
import type { LabelledImages, TrainingClient } from '../../worker/client.ts';
import { answeringNetworks, weightsVersion } from '../runs/answering.ts';
import { areStillThere, type AskedNetworks, askNetworks, networksToAsk } from './askNetworks.ts';
import { createQuery } from './createQuery.ts';
import { makeAttack } from '../runs/measurements.ts';
import { type LabReader, onChange, type Slice } from '../slices.ts';
import { exampleCount, type Examples } from '../state.ts';
import { testCountOf } from '../runs/wholeCount.ts';

/** While runs train, the examples are evaluated again at most this often. */
const pace = { intervalMs: 500 };

interface ImagesKey {
  readonly client: TrainingClient;
  readonly dataSet: CustomData | null;
  readonly first: number;
}

interface AttackKey extends AskedNetworks {
  readonly images: LabelledImages;
  readonly epsilon: number;
}

/** Loads test images and evaluates every network on them, clean and attacked. */
export function createExamples(
  lab: LabReader,
  examples: Slice<Examples>,
  getClient: () => TrainingClient | null,
) {
  const { getState } = lab;

  const images = createQuery<ImagesKey, LabelledImages, Examples>({
    key: () => {
      const client = getClient();
      const { first, images: loaded, loadedFirst } = examples.get();
      if (client === null || (loaded !== null && loadedFirst === first)) return null;
      // A link may name an image beyond the end of this test set.
      const isThere = first < testCountOf(getState());
      return { client, dataSet: getState().customData.loaded, first: isThere ? first : 0 };
    },
    ask: ({ client, first }, signal) =>
      client.testImages(first, Math.min(exampleCount, testCountOf(getState()) - first), signal),
    toState: (loaded, { first }) => ({ images: loaded, first, loadedFirst: first, results: {} }),
    update: examples.update,
    storesStatus: false,
    isExpected: () => false,
  });

  const results = createQuery<AttackKey, Examples['results'], Examples>({
    key: findAttackKey,
    version: () => weightsVersion(getState()),
    isUsable: (older, newest) => older.images === newest.images && areStillThere(older, newest),
    pace,
    ask: (key, signal) => {
      const attack = makeAttack('fgsm', key.epsilon);
      return askNetworks(key, (id) => key.client.attack(id, key.images, attack, signal));
    },
    toState: (found) => ({ results: found }),
    update: examples.update,
  });

  function findAttackKey(): AttackKey | null {
    const { runs, attackEpsilon: epsilon } = getState();
    const { images: shown, results: known } = examples.get();
    const networks = answeringNetworks(getState());
    const asked = networksToAsk(getClient(), networks);
    if (asked === null || shown === null) return null;
    // Pretrained networks do not replace the predictions of an experiment whose networks were lost.
    const isOfExperiment = networks.some((network) => 'progress' in network);
    if (!isOfExperiment && runs.some(({ id }) => id in known)) return null;
    return { ...asked, images: shown, epsilon };
  }

  onChange(lab, ['examples', 'customData', 'engine', 'runs'], () => images.refresh());
  onChange(lab, ['examples', 'customData', 'engine', 'runs', 'pretrained', 'attackEpsilon'], () =>
    results.refresh(),
  );

  return {
    /** Loads the images if they are not there. */
    load: () => {
      examples.update({ error: null });
      images.retry();
    },
    next: () => examples.update({ first: examples.get().first + exampleCount, error: null }),
  };
}
