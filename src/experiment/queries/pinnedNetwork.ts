import type { TrainingClient } from '../../worker/client.ts';
import type { Run } from '../runs/run.ts';

/** A network whose weights do not change until it is released. */
export interface PinnedNetwork {
  readonly id: string;
  /** Weight updates so far; null for a network that no run trains. */
  readonly step: number | null;
  release(): void;
}

/**
 * Pins a network for queries that belong together: makes a copy if its run may still train, and uses the network
 * itself if the run has finished or the network is pretrained.
 *
 * @param run the run of the network; undefined if no run trains it
 * @param copyId id of the copy, if one is made; no other network has it
 * @param signal no copy is made once it is aborted
 * @throws LabError 'network-gone' when the run was reset meanwhile
 */
export async function pinNetwork(
  client: TrainingClient,
  id: string,
  run: Run | undefined,
  copyId: string,
  signal: AbortSignal,
): Promise<PinnedNetwork> {
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
