import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../shared/errors.ts';
import type {
  Attack,
  AttackedImages,
  EnginePreference,
  Evaluation,
  Progress,
} from '../shared/metrics.ts';
import type { ClientEvent, LabelledImages, TrainingClient } from '../worker/client.ts';
import type { Checkpoint } from '../shared/checkpoint.ts';
import type { Archive, SavedRun } from './archive.ts';
import { findObstacle } from './commands.ts';
import { createLab } from './lab.ts';
import { makeAttack } from './readings.ts';
import { findRaceStatus } from './run.ts';
import { exampleCount } from './state.ts';

const progress: Progress = {
  step: 10,
  stepsPerEpoch: 100,
  totalSteps: 500,
  trainSeconds: 2,
  samplesPerSecond: 1000,
  secondsLeft: 30,
};
const score = { loss: 1, errorRate: 0.5 };
const evaluation: Evaluation = {
  step: 10,
  epoch: 0.1,
  split: 'test',
  sampleCount: 1000,
  clean: score,
  adversarial: score,
  attack: makeAttack('fgsm', 0.08),
};
const engine = {
  name: 'WebGL',
  device: 'A graphics processor',
  isSoftware: false,
  isFloat32: true,
  reason: 'It is there.',
} as const;
const death = { code: 'worker-died', message: 'It stopped.', remedy: 'Restart.' } as const;

/** A client whose worker is the test: it records calls, and answers when it is told to. */
function createFakeClient() {
  let listener: (event: ClientEvent) => void = () => undefined;
  const attacks: {
    runId: string;
    attack: Attack;
    answer: () => void;
    refuse: (error: LabError) => void;
  }[] = [];
  const images: LabelledImages = { images: new Float32Array(784), labels: new Uint8Array(1) };
  const client = {
    start: vi.fn<TrainingClient['start']>(),
    load: vi.fn<TrainingClient['load']>(() => Promise.resolve()),
    resume: vi.fn<TrainingClient['resume']>(),
    pause: vi.fn<TrainingClient['pause']>(),
    reset: vi.fn<TrainingClient['reset']>(),
    setAttack: vi.fn<TrainingClient['setAttack']>(),
    terminate: vi.fn<TrainingClient['terminate']>(),
    classify: vi.fn<TrainingClient['classify']>(() => new Promise(() => undefined)),
    inspectStep: vi.fn<TrainingClient['inspectStep']>(() => new Promise(() => undefined)),
    inspect: () => new Promise<never>(() => undefined),
    measureDirections: vi.fn<TrainingClient['measureDirections']>(
      () => new Promise(() => undefined),
    ),
    freeze: vi.fn<TrainingClient['freeze']>(() => Promise.resolve(100)),
    measure: vi.fn<TrainingClient['measure']>(() => new Promise(() => undefined)),
    checkpoint: vi.fn<TrainingClient['checkpoint']>(() => new Promise(() => undefined)),
    useData: vi.fn<TrainingClient['useData']>(() => Promise.resolve(null)),
    testImages: vi.fn<TrainingClient['testImages']>(() => Promise.resolve({ ...images })),
    attack: vi.fn(
      (runId: string, shown: LabelledImages, attack: Attack) =>
        new Promise<AttackedImages>((resolve, reject) => {
          const result: AttackedImages = {
            ...shown,
            attack,
            adversarialImages: shown.images,
            cleanProbabilities: new Float32Array(10),
            adversarialProbabilities: new Float32Array(10),
          };
          attacks.push({ runId, attack, answer: () => resolve(result), refuse: reject });
        }),
    ),
    subscribe: (heard: (event: ClientEvent) => void) => {
      listener = heard;
      return () => {
        listener = () => undefined;
      };
    },
  };
  return { client, attacks, emit: (event: ClientEvent) => listener(event) };
}

function setUp(archive: Archive | null = null) {
  const fakes = [createFakeClient()];
  const connect = vi.fn<(engine: EnginePreference) => TrainingClient>(
    () => fakes[fakes.length - 1]!.client,
  );
  const lab = createLab(connect, archive);
  const { client, attacks, emit } = fakes[0]!;
  return { lab, connect, fakes, client, attacks, emit, state: () => lab.store.getState() };
}

