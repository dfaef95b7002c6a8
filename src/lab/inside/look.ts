import type { StoreApi } from 'zustand/vanilla';
import { reportError } from '../../shared/errors.ts';
import type { Inspected, QuestionOf } from '../../shared/inspection.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { answeringNetworks } from '../answering.ts';
import type { LabState } from '../state.ts';
import type { InsideState, InsideView, Look } from './insideState.ts';
import { createRefresher, type Refresher } from '../refresher.ts';
import { isOldNews } from '../oldNews.ts';

/** The share of the time that a view may take while nobody waits for it. */
const share = 0.04;

export interface LookPorts {
  readonly lab: Pick<StoreApi<LabState>, 'getState'>;
  readonly inside: Pick<StoreApi<InsideState>, 'getState' | 'setState'>;
  readonly getClient: () => TrainingClient | null;
}

export interface LookKeeper extends Refresher {
  /** Gives up the round under way, and demands that are not yet: nobody looks any more. */
  abandon(): void;
  /** Whether the answers are not those of the networks as they stand now. */
  isBehind(): boolean;
  /** Resolves when no round is under way. */
  idle(): Promise<void>;
}

/**
 * Asks every network one kind of question, in rounds: the answers of a round appear together.
 *
 * @param makeQuestion what to ask now; null: nothing can be asked yet
 */
export function createLook<K extends InsideView>(
  { lab, inside, getClient }: LookPorts,
  kind: K,
  intervalMs: number,
  makeQuestion: () => QuestionOf<K> | null,
): LookKeeper {
  const refresher = createRefresher(askAll, { intervalMs, share });
  let round: Promise<void> = Promise.resolve();
  let giveUp = new AbortController();

  function get(): Look<K> {
    return inside.getState()[kind] as unknown as Look<K>;
  }

  function set(changes: Partial<Look<K>>): void {
    inside.setState({ [kind]: { ...get(), ...changes } } as Partial<InsideState>);
  }

  function askAll(): Promise<void> {
    round = ask();
    return round;
  }

  async function ask(): Promise<void> {
    const client = getClient();
    const question = makeQuestion();
    const { raceId } = lab.getState();
    const ids = answeringNetworks(lab.getState()).map(({ id }) => id);
    if (client === null || question === null || ids.length === 0) return;
    giveUp = new AbortController();
    const { signal } = giveUp;
    const isLate = (): boolean =>
      signal.aborted || getClient() !== client || lab.getState().raceId !== raceId;
    set({ round: { done: 0, total: ids.length } });
    let done = 0;
    let isOver = false;
    try {
      const answers = await Promise.all(
        ids.map(async (id): Promise<[string, Inspected<K>]> => {
          const answer = await client.inspect<K>(id, question, signal);
          // When one network fails, the round is over before the others have answered.
          if (!isOver) set({ round: { done: ++done, total: ids.length } });
          return [id, answer];
        }),
      );
      if (!isLate()) set({ question, answers: Object.fromEntries(answers), error: null });
    } catch (thrown) {
      if (!isLate() && !isOldNews(thrown)) set({ error: reportError(thrown) });
    } finally {
      isOver = true;
      giveUp.abort(); // what others would still answer is of no use
      set({ round: null });
    }
  }

  return {
    ...refresher,
    abandon: () => {
      refresher.cancel();
      giveUp.abort();
    },
    isBehind: () => {
      const { answers } = get();
      const networks = answeringNetworks(lab.getState());
      return networks.some((network) => {
        const answer = answers[network.id];
        const step = 'progress' in network ? network.progress?.step : answer?.step;
        return answer === undefined || answer.step !== step;
      });
    },
    idle: () => round,
  };
}
