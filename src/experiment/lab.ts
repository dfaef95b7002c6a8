import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorReport } from '../domain/errors.ts';
import type { TrainingMethod } from '../domain/settings/config.ts';
import type { EnginePreference } from '../domain/metrics.ts';
import type { ClientEvent, TrainingClient } from '../worker/client.ts';
import { findDisabledReason } from './training/commands.ts';
import { createConnection } from './training/connection.ts';
import { createDrawing, type DrawingController } from './drawing/drawing.ts';
import type { DrawingStorage } from './drawing/savedDrawing.ts';
import { createExamples } from './queries/examples.ts';
import { findFullEvaluation, isEpochEnd } from './runs/history.ts';
import { createInside, type Inside } from './inside/inside.ts';
import { createDirections, type DirectionsController } from './inspection/directions.ts';
import {
  createStepInspection,
  type StepInspectionController,
} from './inspection/stepInspection.ts';
import { createPretrained, type PretrainedFile } from './queries/pretrained.ts';
import { attackEpsilonWith, type PresetId, presetOf, setupOfPreset } from './setup/presets.ts';
import { createRepeats } from './training/repeats.ts';
import { createTraining } from './training/training.ts';
import { withData } from './setup/setupData.ts';
import {
  addMeasurement,
  type MeasuredKind,
  type Measurement,
  type sweepSizes,
} from './runs/measurements.ts';
import { findExperimentStatus, loseNetwork, type Run, type RunEvent } from './runs/run.ts';
import { type Place, placeToOpen } from './places.ts';
import { placeOfTab, type Tab, withTab } from './tabs.ts';
import type { SelectedDigit } from './selectedDigit.ts';
import type { SettingsDraft } from './setup/settingsDraft.ts';
import { addEntry, changeEntry, changeShared, removeEntry, type Setup } from './setup/setup.ts';
import { sliceOf } from './slices.ts';
import { createInitialState, type LabState, type Notice, type View } from './state.ts';
import type { ExperimentArchive } from './storage/openArchive.ts';
import type { SavedExperiment } from './storage/types.ts';
import { Checkpointer } from './storage/checkpointer.ts';
import { createSweeps } from './queries/sweeps.ts';

/** An engine that keeps failing is not replaced forever. */
const maxReplacements = 3;

/** The experiment: its state and all of the user's actions, which make the file long; each does its work elsewhere. */
export interface Lab {
  readonly store: Pick<StoreApi<LabState>, 'getState' | 'subscribe'>;

  // Setup -------------------------------------------------------------------------------------
  changeSettings(changes: Partial<SettingsDraft>): void;
  /** Changes one run's own settings; undefined restores the shared value. */
  changeEntry(key: number, changes: Parameters<typeof changeEntry>[2]): void;
  addEntry(method?: TrainingMethod): void;
  removeEntry(key: number): void;
  choosePreset(id: PresetId): void;
  /** Replaces the present setup; an experiment in progress stays. */
  useSetup(setup: Setup): void;
  /** Draws another seed for the next experiment. */
  newSeed(): void;
  /** Computes with another engine; only while there is no experiment. */
  chooseEngine(preference: EnginePreference): void;

  // Experiment --------------------------------------------------------------------------------
  /** Starts an experiment with the present setup, resumes a paused one, or trains a finished one for longer. */
  train(): void;
  /** Trains every run for one step. */
  step(): void;
  /** Half a step of every run: computes the training batch, or updates the weights with it. */
  halfStep(): void;
  /** Trains every run to the end of its epoch. */
  trainEpoch(): void;
  pause(): void;
  /** Trains and measures the finished experiment with further seeds. @param seedCount seeds in all */
  repeat(seedCount: number): void;
  /** Keeps the seeds that are finished, and trains no others. */
  stopRepeating(): void;
  /** Clears the experiment; setup and seed stay, and what was saved can be opened again. */
  reset(): void;
  /** Connects a new worker after one has died, and resumes from the last checkpoints. */
  /** @param preference another engine than the one chosen before, which does not start */
  restartEngine(preference?: EnginePreference): void;
  /** Resumes a saved experiment. */
  resumeExperiment(experiment: SavedExperiment): void;