async function flush(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

/** A race of two runs, plain and adversarial, that has started. */
async function setUpTraining(archive: Archive | null = null) {
  const all = setUp(archive);
  await flush();
  all.lab.removeEntry(1);
  all.lab.train();
  const runIds = all.state().runs.map(({ id }) => id);
  for (const runId of runIds) {
    all.emit({ type: 'started', runId, progress: { ...progress, step: 0 } });
  }
  return { ...all, runIds, runId: runIds[0]! };
}

const checkpoint: Checkpoint = {
  step: 10,
  layers: [],
  scores: new Float32Array(2),
  scored: 0,
  trainSeconds: 2,
};

/** An archive in memory that records what was written. */
function createFakeArchive() {
  const runs: SavedRun[] = [];
  const saveRace = vi.fn<Archive['saveRace']>(() => Promise.resolve());
  const saveReadings = vi.fn<Archive['saveReadings']>(() => Promise.resolve());
  const setPaused = vi.fn<Archive['setPaused']>(() => Promise.resolve());
  const setAttackEpsilon = vi.fn<Archive['setAttackEpsilon']>(() => Promise.resolve());
  const archive: Archive = {
    saveRace,
    saveRun: vi.fn<Archive['saveRun']>((_, run) => {
      runs.push(run);
      return Promise.resolve();
    }),
    saveReadings,
    setPaused,
    setAttackEpsilon,
    claim: () => Promise.resolve(true),
    release: () => undefined,
    list: () => Promise.resolve({ races: [], unreadable: [] }),
    load: () => Promise.resolve(null),
    loadPresent: () => Promise.resolve({ status: 'none' }),
    close: vi.fn<Archive['close']>(() => Promise.resolve()),
    remove: () => Promise.resolve(),
  };
  return { archive, runs, saveRace, saveReadings, setPaused, setAttackEpsilon };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a race', () => {
  it('starts all runs together, each with its own method and the rest alike', async () => {
    const { client, state, runIds } = await setUpTraining();
    expect(client.start).toHaveBeenCalledOnce();
    const [starts, attack, extent] = client.start.mock.calls[0]!;
    expect(starts.map(({ runId }) => runId)).toEqual(runIds);
    expect(starts.map(({ config }) => config.method)).toEqual(['plain', 'adversarial']);
    expect({ ...starts[0]!.config, method: 'adversarial' }).toEqual(starts[1]!.config);
    expect([attack, extent]).toEqual([makeAttack('fgsm', 0.08), 'end']);
    expect(state().runs.map(({ name }) => name)).toEqual(['Plain', 'ABP ε 0.08']);
  });

  it('goes through its states and records what its runs measure', async () => {
    const { lab, client, emit, state, runIds, runId } = await setUpTraining();
    expect(findRaceStatus(state().runs)).toBe('busy');
    emit({ type: 'progressed', runId, progress });
    emit({ type: 'lossMeasured', runId, point: { step: 10, epoch: 0.1, loss: 2 } });
    emit({ type: 'evaluated', runId, evaluation });
    lab.pause();
    expect(findRaceStatus(state().runs)).toBe('pausing');
    for (const id of runIds) {
      expect(client.pause).toHaveBeenCalledWith(id);
      emit({ type: 'paused', runId: id, progress: { ...progress, step: 11 } });
    }
    expect(findRaceStatus(state().runs)).toBe('paused');
    expect(state().runs[0]!.history).toEqual({
      losses: [{ step: 10, epoch: 0.1, loss: 2 }],
      evaluations: [evaluation],
    });
    expect(state().runs[1]!.history.losses).toEqual([]);
    lab.step();
    for (const id of runIds) {
      expect(client.resume).toHaveBeenCalledWith(id, 'step');
      emit({ type: 'finished', runId: id, progress });
    }
    expect(findRaceStatus(state().runs)).toBe('finished');
    expect(findObstacle(state(), 'train')).toContain('finished');
  });

  it('goes on when one of its runs fails', async () => {
    const { emit, state, runIds } = await setUpTraining();
    const error = { code: 'loss-not-finite', message: 'Diverged.', remedy: 'Lower.' } as const;
    emit({ type: 'failed', runId: runIds[1]!, error });
    expect(state().runs.map(({ status }) => status)).toEqual(['running', 'failed']);
    expect(findRaceStatus(state().runs)).toBe('busy');
  });

  it('drops late events of runs that were reset', async () => {
    const { lab, emit, state, runId } = await setUpTraining();
    lab.reset();
    emit({ type: 'progressed', runId, progress });
    emit({ type: 'evaluated', runId, evaluation });
    expect(state().runs).toEqual([]);
    lab.train();
    emit({ type: 'evaluated', runId, evaluation });
    expect(state().runs.map(({ id }) => id)).not.toContain(runId);
    expect(state().runs[0]!.history.evaluations).toEqual([]);
  });

  it('is cleared by reset, which keeps the settings and their seed', async () => {
    const { lab, client, state, runIds } = await setUpTraining();
    lab.changeSettings({ seed: '7', batchSize: '128' });
    lab.reset();
    for (const id of runIds) expect(client.reset).toHaveBeenCalledWith(id);
    expect(state().runs).toEqual([]);
    expect(state().setup.shared).toMatchObject({ seed: '7', batchSize: '128' });
  });

  it('keeps the settings it was started with', async () => {
    const { lab, state } = await setUpTraining();
    lab.changeSettings({ seed: '7' });
    expect(state().runs.map(({ config }) => config.seed)).toEqual([1, 1]);
  });

  it('does not start with settings that are refused', () => {
    const { lab, client, state } = setUp();
    lab.changeSettings({ batchSize: '0' });
    lab.train();
    expect(client.start).not.toHaveBeenCalled();
    expect(findObstacle(state(), 'train')).toContain('Batch size');
  });

  it('fails when its data do', () => {
    const { lab, emit, state } = setUp();
    const error = { code: 'data-corrupt', message: 'Wrong checksum.', remedy: 'Reload.' } as const;
    lab.train();
    emit({ type: 'dataFailed', part: 'training', error });
    for (const { id } of state().runs) emit({ type: 'failed', runId: id, error });
    expect(findRaceStatus(state().runs)).toBe('failed');
    expect(findObstacle(state(), 'train')).toBeNull();
  });

  it('stays finished, whatever late events say', async () => {
    const { emit, state, runId } = await setUpTraining();
    emit({ type: 'finished', runId, progress });
    emit({ type: 'paused', runId, progress });
    emit({ type: 'resumed', runId });
    expect(state().runs[0]?.status).toBe('finished');
  });

  it('measures robustness once all runs have finished an epoch, one question at a time', async () => {
    const { lab, client, emit, runIds } = await setUpTraining();
    const whole = { ...evaluation, step: 100, epoch: 1, sampleCount: 10_000 };
    emit({ type: 'evaluated', runId: runIds[0]!, evaluation: whole });
    expect(client.measure).not.toHaveBeenCalled();
    emit({ type: 'evaluated', runId: runIds[1]!, evaluation: whole });
    await flush();
    expect(client.freeze.mock.calls).toEqual(runIds.map((id) => [id]));
    expect(client.measure).toHaveBeenCalledOnce();
    expect(client.measure).toHaveBeenCalledWith(
      ...[runIds[0], makeAttack('random-signs', 0), 200, expect.any(AbortSignal)],
    );
    const signal = client.measure.mock.lastCall![3]!;
    // An epoch that ends meanwhile does not begin another sweep; what a person asks for does.
    emit({ type: 'evaluated', runId: runIds[0]!, evaluation: { ...whole, step: 200, epoch: 2 } });
    emit({ type: 'evaluated', runId: runIds[1]!, evaluation: { ...whole, step: 200, epoch: 2 } });
    await flush();
    expect(client.measure).toHaveBeenCalledOnce();
    lab.measureAtEpsilon();
    await flush();
    expect(client.measure).toHaveBeenLastCalledWith(
      ...[runIds[0], makeAttack('fgsm', 0.08), 10_000, expect.any(AbortSignal)],
    );
    expect(signal.aborted).toBe(true);
  });
});

