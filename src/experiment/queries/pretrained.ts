import type { NetworkToLoad, TrainingClient } from '../../worker/client.ts';
import type { PretrainedNetwork } from './pretrainedNetwork.ts';
import { createQuery } from './createQuery.ts';
import { type LabReader, onChange } from '../slices.ts';
import type { LabState } from '../state.ts';

/** A fetched network: the description for the lab and the parameters for the worker. */
export interface PretrainedFile {
  readonly network: PretrainedNetwork;
  readonly parameters: Pick<NetworkToLoad, 'step' | 'layers'>;
}

/**
 * Loads the pretrained networks into the current engine.
 *
 * @param fetchAll called at once, and again for each engine while it has failed; null if there are none
 */
export function createPretrained(
  lab: LabReader,
  update: (changes: Partial<Pick<LabState, 'pretrained' | 'pretrainedError'>>) => void,
  getClient: () => TrainingClient | null,
  fetchAll: (() => Promise<readonly PretrainedFile[]>) | null,
): void {
  let fetching: Promise<readonly PretrainedFile[]> | null = null;

  function fetchOnce(): Promise<readonly PretrainedFile[]> {
    if (fetching !== null) return fetching;
    fetching = fetchAll?.() ?? Promise.resolve([]);
    fetching.catch(() => (fetching = null)); // the query reports it
    return fetching;
  }

  const networks = createQuery<
    { client: TrainingClient },
    LabState['pretrained'],
    Pick<LabState, 'pretrained'>
  >({
    key: () => {
      const client = getClient();
      return client !== null && lab.getState().engine.status === 'ready' ? { client } : null;
    },
    ask: async ({ client }, signal) => {
      const files = await fetchOnce();
      signal.throwIfAborted();
      await Promise.all(
        files.map(({ network: { id, config }, parameters }) =>
          client.load({ runId: id, config, ...parameters }, signal),
        ),
      );
      return files.map(({ network }) => ({ ...network, hasNetwork: true }));
    },
    toState: (pretrained) => ({ pretrained }),
    update: ({ pretrained = lab.getState().pretrained, error = null }) =>
      update({ pretrained, pretrainedError: error }),
    storesStatus: false,
  });

  onChange(lab, ['engine'], () => {
    const { engine, pretrained } = lab.getState();
    if (engine.status !== 'ready' && pretrained.some(({ hasNetwork }) => hasNetwork)) {
      update({ pretrained: pretrained.map((network) => ({ ...network, hasNetwork: false })) });
    }
    networks.refresh();
  });
  void fetchOnce();
}