  // Inspecting --------------------------------------------------------------------------------
  setAttackEpsilon(epsilon: number): void;
  changeView(changes: Partial<View>): void;
  /** Shows another part of the page; not one that a link has hidden. */
  goTo(place: Place): void;
  /** Opens a tab, in its place. */
  openTab(tab: Tab): void;
  /** Shows the next digits of the test set. */
  nextExamples(): void;
  /** Retries digits that could not be loaded. */
  retryExamples(): void;
  /** The pad, and every network's predictions for its content. */
  readonly drawing: DrawingController;
  /** Selects the digit that all detailed views show. */
  selectDigit(changes: Partial<SelectedDigit>): void;
  /** One training step in slow motion. */
  readonly inspection: StepInspectionController;
  /** Weights, gradients, predictions and losses of the networks, computed while they are visible. */
  readonly inside: Inside;
  /** How the loss behaves around digits. */
  readonly directions: DirectionsController;
  sweep(size: keyof typeof sweepSizes): void;
  measureAtEpsilon(): void;
  /** Bounds the robustness of every run: proofs, and the strongest attack. */
  measureBounds(): void;
  /** Searches the smallest change of many test digits that fools each network. */
  measureSmallest(): void;
  measureL2(): void;
  measureTransfer(kind: MeasuredKind): void;
  cancelMeasurement(): void;
  notify(kind: Notice['kind'], sentences: readonly string[], opens?: Notice['opens']): void;
  dismissNotice(id: number): void;
  /** For the parts of the lab with their own file (saved experiments, results). */
  readonly update: StoreApi<LabState>['setState'];
  /** The present connection to the engine, or null if it could not be made. */
  getClient(): TrainingClient | null;
  /** Saves experiments, or null if nothing is stored across visits. */
  readonly archive: ExperimentArchive | null;
}

/**
 * @param connect creates a client with its own workers; called once, and again for each restart
 * @param archive saves experiments; null if nothing is stored across visits
 * @param fetchPretrained fetches the pretrained networks; null if there are none
 * @param drawingStorage saves the drawing across visits; null if it is not saved
 * @param whenShown calls back once the first screen is there, which the engine's start would delay; by default, at once.
 *   Whatever needs the engine before starts it.
 */
