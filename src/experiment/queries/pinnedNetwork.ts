import type { TrainingClient } from '../../worker/client.ts';
import type { Run } from '../runs/run.ts';

/**
 * Pins a network for queries that belong together, so that its weights do not change until it is released: makes a copy if its run may still train, and uses the network
 * itself if the run has finished or the network is pretrained.
 *
 * @param run the run of the network; undefined if no run trains it
 * @param copyId id of the copy, if one is made; no other network has it
 * @returns also its step, or null for a network that no run trains
 * @throws LabError 'network-gone' when the run was reset meanwhile
 */
export async function pinNetwork(
  client: TrainingClient,
  id: string,
  run: Run | undefined,
  copyId: string,
  signal: AbortSignal,
) {
  if (run === undefined || run.status === 'finished' || run.status === 'failed') {
    return { id, step: run?.progress?.step ?? null, release: () => undefined };
  }
  const { step, layers } = await client.checkpoint(id, signal);
  signal.throwIfAborted();
  const weights = layers.map(({ rows, columns, parameters }) => ({ rows, columns, parameters }));
  const release = (): void => client.reset(copyId);
  try {
    await client.load({ runId: copyId, config: run.config, step, layers: weights }, signal);
  } catch (thrown) {
    release();
    throw thrown;
  }
  return { id: copyId, step, release };
}