describe('an engine that fails', () => {
  it('is replaced, and every run goes on from its own checkpoint', async () => {
    const { connect, fakes, emit, state, runIds, runId } = await setUpTraining();
    emit({ type: 'engineReady', engine });
    emit({ type: 'evaluated', runId, evaluation });
    emit({ type: 'checkpointed', runId, checkpoint });
    emit({ type: 'evaluated', runId, evaluation: { ...evaluation, step: 20 } });
    fakes.push(createFakeClient());
    emit({ type: 'engineFailed', error: death });

    expect(connect).toHaveBeenLastCalledWith('simd'); // it was WebGL that failed
    expect(state().notices.map(({ kind }) => kind)).toEqual(['recovery']);
    const [starts, , extent] = fakes[1]!.client.start.mock.calls[0]!;
    expect(starts.map((start) => [start.runId, start.checkpoint])).toEqual([
      [runIds[0], checkpoint],
      [runIds[1], null],
    ]);
    expect(extent).toBe('end');
    expect(state().runs[0]!.history.evaluations).toEqual([evaluation]);

    // Nobody chose it: its reason is not the one that it gives.
    const simd = { ...engine, name: 'SIMD', reason: 'Chosen by hand.' };
    fakes[1]!.emit({ type: 'engineReady', engine: simd });
    const reason = 'It took the place of WebGL, which failed.';
    expect(state().engine).toMatchObject({ engine: { ...simd, reason } });
  });

  it('is not replaced for ever', async () => {
    const { lab, connect, fakes, emit, state } = await setUpTraining();
    let tell = emit;
    for (let failures = 1; failures <= 4; failures++) {
      fakes.push(createFakeClient());
      tell({ type: 'engineReady', engine });
      tell({ type: 'engineFailed', error: death });
      tell = fakes.at(-1)!.emit;
    }
    expect(connect).toHaveBeenCalledTimes(4);
    expect(state().engine.status).toBe('failed');
    expect(state().runs.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(findObstacle(state(), 'train')).toContain('engine');

    lab.restartEngine();
    expect(connect).toHaveBeenCalledTimes(5);
    expect(fakes.at(-1)!.client.start.mock.calls[0]![2]).toBe('none');
  });

  it('leaves what was measured in sight when it never ran', async () => {
    const { emit, state, runId } = await setUpTraining();
    emit({ type: 'evaluated', runId, evaluation });
    emit({ type: 'engineFailed', error: death });
    expect(state().engine.status).toBe('failed');
    expect(state().runs[0]).toMatchObject({ status: 'failed', hasNetwork: false });
    expect(state().runs[0]!.history.evaluations).toEqual([evaluation]);
  });

  it('is told of when it cannot even be made', () => {
    const lab = createLab(() => {
      throw new Error('Workers are forbidden here.');
    });
    const { engine: state } = lab.store.getState();
    expect(state.status === 'failed' && state.error.message).toContain('forbidden');
    lab.train();
    expect(lab.store.getState().runs).toEqual([]);
  });
});

describe('keeping', () => {
  it('saves a checkpoint with the measurements up to its step, and no later ones', async () => {
    const { archive, runs, saveRace } = createFakeArchive();
    const { emit, runId } = await setUpTraining(archive);
    expect(saveRace).toHaveBeenCalledOnce();
    emit({ type: 'evaluated', runId, evaluation });
    emit({ type: 'evaluated', runId, evaluation: { ...evaluation, step: 20 } });
    emit({ type: 'checkpointed', runId, checkpoint });
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ id: runId, checkpoint });
    expect(runs[0]!.history.evaluations).toEqual([evaluation]);
  });

  it('goes on with a kept race where it was, and pauses it if it was paused', async () => {
    const { archive, runs } = createFakeArchive();
    const before = await setUpTraining(archive);
    before.emit({ type: 'evaluated', runId: before.runId, evaluation });
    before.emit({ type: 'checkpointed', runId: before.runId, checkpoint });

    const after = setUp();
    after.lab.resumeRace({
      id: 'kept',
      startedAt: 0,
      isPaused: true,
      attackEpsilon: 0.2,
      enginePreference: 'auto',
      runs: [runs[0]!],
    });
    const [starts, attack, extent] = after.client.start.mock.calls[0]!;
    expect(starts).toEqual([
      { runId: before.runId, config: before.state().runs[0]!.config, checkpoint },
    ]);
    expect([attack, extent]).toEqual([makeAttack('fgsm', 0.2), 'none']);
    expect(after.state().runs[0]!.history.evaluations).toEqual([evaluation]);
    expect(after.state().setup.entries.map(({ name }) => name)).toEqual(['Plain']);
  });

  it('goes on by itself after a reload only where it was told to go to the end', async () => {
    const { archive, saveRace, setPaused } = createFakeArchive();
    const { lab, emit, state } = setUp(archive);
    await flush();
    lab.trainEpoch();
    expect(saveRace.mock.calls[0]![0].isPaused).toBe(true);
    for (const { id } of state().runs) emit({ type: 'paused', runId: id, progress });
    lab.train();
    expect(setPaused).toHaveBeenLastCalledWith(state().raceId, false);
    for (const { id } of state().runs) emit({ type: 'paused', runId: id, progress });
    lab.step();
    expect(setPaused).toHaveBeenLastCalledWith(state().raceId, true);
  });

  it('ends one epoch for all: only those that are still in it go on', async () => {
    const { lab, emit, state, client } = setUp();
    await flush();
    lab.train();
    const [first, second, third] = state().runs.map(({ id }) => id);
    const at = (step: number) => ({ ...progress, step, stepsPerEpoch: 10 });
    const [ahead, behind] = [at(10), at(9)];
    emit({ type: 'paused', runId: first!, progress: ahead });
    emit({ type: 'paused', runId: second!, progress: behind });
    emit({ type: 'paused', runId: third!, progress: ahead });
    lab.trainEpoch();
    expect(client.resume.mock.calls).toEqual([[second, 'epoch']]);
    emit({ type: 'paused', runId: second!, progress: ahead });
    lab.trainEpoch();
    const resumed = client.resume.mock.calls.slice(1).map(([runId]) => runId);
    expect(resumed).toEqual([first, second, third]);
  });

  it('keeps the attack ε, and readings of the network that was saved', async () => {
    const { archive, runs, saveReadings, setAttackEpsilon } = createFakeArchive();
    const { lab, client, emit, state, runIds } = await setUpTraining(archive);
    lab.setAttackEpsilon(0.3);
    expect(setAttackEpsilon).toHaveBeenLastCalledWith(state().raceId, 0.3);
    emit({ type: 'engineReady', engine });
    const runId = runIds[0]!;
    emit({ type: 'checkpointed', runId, checkpoint });
    expect(runs[0]!.engine).toBe('WebGL');
    const later = { ...evaluation, step: 11, attack: makeAttack('pgd', 0.1) };
    client.measure.mockResolvedValueOnce(evaluation).mockResolvedValueOnce(later);
    lab.sweep('quick');
    await flush();
    // The other run has no checkpoint yet.
    expect(saveReadings).toHaveBeenCalledExactlyOnceWith(state().raceId, runId, [evaluation]);
  });

  it('does not measure again what was measured of a finished race', async () => {
    const { archive, runs } = createFakeArchive();
    const before = await setUpTraining(archive);
    before.emit({ type: 'checkpointed', runId: before.runId, checkpoint });
    const end = { ...progress, step: 500 };
    const known = { ...evaluation, step: 500, sampleCount: 10_000 };
    const after = setUp();
    after.lab.resumeRace({
      ...{
        id: 'kept',
        startedAt: 0,
        isPaused: false,
        attackEpsilon: 0.08,
        enginePreference: 'auto',
      },
      runs: [{ ...runs[0]!, progress: end, readings: [known] }],
    });
    after.emit({ type: 'started', runId: before.runId, progress: end });
    after.emit({ type: 'finished', runId: before.runId, progress: end });
    await flush();
    const [, attack] = after.client.measure.mock.calls[0]!;
    expect(attack).toEqual(makeAttack('pgd', 0.08));
  });

  it('says that nothing can be kept, and trains on', async () => {
    const { archive } = createFakeArchive();
    archive.saveRun = () =>
      Promise.reject(new LabError('storage-failed', 'The disk is full.', 'Delete old races.'));
    const { emit, state, runId } = await setUpTraining(archive);
    emit({ type: 'checkpointed', runId, checkpoint });
    await flush();
    expect(state().archive.error?.message).toBe('The disk is full.');
    expect(state().runs[0]!.status).toBe('running');
  });
});