export function createLab(
  connect: (engine: EnginePreference) => TrainingClient,
  archive: ExperimentArchive | null = null,
  fetchPretrained: (() => Promise<readonly PretrainedFile[]>) | null = null,
  drawingStorage: DrawingStorage | null = null,
  whenShown: (start: () => void) => void = (start) => start(),
): Lab {
  const store = createStore<LabState>(createInitialState);
  const { getState, setState } = store;
  const connection = createConnection(store, connect, receive);
  const { getClient } = connection;
  createPretrained(store, setState, getClient, fetchPretrained);
  const examples = createExamples(store, sliceOf(store, 'examples'), getClient);
  const drawing = createDrawing(store, sliceOf(store, 'drawing'), getClient, drawingStorage);
  const inspection = createStepInspection(store, sliceOf(store, 'inspection'), getClient);
  const inside = createInside(store, getClient);
  const directions = createDirections(store, sliceOf(store, 'directions'), getClient);
  const selectedDigit = sliceOf(store, 'selectedDigit');
  const sweeps = createSweeps(store, sliceOf(store, 'robustness'), getClient, saveMeasurement);
  const checkpointer = new Checkpointer(
    archive,
    (error) => {
      if (getState().archive.error !== error) {
        setState({ archive: { ...getState().archive, error } });
      }
    },
    () => {
      notify('recovery', [
        'The browser has removed what this site had saved: the experiment is being saved again.',
        'Experiments of earlier visits are gone.',
      ]);
    },
  );
  const repeats = createRepeats(store, getClient, checkpointer, (sentences) =>
    notify('recovery', sentences),
  );
  const experiment = createTraining(store, connection, checkpointer, {
    stop: stopAsking,
    onNetworksReleased,
  });
  let noticeCount = 0;
  let replacements = 0;
  let hasStarted = false;

  function start(): void {
    if (hasStarted) return;
    hasStarted = true;
    connection.open('auto');
    examples.load();
  }

  /** An action that needs the engine. */
  function started<Args extends unknown[]>(action: (...args: Args) => void) {
    return (...args: Args): void => {
      start();
      action(...args);
    };
  }

  /** Stops everything that queries networks, because they are about to be released. */
  function stopAsking(): void {
    drawing.cancelSearch();
    sweeps.cancel();
  }

  function receive(event: ClientEvent): void {
    if ('runId' in event) receiveOfRun(event);
    else if (event.type === 'engineFailed') failEngine(event.error);
  }

  function receiveOfRun(event: RunEvent): void {
    if (event.type === 'checkpointed') replacements = 0; // the new engine makes progress
    if (repeats.take(event) || experiment.take(event) === null) return; // a late message of an experiment that was reset
    if (event.type === 'started') experiment.sendAttack();
    if (event.type === 'evaluated' && isEndOfEpoch(event)) measureEpoch();
    if (event.type === 'finished') measureEpoch();
  }

  function isEndOfEpoch({ runId, evaluation }: Extract<RunEvent, { type: 'evaluated' }>) {
    const run = getState().runs.find(({ id }) => id === runId);
    return run !== undefined && isEpochEnd(evaluation, run.config);
  }

  /** Measures robustness when all runs have reached the same point: after an epoch, and after the last. */
  function measureEpoch(): void {
    const { runs } = getState();
    const status = findExperimentStatus(runs);
    if (status === 'finished') {
      sweeps.measureEnd();
      return;
    }
    const epochs = runs
      .filter(({ status: one }) => one !== 'failed' && one !== 'finished')
      .map(({ history, config }) => findFullEvaluation(history, config)?.epoch ?? 0);
    if (epochs.length > 0 && Math.min(...epochs) === Math.max(...epochs)) sweeps.sweepEpoch();
  }

  /** Replaces an engine that failed during an experiment, but not one that never ran. */
  function failEngine(error: ErrorReport): void {
    stopAsking();
    const { engine, runs } = getState();
    const canGoOn = engine.status === 'ready' && runs.length > 0 && error.code !== 'internal';
    if (canGoOn && replacements < maxReplacements) {
      replacements++;
      const { name } = engine.engine;
      const preference = name === 'SIMD' ? getState().enginePreference : 'simd';
      const isSaved = runs.some(({ id }) => checkpointer.findSaved(id)?.checkpoint);
      const next = isSaved
        ? 'training continues from the last checkpoint.'
        : 'nothing was saved yet, so the experiment is at its start again.';
      notify('recovery', [error.message, `The engine was replaced; ${next}`]);
      const isOther = preference === 'simd' && name !== 'SIMD';
      resumeFromCheckpoints(preference, isOther ? `It replaced ${name}, which failed.` : null);
      return;
    }
    setState({
      engine: { status: 'failed', error },
      runs: runs.map((run) => loseNetwork(run, error)),
    });
    repeats.suspend(error);
  }

  function resumeFromCheckpoints(preference: EnginePreference, why: string | null): void {
    experiment.resumeFromCheckpoints(preference, why);
    repeats.restore(checkpointer.repeats, getState().repeats.isPaused);
  }

  /** After a reset the pretrained networks are queried again. */
  function onNetworksReleased(gone: readonly Run[]): void {
    repeats.clear();
    const { examples: shown } = getState();
    const isOfExperiment = gone.some(({ id }) => id in shown.results);
    setState({ examples: { ...shown, results: isOfExperiment ? {} : shown.results, error: null } });
  }

  function saveMeasurement(runId: string, measurement: Measurement): void {
    setState({
      runs: getState().runs.map((run) =>
        run.id === runId
          ? { ...run, measurements: addMeasurement(run.measurements, measurement) }
          : run,
      ),
    });
  }

  function notify(
    kind: Notice['kind'],
    sentences: readonly string[],
    opens?: Notice['opens'],
  ): void {
    const { notices } = getState();
    const notice = { id: ++noticeCount, kind, sentences, ...(opens && { opens }) };
    setState({ notices: [...notices, notice] });
  }

  function goTo(place: Place): void {
    setState({ place: placeToOpen(place, getState().hiddenPanels) });
  }

  function setAttackEpsilon(attackEpsilon: number): void {
    setState({ attackEpsilon });
    checkpointer.setAttackEpsilon(attackEpsilon);
    experiment.sendAttack();
  }

  // Measurements of robustness are saved after the checkpoint of the network they belong to.
  store.subscribe((state, before) => {
    if (state.runs === before.runs) return;
    for (const run of state.runs) {
      const old = before.runs.find(({ id }) => id === run.id);
      if (old && old.measurements !== run.measurements) checkpointer.saveMeasurements(run);
    }
  });

  whenShown(start);

  return {
    store,
    changeSettings: (changes) => setState({ setup: changeShared(getState().setup, changes) }),
    changeEntry: (key, changes) => setState({ setup: changeEntry(getState().setup, key, changes) }),
    addEntry: (method) => setState({ setup: addEntry(getState().setup, method) }),
    removeEntry: (key) => setState({ setup: removeEntry(getState().setup, key) }),
    choosePreset: (id) => {
      const preset = presetOf(id);
      const before = getState();
      const attackEpsilon = attackEpsilonWith(preset, before);
      setState({ setup: withData(setupOfPreset(preset), before.setup.shared.dataSet) });
      if (attackEpsilon !== before.attackEpsilon) setAttackEpsilon(attackEpsilon);
    },
    useSetup: (setup) => setState({ setup }),
    newSeed: () => {
      const seed = String(Math.floor(Math.random() * 2 ** 32));
      setState({ setup: changeShared(getState().setup, { seed }) });
    },
    chooseEngine: started((enginePreference) => {
      if (findDisabledReason(getState(), 'chooseEngine') !== null) return;
      setState({ enginePreference });
      connection.reopen(enginePreference);
    }),
    train: started(() => (repeats.isActive() ? repeats.resume() : experiment.go('end'))),
    step: started(() => experiment.go('step')),
    halfStep: started(() => experiment.go('half-step')),
    trainEpoch: started(() => experiment.go('epoch')),
    pause: () => (repeats.isActive() ? repeats.pause() : experiment.pause()),
    repeat: started((seedCount) => repeats.start(seedCount)),
    stopRepeating: () => repeats.stop(),
    reset: () => experiment.reset(),
    restartEngine: started((enginePreference: EnginePreference = getState().enginePreference) => {
      replacements = 0;
      setState({ enginePreference });
      resumeFromCheckpoints(enginePreference, null);
    }),
    resumeExperiment: started((saved) => {
      experiment.resume(saved);
      repeats.restore(saved.repeats, saved.isPaused);
    }),
    setAttackEpsilon,
    goTo,
    openTab: (tab) => {
      setState({ openTabs: withTab(getState().openTabs, tab) });
      goTo(placeOfTab(tab));
    },
    changeView: (changes) => setState({ view: { ...getState().view, ...changes } }),
    nextExamples: () => examples.next(),
    retryExamples: started(() => examples.load()),
    drawing,
    selectDigit: (changes) => selectedDigit.update(changes),
    inspection,
    inside,
    directions,
    sweep: (size) => sweeps.sweep(size),
    measureAtEpsilon: () => sweeps.measureAtEpsilon(),
    measureBounds: () => sweeps.measureBounds(),
    measureSmallest: () => sweeps.measureSmallest(),
    measureL2: () => sweeps.measureL2(),
    measureTransfer: (kind) => sweeps.measureTransfer(kind),
    cancelMeasurement: () => sweeps.cancel(),
    notify,
    dismissNotice: (id) =>
      setState({ notices: getState().notices.filter((notice) => notice.id !== id) }),
    update: setState,
    getClient: () => {
      start();
      return getClient();
    },
    archive,
  };
}
