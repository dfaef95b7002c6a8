import { createStore, type StoreApi } from 'zustand/vanilla';
import { LabError, reportError } from '../shared/errors.ts';
import type { EnginePreference } from '../shared/metrics.ts';
import type { ClientEvent, TrainingClient } from '../worker/client.ts';
import type { Extent } from '../worker/protocol.ts';
import { findObstacle } from './commands.ts';
import { createRefresher } from './refresher.ts';
import { createRun, loseNetwork, reduceRun, resumeRun } from './run.ts';
import { readDraft, type SettingsDraft } from './settings.ts';
import {
  createInitialState,
  type DataPart,
  type DataState,
  exampleCount,
  idleData,
  type LabState,
  makePageAttack,
  testSetSize,
} from './state.ts';

/** Examples are asked about again at most this often while a run trains. */
const exampleIntervalMs = 500;

/** Events after which the examples' answers are out of date at once. */
const milestones = new Set<ClientEvent['type']>(['started', 'evaluated', 'paused', 'finished']);

/** The experiment: its state and what a person can do with it. */
export interface Lab {
  readonly store: Pick<StoreApi<LabState>, 'getState' | 'subscribe'>;
  changeSettings(changes: Partial<SettingsDraft>): void;
  /** Starts a run with the present settings, or goes on with a paused one. */
  train(): void;
  step(): void;
  trainEpoch(): void;
  pause(): void;
  /** Clears the run; the settings and their seed stay. */
  reset(): void;
  setAttackEpsilon(epsilon: number): void;
  /** Shows the next digits of the test set. */
  nextExamples(): void;
  /** Asks again for digits that could not be loaded. */
  retryExamples(): void;
  /** Connects a new worker after one has died; curves stay until the next run. */
  restartEngine(): void;
  /** Computes with another engine; only while there is no run. */
  chooseEngine(preference: EnginePreference): void;
}

