import type { StoreApi } from 'zustand/vanilla';
import { reportError } from '../../shared/errors.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { answeringNetworks } from '../answering.ts';
import { createRefresher } from '../refresher.ts';
import type { LabState } from '../state.ts';
import { inspectedQuestion } from './inspectionState.ts';
import { isOldNews } from '../oldNews.ts';

/** While networks train they are measured anew at most this often, and for a small share of the time. */
const pace = { intervalMs: 4000, share: 0.04 };

export interface DirectionsKeeper {
  /** Whether somebody looks: nothing is measured otherwise. */
  readonly show: (isShown: boolean) => void;
}

/** What measures are of: networks, ε and digits; and how far the networks were. */
interface Question {
  readonly ids: readonly string[];
  readonly epsilon: number;
  readonly images: NonNullable<LabState['examples']['images']>;
  readonly steps: string;
}

/** Measures how the loss behaves around the loaded test digits, for every network, with the step's ε. */
export function createDirections(
  store: Pick<StoreApi<LabState>, 'getState' | 'setState' | 'subscribe'>,
  getClient: () => TrainingClient | null,
): DirectionsKeeper {
  const { getState, setState } = store;
  const refresher = createRefresher(measure, pace);
  let isShown = false;
  /** What was asked last; null: nothing, or nobody could answer. */
  let asked: Question | null = null;

  function findQuestion(): Question | null {
    const state = getState();
    const question = inspectedQuestion(state);
    const { images } = state.examples;
    if (question === null || images === null) return null;
    const ids = answeringNetworks(state).map(({ id }) => id);
    const steps = state.runs.map(({ progress }) => progress?.step ?? 0).join(' ');
    return { ids, epsilon: question.epsilon, images, steps };
  }

  async function measure(): Promise<void> {
    const client = getClient();
    const question = findQuestion();
    asked = null;
    if (!isShown || client === null || question === null) return;
    asked = question;
    const { ids, images, epsilon } = question;
    const isLate = (): boolean =>
      getClient() !== client || !isSameButForSteps(question, findQuestion());
    try {
      const measures = await Promise.all(
        ids.map(async (id) => [id, await client.measureDirections(id, images, epsilon)] as const),
      );
      if (!isLate()) set({ measures: Object.fromEntries(measures), error: null });
    } catch (thrown) {
      if (isOldNews(thrown)) asked = null;
      else if (!isLate()) set({ error: reportError(thrown) });
    }
  }

  function set(changes: Partial<LabState['directions']>): void {
    setState({ directions: { ...getState().directions, ...changes } });
  }

  function look(): void {
    if (!isShown) return;
    const question = findQuestion();
    if (question === null) return;
    if (!isSameButForSteps(asked, question)) {
      asked = question;
      refresher.now();
    } else if (asked!.steps !== question.steps) {
      refresher.soon();
    }
  }

  store.subscribe((state, before) => {
    const isOther =
      state.runs !== before.runs ||
      state.pretrained !== before.pretrained ||
      state.inspection !== before.inspection ||
      state.examples.images !== before.examples.images ||
      state.setup !== before.setup;
    if (isOther) look();
  });

  return {
    show: (shown) => {
      isShown = shown;
      look();
    },
  };
}

function isSameButForSteps(a: Question | null, b: Question | null): boolean {
  return (
    a !== null &&
    b !== null &&
    a.epsilon === b.epsilon &&
    a.images === b.images &&
    a.ids.join() === b.ids.join()
  );
}
