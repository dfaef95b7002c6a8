import type { LabelledImages, TrainingClient } from '../../worker/client.ts';
import { findPrediction } from '../drawing/prediction.ts';
import type { Run } from '../runs/run.ts';
import { pinNetwork } from './pinnedNetwork.ts';
import { findSmallestEpsilon } from './smallestEpsilon.ts';

/** Test digits whose smallest change is searched, the first ones. */
export const searchedDigits = 200;

/** The smallest ε that was found to fool a network, for each of the first test digits. */
export interface SmallestChanges {
  /** Weight updates of the network; null for one that no run trains. */
  readonly step: number | null;
  /**
   * [digits searched so far], multiples of 1/256: 0 for a digit that is misread without any change, Infinity where no ε up to
   * the largest one changed the prediction.
   */
  readonly epsilons: Float32Array;
}

export interface SmallestSearch {
  readonly networkIds: readonly string[];
  readonly count: number;
  /** The run of a network; undefined if no run trains it. */
  readonly runOf: (id: string) => Run | undefined;
  /** Called after each digit. */
  readonly onFound: (id: string, changes: SmallestChanges) => void;
}

type Part = (client: TrainingClient, signal: AbortSignal) => Promise<void>;
type Pinned = Awaited<ReturnType<typeof pinNetwork>>;

let copies = 0;

/**
 * The parts of a search for the smallest ε of many digits: each is one digit, shown to all networks by the search that the pad
 * uses (`findSmallestEpsilon`). The networks are pinned first, so that all digits are shown to the same weights.
 */
export function makeSmallestSearch({ networkIds, count, runOf, onFound }: SmallestSearch): {
  readonly parts: readonly Part[];
  /** Frees the copies of networks. */
  readonly release: () => void;
} {
  const pins = new Map<string, Pinned>();
  const found = new Map(networkIds.map((id) => [id, [] as number[]]));
  let digits: LabelledImages | null = null;

  const prepare: Part = async (client, signal) => {
    digits = await client.testImages(0, count, signal);
    for (const id of networkIds) {
      const copyId = `searched ${id} ${++copies}`;
      pins.set(id, await pinNetwork(client, id, runOf(id), copyId, signal));
    }
  };

  const search =
    (index: number): Part =>
    async (client, signal) => {
      const { images, labels } = digits!;
      if (index >= labels.length) return;
      const size = images.length / labels.length;
      const pixels = images.slice(index * size, (index + 1) * size);
      const searchOn = async (id: string) => {
        const { id: pinned, step } = pins.get(id)!;
        const before = findPrediction(await client.classify(pinned, pixels, signal)).digit;
        let epsilon = 0;
        if (before === labels[index]) {
          const { found: smallest } = await findSmallestEpsilon(
            (copied, attack) => client.attack(pinned, copied, attack, signal),
            { pixels, before, target: null, signal, onTrial: () => undefined },
          );
          epsilon = smallest?.epsilon ?? Infinity;
        }
        signal.throwIfAborted();
        const epsilons = found.get(id)!;
        epsilons.push(epsilon);
        onFound(id, { step, epsilons: Float32Array.from(epsilons) });
      };
      await Promise.all(networkIds.map(searchOn));
    };

  return {
    // Preparing belongs to the first digit, so that the parts are as many as the digits.
    parts: Array.from({ length: count }, (_, index): Part => async (client, signal) => {
      if (index === 0) await prepare(client, signal);
      await search(index)(client, signal);
    }),
    release: () => {
      for (const pinned of pins.values()) pinned.release();
      pins.clear();
    },
  };
}