describe('examples', () => {
  it('are attacked on every run, one round at a time, and the newest ε wins', async () => {
    const { lab, attacks, client, state, runIds } = await setUpTraining();
    // The first run had started alone: it is asked again together with the second.
    expect(attacks).toHaveLength(1);
    attacks[0]!.answer();
    await flush();
    expect(attacks.slice(1).map(({ runId }) => runId)).toEqual(runIds);
    for (const epsilon of [0.1, 0.2, 0.3]) lab.setAttackEpsilon(epsilon);
    expect(attacks).toHaveLength(3);
    for (const { answer } of attacks) answer();
    await flush();
    expect(attacks.slice(3).map(({ attack }) => attack)).toEqual(
      runIds.map(() => makeAttack('fgsm', 0.3)),
    );
    for (const { answer } of attacks) answer();
    await flush();
    expect(attacks).toHaveLength(5);
    expect(state().examples.isAttacking).toBe(false);
    for (const id of runIds) {
      expect(state().examples.results[id]?.attack.epsilon).toBe(0.3);
      expect(client.setAttack).toHaveBeenCalledWith(id, makeAttack('fgsm', 0.3));
    }
  });

  it('are attacked at most twice a second while training', async () => {
    const { attacks, emit, runId } = await setUpTraining();
    for (const { answer } of attacks) answer();
    await flush();
    for (const { answer } of attacks) answer();
    await flush();
    const before = attacks.length;
    for (let i = 0; i < 20; i++) {
      emit({ type: 'progressed', runId, progress });
      await vi.advanceTimersByTimeAsync(100);
      for (const { answer } of attacks) answer();
    }
    const rounds = (attacks.length - before) / 2;
    expect(rounds).toBeGreaterThanOrEqual(3);
    expect(rounds).toBeLessThanOrEqual(5);
  });

  it('forget answers about another race', async () => {
    const { lab, attacks, state } = await setUpTraining();
    lab.reset();
    attacks[0]!.answer();
    await flush();
    expect(state().examples).toMatchObject({ results: {}, isAttacking: false });
  });

  it('tell why an attack failed, unless the worker died', async () => {
    const { lab, attacks, state } = await setUpTraining();
    const refuseAll = async (error: LabError) => {
      for (const { refuse } of attacks) refuse(error);
      await flush();
    };
    await refuseAll(new LabError('engine-failed', 'Out of memory.', 'Reload.'));
    await refuseAll(new LabError('engine-failed', 'Out of memory.', 'Reload.'));
    expect(state().examples.error?.message).toBe('Out of memory.');
    lab.setAttackEpsilon(0.2);
    for (const { answer } of attacks) answer();
    await flush();
    expect(state().examples.error).toBeNull();
    lab.setAttackEpsilon(0.3);
    await refuseAll(new LabError('worker-died', 'Gone.', 'Restart.'));
    expect(state().examples.error).toBeNull();
  });

  it('move on through the test set', async () => {
    const { lab, client, state } = setUp();
    await flush();
    lab.nextExamples();
    await flush();
    expect(client.testImages.mock.calls).toEqual([
      [0, exampleCount],
      [exampleCount, exampleCount],
    ]);
    expect(state().examples.first).toBe(exampleCount);
  });

  it('can be asked for again when they could not be loaded', async () => {
    const { lab, client, state } = setUp();
    await flush();
    client.testImages.mockRejectedValueOnce(new LabError('data-unreachable', 'No.', 'Retry.'));
    lab.nextExamples();
    await flush();
    expect(state().examples.error?.code).toBe('data-unreachable');
    lab.retryExamples();
    await flush();
    expect(state().examples).toMatchObject({ first: exampleCount, error: null });
  });
});

describe('the choice of engine', () => {
  it('connects a worker with the chosen engine, and is refused while there is a race', async () => {
    const { lab, connect, client, fakes, state } = setUp();
    expect(connect).toHaveBeenLastCalledWith('auto');
    fakes.push(createFakeClient());
    lab.chooseEngine('webgl');
    expect(client.terminate).toHaveBeenCalled();
    expect(connect).toHaveBeenLastCalledWith('webgl');
    expect(state().engine.status).toBe('starting');
    await flush();

    lab.train();
    lab.chooseEngine('simd');
    expect(connect).toHaveBeenCalledTimes(2);
    expect(findObstacle(state(), 'chooseEngine')).toContain('Reset');
    lab.reset();
    lab.chooseEngine('simd');
    expect(connect).toHaveBeenLastCalledWith('simd');
  });
});
