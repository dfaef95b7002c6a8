import type { StoreApi } from 'zustand/vanilla';
import type { AttackPredictions, Pictures } from '../../domain/analysis/inspection.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { createQuery, type Query } from '../queries/createQuery.ts';
import { findCellImages } from './confusion.ts';
import type { CellPlace, InsideState, OpenCell } from './insideState.ts';

/** Images of a cell that are shown at first, and added by each press. */
export const samplesPerPage = 24;
/** Maximum number of images in one query. */
export const maxSamples = 96;

interface SamplesKey extends CellPlace {
  readonly client: TrainingClient;
  readonly answer: AttackPredictions;
  readonly wanted: number;
}

/** Requests the images of the open cell from the network of its confusion matrix. */
export function createCellSamples(
  { getState, setState }: Pick<StoreApi<InsideState>, 'getState' | 'setState'>,
  getClient: () => TrainingClient | null,
): Query {
  function update(changes: Partial<OpenCell>): void {
    const { cell } = getState();
    if (cell !== null) setState({ cell: { ...cell, ...changes } });
  }

  return createQuery<SamplesKey, Pictures | null, OpenCell>({
    key: () => {
      const client = getClient();
      const { cell, attackPredictions } = getState();
      // The images belong to the newest predictions, which may still be on their way.
      if (client === null || cell === null || attackPredictions.isPending) return null;
      const { networkId, isAttacked, label, prediction, wanted } = cell;
      const answer = attackPredictions.answers[networkId]?.answer;
      if (answer === undefined) return null;
      return { client, answer, networkId, isAttacked, label, prediction, wanted };
    },
    ask: async ({ client, answer, networkId, isAttacked, label, prediction, wanted }, signal) => {
      const { predictions } = isAttacked ? answer.attacked : answer.clean;
      const indices = findCellImages(answer.labels, predictions, label, prediction);
      update({ indices });
      if (indices.length === 0) return null;
      const question = {
        kind: 'samples',
        attack: answer.attack,
        indices: indices.slice(0, wanted),
      } as const;
      return (await client.inspect(networkId, question, signal)).answer;
    },
    toState: (samples) => ({ samples }),
    update,
    storesStatus: false,
  });
}
