import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../shared/errors.ts';
import type { Attack, AttackedImages, Evaluation, Progress } from '../shared/metrics.ts';
import type { ClientEvent, LabelledImages, TrainingClient } from '../worker/client.ts';
import { findObstacle } from './commands.ts';
import { createLab } from './lab.ts';
import { makePageAttack } from './state.ts';

const progress: Progress = {
  step: 10,
  stepsPerEpoch: 100,
  totalSteps: 500,
  trainLoss: 2,
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
  attack: makePageAttack(0.08),
};
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
    resume: vi.fn<TrainingClient['resume']>(),
    pause: vi.fn<TrainingClient['pause']>(),
    reset: vi.fn<TrainingClient['reset']>(),
    setAttack: vi.fn<TrainingClient['setAttack']>(),
    terminate: vi.fn<TrainingClient['terminate']>(),
    testImages: vi.fn<TrainingClient['testImages']>(() => Promise.resolve({ ...images })),
    attack: (runId: string, shown: LabelledImages, attack: Attack) =>
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
    subscribe: (heard: (event: ClientEvent) => void) => {
      listener = heard;
      return () => {
        listener = () => undefined;
      };
    },
  };
  return { client, attacks, emit: (event: ClientEvent) => listener(event) };
}

function setUp() {
  const fakes = [createFakeClient()];
  const connect = vi.fn(() => fakes[fakes.length - 1]!.client);
  const lab = createLab(connect);
  const { client, attacks, emit } = fakes[0]!;
  return { lab, connect, fakes, client, attacks, emit, state: () => lab.store.getState() };
}

async function flush(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

async function setUpTraining() {
  const all = setUp();
  await flush();
  all.lab.train();
  const runId = all.state().run!.id;
  all.emit({ type: 'started', runId, progress: { ...progress, step: 0, trainLoss: null } });
  return { ...all, runId };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a run', () => {
  it('goes through its states and records what it measures', async () => {
    const { lab, client, emit, state, runId } = await setUpTraining();
    expect(client.start).toHaveBeenCalledWith(
      runId,
      state().settings.config,
      makePageAttack(0.08),
      'end',
    );
    expect(state().run?.status).toBe('running');
    emit({ type: 'progressed', runId, progress });
    emit({ type: 'evaluated', runId, evaluation });
    lab.pause();
    expect(state().run?.status).toBe('pausing');
    expect(client.pause).toHaveBeenCalledWith(runId);
    emit({ type: 'paused', runId, progress: { ...progress, step: 11 } });
    expect(state().run).toMatchObject({
      status: 'paused',
      history: { losses: [{ step: 10 }], evaluations: [evaluation] },
    });
    lab.step();
    expect(client.resume).toHaveBeenLastCalledWith(runId, 'step');
    emit({ type: 'finished', runId, progress });
    expect(state().run?.status).toBe('finished');
    expect(findObstacle(state(), 'train')).toContain('finished');
  });

  it('drops late events of a run that was reset', async () => {
    const { lab, emit, state, runId } = await setUpTraining();
    lab.reset();
    emit({ type: 'progressed', runId, progress });
    emit({ type: 'evaluated', runId, evaluation });
    expect(state().run).toBeNull();
    lab.train();
    emit({ type: 'progressed', runId, progress });
    expect(state().run?.id).not.toBe(runId);
    expect(state().run?.history.losses).toEqual([]);
  });

  it('is cleared by reset, which keeps the settings and their seed', async () => {
    const { lab, client, state, runId } = await setUpTraining();
    lab.changeSettings({ seed: '7', batchSize: '128' });
    lab.reset();
    expect(client.reset).toHaveBeenCalledWith(runId);
    expect(state().run).toBeNull();
    expect(state().settings.draft).toMatchObject({ seed: '7', batchSize: '128' });
  });

  it('keeps the settings it was started with', async () => {
    const { lab, state } = await setUpTraining();
    lab.changeSettings({ seed: '7' });
    expect(state().run?.config.seed).toBe(1);
    expect(state().run?.status).toBe('running');
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
    emit({ type: 'failed', runId: state().run!.id, error });
    expect(state().run).toMatchObject({ status: 'failed', error });
    expect(findObstacle(state(), 'train')).toBeNull();
  });
});