/** @param connect makes a client with a worker of its own; called once, and again for each restart. */
export function createLab(connect: (engine: EnginePreference) => TrainingClient): Lab {
  const store = createStore<LabState>(createInitialState);
  const { getState, setState } = store;
  const refresher = createRefresher(attackExamples, exampleIntervalMs);
  let client: TrainingClient | null = null;
  let unsubscribe = (): void => undefined;
  let runCount = 0;
  /** The ε that the worker was last told for the present run. */
  let evaluatedEpsilon: number | null = null;

  function connectClient(): void {
    try {
      client = connect(getState().enginePreference);
      unsubscribe = client.subscribe(receive);
    } catch (thrown) {
      receive({ type: 'engineFailed', error: reportError(thrown) });
      return;
    }
    if (getState().examples.images === null) void loadExamples(getState().examples.first);
  }

  function receive(event: ClientEvent): void {
    if ('runId' in event) {
      const { run } = getState();
      if (run?.id !== event.runId) return; // a late message of a run that was reset
      setState({ run: reduceRun(run, event) });
      if (event.type === 'started') tellAttack();
      if (event.type === 'progressed') refresher.soon();
      if (milestones.has(event.type)) refresher.now();
      return;
    }
    switch (event.type) {
      case 'engineReady': {
        setState({ engine: { status: 'ready', engine: event.engine } });
        return;
      }
      case 'engineFailed': {
        refresher.cancel();
        const { run } = getState();
        setState({
          engine: { status: 'failed', error: event.error },
          run: run && loseNetwork(run, event.error),
        });
        return;
      }
      case 'dataProgress': {
        const { loadedBytes, totalBytes } = event;
        setData(event.part, { status: 'loading', loadedBytes, totalBytes });
        return;
      }
      case 'dataReady': {
        setData(event.part, { status: 'ready' });
        return;
      }
      case 'dataFailed': {
        setData(event.part, { status: 'failed', error: event.error });
        return;
      }
    }
  }

  function setData(part: DataPart, state: DataState): void {
    setState({ data: { ...getState().data, [part]: state } });
  }

  function setExamples(changes: Partial<LabState['examples']>): void {
    setState({ examples: { ...getState().examples, ...changes } });
  }

  function tellAttack(): void {
    const { run, attackEpsilon } = getState();
    if (run === null || client === null || evaluatedEpsilon === attackEpsilon) return;
    evaluatedEpsilon = attackEpsilon;
    client.setAttack(run.id, makePageAttack(attackEpsilon));
  }

  async function loadExamples(first: number): Promise<void> {
    const asked = client;
    if (asked === null) return;
    setExamples({ first, error: null });
    const isLate = (): boolean => client !== asked || getState().examples.first !== first;
    try {
      const images = await asked.testImages(first, exampleCount);
      if (isLate()) return;
      setExamples({ images, result: null });
      refresher.now();
    } catch (thrown) {
      if (!isLate()) setExamples({ error: reportError(thrown) });
    }
  }

  async function attackExamples(): Promise<void> {
    const asked = client;
    const { run, examples, attackEpsilon } = getState();
    if (asked === null || run?.hasNetwork !== true || examples.images === null) return;
    const isLate = (): boolean =>
      client !== asked ||
      getState().run?.id !== run.id ||
      getState().examples.images !== examples.images;
    setExamples({ isAttacking: true });
    try {
      const result = await asked.attack(run.id, examples.images, makePageAttack(attackEpsilon));
      if (!isLate()) setExamples({ result, error: null });
    } catch (thrown) {
      // A dead worker is told of once, by engineFailed.
      const isDeath = thrown instanceof LabError && thrown.code === 'worker-died';
      if (!isLate() && !isDeath) setExamples({ error: reportError(thrown) });
    } finally {
      setExamples({ isAttacking: false });
    }
  }

  function go(extent: Extent): void {
    const state = getState();
    if (client === null || findObstacle(state, 'train') !== null) return;
    if (state.run?.status === 'paused') {
      setState({ run: resumeRun(state.run) });
      client.resume(state.run.id, extent);
    } else if (state.settings.config !== null) {
      reset();
      const { config } = state.settings;
      const run = createRun(`run-${++runCount}`, config);
      evaluatedEpsilon = state.attackEpsilon;
      setState({ run });
      client.start(run.id, config, makePageAttack(state.attackEpsilon), extent);
    }
  }

  function reset(): void {
    const { run } = getState();
    if (run === null) return;
    refresher.cancel();
    client?.reset(run.id);
    setState({ run: null });
    setExamples({ result: null, error: null });
  }

  function restartEngine(): void {
    const { run } = getState();
    refresher.cancel();
    unsubscribe();
    client?.terminate();
    client = null;
    const error = {
      code: 'worker-died',
      message: 'The engine was restarted.',
      remedy: 'Press Train to start afresh.',
    } as const;
    setState({
      engine: { status: 'starting' },
      data: idleData,
      run: run && loseNetwork(run, error),
    });
    connectClient();
  }

  connectClient();

  return {
    store,
    changeSettings: (changes) =>
      setState({ settings: readDraft({ ...getState().settings.draft, ...changes }) }),
    train: () => go('end'),
    step: () => go('step'),
    trainEpoch: () => go('epoch'),
    pause: () => {
      const { run } = getState();
      if (run === null || findObstacle(getState(), 'pause') !== null) return;
      setState({ run: { ...run, status: 'pausing' } });
      client?.pause(run.id);
    },
    reset,
    setAttackEpsilon: (attackEpsilon) => {
      setState({ attackEpsilon });
      tellAttack();
      refresher.now();
    },
    nextExamples: () => void loadExamples((getState().examples.first + exampleCount) % testSetSize),
    retryExamples: () => void loadExamples(getState().examples.first),
    restartEngine,
    chooseEngine: (enginePreference) => {
      if (findObstacle(getState(), 'chooseEngine') !== null) return;
      setState({ enginePreference });
      restartEngine();
    },
  };
}
