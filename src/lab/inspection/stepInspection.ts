import type { StoreApi } from 'zustand/vanilla';
import { reportError } from '../../shared/errors.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { createRefresher } from '../refresher.ts';
import type { LabState } from '../state.ts';
import { type InspectionState, inspectedQuestion } from './inspectionState.ts';
import { isOldNews } from '../oldNews.ts';

/** While the network trains, steps are computed anew at most this often, and for a small share of the time. */
const pace = { intervalMs: 500, share: 0.05 };

/** What a person can do with the step in slow motion. */
export interface StepInspectionKeeper {
  choose(
    changes: Partial<Pick<InspectionState, 'networkId' | 'digit' | 'drawnLabel' | 'epsilon'>>,
  ): void;
  /** Whether somebody looks: nothing is computed otherwise. */
  readonly show: (isShown: boolean) => void;
  /** Keeps what is shown as it is, while it is played, though training goes on. */
  hold(isHeld: boolean): void;
}

/**
 * Asks for the chosen step, and again when the network, the digit or ε is another one; while the network
 * trains, now and then.
 */
export function createStepInspection(
  store: Pick<StoreApi<LabState>, 'getState' | 'setState' | 'subscribe'>,
  getClient: () => TrainingClient | null,
): StepInspectionKeeper {
  const { getState, setState } = store;
  const refresher = createRefresher(inspect, pace);
  let isShown = false;
  let isHeld = false;
  /** What the newest question was about, without the weights. */
  let asked: Identity | null = null;
  let askedStep: number | null = null;
  /** What is shown is about. */
  let answered: Identity | null = null;

  function set(changes: Partial<InspectionState>): void {
    setState({ inspection: { ...getState().inspection, ...changes } });
  }

  async function inspect(): Promise<void> {
    const client = getClient();
    const question = inspectedQuestion(getState());
    if (!isShown || client === null || question === null) {
      asked = null; // what was to be asked is asked when somebody looks again
      return;
    }
    const { network, digit, image, label, epsilon } = question;
    const identity = identify(getState());
    if (isHeld && isSame(answered, identity)) return; // only the weights have moved on
    asked = identity;
    askedStep = stepOf(getState(), network.id);
    const isLate = (): boolean => getClient() !== client || !isSame(identity, identify(getState()));
    try {
      const step = await client.inspectStep(network.id, image, label, epsilon);
      if (isLate()) return;
      answered = identity;
      const { id: networkId, name: networkName, config } = network;
      set({ step: { ...step, networkId, networkName, config, digit }, error: null });
    } catch (thrown) {
      if (isOldNews(thrown)) asked = null; // to be asked again once there is somebody to answer
      if (!isLate() && !isOldNews(thrown)) set({ error: reportError(thrown) });
    }
  }

  /** Asks if what is shown is out of date. */
  function look(): void {
    if (!isShown) return;
    const state = getState();
    const identity = identify(state);
    if (identity === null) return;
    if (!isSame(asked, identity)) {
      asked = identity;
      refresher.now();
      return;
    }
    const hasMoved = stepOf(state, identity.networkId) !== askedStep;
    if (hasMoved && !isHeld) refresher.soon();
  }

  store.subscribe((state, before) => {
    const isOther = (Object.keys(watched) as (keyof typeof watched)[]).some(
      (key) => state[key] !== before[key],
    );
    if (isOther) look();
  });

  return {
    choose: (changes) => set(changes),
    show: (shown) => {
      isShown = shown;
      look();
    },
    hold: (held) => {
      isHeld = held;
      look();
    },
  };
}

/** The parts of the state that a question is made of. */
const watched = {
  runs: true,
  pretrained: true,
  inspection: true,
  examples: true,
  drawing: true,
  setup: true,
} satisfies Partial<Record<keyof LabState, true>>;

/** What tells one question from another, but for the weights. */
interface Identity {
  readonly networkId: string;
  readonly source: object;
  readonly index: number;
  readonly label: number;
  readonly epsilon: number;
}

function identify(state: LabState): Identity | null {
  const question = inspectedQuestion(state);
  if (question === null) return null;
  const { network, digit, image, label, epsilon } = question;
  return {
    networkId: network.id,
    source: digit.kind === 'test' ? state.examples.images! : image,
    index: digit.kind === 'test' ? digit.index : -1,
    label,
    epsilon,
  };
}

function isSame(a: Identity | null, b: Identity | null): boolean {
  if (a === null || b === null) return a === b;
  return (Object.keys(a) as (keyof Identity)[]).every((key) => a[key] === b[key]);
}

function stepOf({ runs }: LabState, id: string): number | null {
  return runs.find((run) => run.id === id)?.progress?.step ?? null;
}