describe('a worker that dies', () => {
  it('keeps the curves, and a restart keeps them until the next run', async () => {
    const { lab, connect, fakes, client, emit, state, runId } = await setUpTraining();
    emit({ type: 'progressed', runId, progress });
    emit({ type: 'evaluated', runId, evaluation });
    emit({ type: 'engineFailed', error: death });
    expect(state().engine.status).toBe('failed');
    expect(state().run).toMatchObject({ status: 'failed', hasNetwork: false });
    expect(findObstacle(state(), 'train')).toContain('engine');

    fakes.push(createFakeClient());
    lab.restartEngine();
    expect(connect).toHaveBeenCalledTimes(2);
    expect(client.terminate).toHaveBeenCalled();
    expect(state().engine.status).toBe('starting');
    expect(state().run?.history).toMatchObject({
      losses: [{ step: 10 }],
      evaluations: [evaluation],
    });

    emit({ type: 'engineFailed', error: death }); // the old worker is no longer listened to
    expect(state().engine.status).toBe('starting');
    lab.train();
    expect(fakes[1]!.client.start).toHaveBeenCalledOnce();
    expect(state().run?.id).not.toBe(runId);
    expect(state().run?.history.losses).toEqual([]);
  });

  it('leaves a finished run finished', async () => {
    const { emit, state, runId } = await setUpTraining();
    emit({ type: 'finished', runId, progress });
    emit({ type: 'engineFailed', error: death });
    expect(state().run).toMatchObject({ status: 'finished', hasNetwork: false });
  });

  it('is told when it cannot even be made', () => {
    const lab = createLab(() => {
      throw new Error('Workers are forbidden here.');
    });
    const { engine } = lab.store.getState();
    expect(engine.status === 'failed' && engine.error.message).toContain('forbidden');
    lab.train();
    expect(lab.store.getState().run).toBeNull();
  });
});

describe('examples', () => {
  it('are attacked one request at a time, and the newest ε wins', async () => {
    const { lab, attacks, client, state, runId } = await setUpTraining();
    expect(attacks).toHaveLength(1);
    for (const epsilon of [0.1, 0.2, 0.3]) lab.setAttackEpsilon(epsilon);
    expect(attacks).toHaveLength(1);
    attacks[0]!.answer();
    await flush();
    expect(attacks.map(({ attack }) => attack)).toEqual([0.08, 0.3].map(makePageAttack));
    attacks[1]!.answer();
    await flush();
    expect(attacks).toHaveLength(2);
    expect(state().examples).toMatchObject({
      isAttacking: false,
      result: { attack: { epsilon: 0.3 } },
    });
    expect(client.setAttack).toHaveBeenLastCalledWith(runId, makePageAttack(0.3));
  });

  it('are attacked at most twice a second while training', async () => {
    const { attacks, emit, runId } = await setUpTraining();
    attacks[0]!.answer();
    await flush();
    for (let i = 0; i < 20; i++) {
      emit({ type: 'progressed', runId, progress });
      await vi.advanceTimersByTimeAsync(100);
      attacks[attacks.length - 1]!.answer();
    }
    expect(attacks.length).toBeGreaterThanOrEqual(4);
    expect(attacks.length).toBeLessThanOrEqual(5);
  });

  it('forget answers about another run', async () => {
    const { lab, attacks, state } = await setUpTraining();
    lab.reset();
    attacks[0]!.answer();
    await flush();
    expect(state().examples).toMatchObject({ result: null, isAttacking: false });
  });

  it('tell why an attack failed, unless the worker died', async () => {
    const { lab, attacks, state } = await setUpTraining();
    attacks[0]!.refuse(new LabError('engine-failed', 'Out of memory.', 'Reload.'));
    await flush();
    expect(state().examples.error?.message).toBe('Out of memory.');
    lab.setAttackEpsilon(0.2);
    attacks[1]!.answer();
    await flush();
    expect(state().examples.error).toBeNull();
    lab.setAttackEpsilon(0.3);
    attacks[2]!.refuse(new LabError('worker-died', 'Gone.', 'Restart.'));
    await flush();
    expect(state().examples.error).toBeNull();
  });

  it('move on through the test set', async () => {
    const { lab, client, state } = setUp();
    await flush();
    lab.nextExamples();
    lab.nextExamples();
    await flush();
    expect(client.testImages.mock.calls).toEqual([
      [0, 8],
      [8, 8],
      [16, 8],
    ]);
    expect(state().examples.first).toBe(16);
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
    expect(state().examples).toMatchObject({ first: 8, error: null });
  });
});

describe('the end of a run', () => {
  it('stays, whatever late events say', async () => {
    const { emit, state, runId } = await setUpTraining();
    emit({ type: 'finished', runId, progress });
    emit({ type: 'paused', runId, progress });
    emit({ type: 'resumed', runId });
    expect(state().run?.status).toBe('finished');
  });
});

describe('the choice of engine', () => {
  it('connects a worker with the chosen engine, and is refused while there is a run', async () => {
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
