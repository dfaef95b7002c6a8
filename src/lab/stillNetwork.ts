import type { TrainingClient } from '../worker/client.ts';
import type { Run } from './run.ts';

/** A network that stays as it is for as long as somebody asks it. */
export interface StillNetwork {
  readonly id: string;
  /** Weight updates that made it; null: of a network that no run trains. */
  readonly step: number | null;
  /** Nobody asks it any more. */
  release(): void;
}

/**
 * Holds a network still for questions that belong together: a copy of one that may train on, the network
 * itself where it has finished or came with the page.
 *
 * @param run the run that has the network; undefined: it is none of a run
 * @param copy id of the copy, if one is made: no other network has it
 * @param signal no copy is made once it is aborted
 * @throws LabError 'network-gone' when the run was reset meanwhile
 */
export async function holdStill(
  client: TrainingClient,
  id: string,
  run: Run | undefined,
  copy: string,
  signal: AbortSignal,
): Promise<StillNetwork> {
  if (run === undefined || run.status === 'finished' || run.status === 'failed') {
    return { id, step: run?.progress?.step ?? null, release: () => undefined };
  }
  const { step, layers } = await client.checkpoint(id);
  signal.throwIfAborted();
  const weights = layers.map(({ rows, columns, parameters }) => ({ rows, columns, parameters }));
  const release = (): void => client.reset(copy);
  try {
    await client.load({ runId: copy, config: run.config, step, layers: weights });
  } catch (thrown) {
    release();
    throw thrown;
  }
  return { id: copy, step, release };
}
