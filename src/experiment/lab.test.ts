import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findDisabledReason } from './training/commands.ts';
import { createLab } from './lab.ts';
import type { TrainingClient } from '../worker/client.ts';
import { makeAttack } from './runs/measurements.ts';
import { findExperimentStatus } from './runs/run.ts';
import {
  createFakeClient,
  progress,
  evaluation,
  engine,
  death,
  checkpoint,
  setUp,
  flush,
  setUpTraining,
} from './testing/fakeLab.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an experiment', () => {
  it('starts all runs together, each with its own method and otherwise equal settings', async () => {
    const { client, state, runIds } = await setUpTraining();
    expect(client.start).toHaveBeenCalledOnce();
    const [starts, attack, extent] = client.start.mock.calls[0]!;
    expect(starts.map(({ runId }) => runId)).toEqual(runIds);
    expect(starts.map(({ config }) => config.method)).toEqual(['plain', 'adversarial']);
    expect({ ...starts[0]!.config, method: 'adversarial' }).toEqual(starts[1]!.config);
    expect([attack, extent]).toEqual([makeAttack('fgsm', 0.1), 'end']);
    expect(state().runs.map(({ name }) => name)).toEqual(['Plain', 'ABP ε 0.08']);
  });

  it('passes through its states and records its runs’ measurements', async () => {
    const { lab, client, emit, state, runIds, runId } = await setUpTraining();
    expect(findExperimentStatus(state().runs)).toBe('busy');
    emit({ type: 'progressed', runId, progress });
    emit({ type: 'lossMeasured', runId, point: { step: 10, epoch: 0.1, loss: 2 } });
    emit({ type: 'evaluated', runId, evaluation });
    lab.pause();
    expect(findExperimentStatus(state().runs)).toBe('pausing');
    for (const id of runIds) {
      expect(client.pause).toHaveBeenCalledWith(id);
      emit({ type: 'paused', runId: id, progress: { ...progress, step: 11 } });
    }
    expect(findExperimentStatus(state().runs)).toBe('paused');
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
    expect(findExperimentStatus(state().runs)).toBe('finished');
    // Only training for longer resumes from here.
    expect(findDisabledReason(state(), 'train')).toBeNull();
    expect(findDisabledReason(state(), 'step')).toContain('All epochs are trained');
  });

  it('continues when one of its runs fails', async () => {
    const { emit, state, runIds } = await setUpTraining();
    const error = { code: 'loss-not-finite', message: 'Diverged.', remedy: 'Lower.' } as const;
    emit({ type: 'failed', runId: runIds[1]!, error });
    expect(state().runs.map(({ status }) => status)).toEqual(['running', 'failed']);
    expect(findExperimentStatus(state().runs)).toBe('busy');
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

  it('does not start with invalid settings', () => {
    const { lab, client, state } = setUp();
    lab.changeSettings({ batchSize: '0' });
    lab.train();
    expect(client.start).not.toHaveBeenCalled();
    expect(findDisabledReason(state(), 'train')).toContain('Batch size');
  });

  it('fails when its data fail to load', () => {
    const { lab, emit, state } = setUp();
    const error = { code: 'data-corrupt', message: 'Wrong checksum.', remedy: 'Reload.' } as const;
    lab.train();
    emit({ type: 'dataFailed', part: 'training', error });
    for (const { id } of state().runs) emit({ type: 'failed', runId: id, error });
    expect(findExperimentStatus(state().runs)).toBe('failed');
    expect(findDisabledReason(state(), 'train')).toBeNull();
  });

  it('stays finished when late events arrive', async () => {
    const { emit, state, runId } = await setUpTraining();
    emit({ type: 'finished', runId, progress });
    emit({ type: 'paused', runId, progress });
    emit({ type: 'resumed', runId });
    expect(state().runs[0]?.status).toBe('finished');
  });

  it('measures robustness once all runs have finished an epoch, one query at a time', async () => {
    const { lab, client, emit, runIds } = await setUpTraining();
    const whole = { ...evaluation, step: 100, epoch: 1, sampleCount: 10_000 };
    emit({ type: 'evaluated', runId: runIds[0]!, evaluation: whole });
    expect(client.measure).not.toHaveBeenCalled();
    emit({ type: 'evaluated', runId: runIds[1]!, evaluation: whole });
    await flush();
    expect(client.freeze.mock.calls.map(([id]) => id)).toEqual(runIds);
    expect(client.measure).toHaveBeenCalledOnce();
    expect(client.measure).toHaveBeenCalledWith(
      runIds[0],
      makeAttack('random-signs', 0),
      200,
      expect.any(AbortSignal),
    );
    const signal = client.measure.mock.lastCall![3]!;
    // An epoch that ends meanwhile does not start another sweep, but the user can.
    emit({ type: 'evaluated', runId: runIds[0]!, evaluation: { ...whole, step: 200, epoch: 2 } });
    emit({ type: 'evaluated', runId: runIds[1]!, evaluation: { ...whole, step: 200, epoch: 2 } });
    await flush();
    expect(client.measure).toHaveBeenCalledOnce();
    lab.measureAtEpsilon();
    await flush();
    expect(client.measure).toHaveBeenLastCalledWith(
      runIds[0],
      makeAttack('fgsm', 0.1),
      10_000,
      expect.any(AbortSignal),
    );
    expect(signal.aborted).toBe(true);
  });
});

describe('an engine that fails', () => {
  it('is replaced, and every run resumes from its own checkpoint', async () => {
    const { connect, fakes, emit, state, runIds, runId } = await setUpTraining();
    emit({ type: 'engineReady', engine });
    emit({ type: 'evaluated', runId, evaluation });
    emit({ type: 'checkpointed', runId, checkpoint });
    emit({ type: 'evaluated', runId, evaluation: { ...evaluation, step: 20 } });
    fakes.push(createFakeClient());
    emit({ type: 'engineFailed', error: death });

    expect(connect).toHaveBeenLastCalledWith('simd'); // it was WebGL that failed
    expect(state().notices.map(({ kind }) => kind)).toEqual(['recovery']);
    expect(state().notices[0]!.sentences[1]).toMatch(
      /training continues from the last checkpoint\.$/,
    );
    const [starts, , extent] = fakes[1]!.client.start.mock.calls[0]!;
    expect(starts.map((start) => [start.runId, start.checkpoint])).toEqual([
      [runIds[0], checkpoint],
      [runIds[1], null],
    ]);
    expect(extent).toBe('end');
    expect(state().runs[0]!.history.evaluations).toEqual([evaluation]);

    // The user did not choose this engine, so its own reason does not apply.
    const simd = { ...engine, name: 'SIMD', reason: 'Chosen by hand.' };
    fakes[1]!.emit({ type: 'engineReady', engine: simd });
    const reason = 'It replaced WebGL, which failed.';
    expect(state().engine).toMatchObject({ engine: { ...simd, reason } });
  });

  it('is not replaced forever', async () => {
    const { lab, connect, fakes, emit, state } = await setUpTraining();
    let emitLatest = emit;
    for (let failures = 1; failures <= 4; failures++) {
      fakes.push(createFakeClient());
      emitLatest({ type: 'engineReady', engine });
      emitLatest({ type: 'engineFailed', error: death });
      emitLatest = fakes.at(-1)!.emit;
    }
    expect(connect).toHaveBeenCalledTimes(4);
    expect(state().engine.status).toBe('failed');
    expect(state().notices[0]!.sentences[1]).toMatch(/nothing was saved yet/);
    expect(state().runs.map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(findDisabledReason(state(), 'train')).toContain('engine');

    lab.restartEngine();
    expect(connect).toHaveBeenCalledTimes(5);
    expect(fakes.at(-1)!.client.start.mock.calls[0]![2]).toBe('none');
  });

  it('is replaced by the one that is found best if the one chosen does not start', async () => {
    const { lab, connect, fakes, emit, state } = await setUpTraining();
    lab.reset();
    lab.chooseEngine('webgl');
    const error = { ...death, code: 'engine-unavailable' } as const;
    (fakes[1]?.emit ?? emit)({ type: 'engineFailed', error });
    lab.restartEngine('auto');
    expect(state().enginePreference).toBe('auto');
    expect(connect).toHaveBeenLastCalledWith('auto');
  });

  it('leaves measurements visible when it never ran', async () => {
    const { emit, state, runId } = await setUpTraining();
    emit({ type: 'evaluated', runId, evaluation });
    emit({ type: 'engineFailed', error: death });
    expect(state().engine.status).toBe('failed');
    expect(state().runs[0]).toMatchObject({ status: 'failed', hasNetwork: false });
    expect(state().runs[0]!.history.evaluations).toEqual([evaluation]);
  });

  it('is reported when it cannot even be created', () => {
    const lab = createLab(() => {
      throw new Error('Workers are forbidden here.');
    });
    const { engine: state } = lab.store.getState();
    expect(state.status === 'failed' && state.error.message).toContain('forbidden');
    lab.train();
    expect(lab.store.getState().runs).toEqual([]);
  });
});

describe('the choice of engine', () => {
  it('connects a worker with the chosen engine, and is refused during an experiment', async () => {
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
    expect(findDisabledReason(state(), 'chooseEngine')).toBe('Start over to change its engine.');
    lab.reset();
    lab.chooseEngine('simd');
    expect(connect).toHaveBeenLastCalledWith('simd');
  });
});

describe('a lab whose first screen is not there yet', () => {
  function setUpHidden() {
    let show = (): void => undefined;
    const { client } = createFakeClient();
    const connect = vi.fn<() => TrainingClient>(() => client);
    const lab = createLab(connect, null, null, null, (start) => (show = start));
    return { lab, client, connect, show: () => show() };
  }

  it('starts its engine when it is, once', () => {
    const { lab, connect, show } = setUpHidden();
    lab.setAttackEpsilon(0.2);
    expect(connect).not.toHaveBeenCalled();
    show();
    show();
    expect(connect).toHaveBeenCalledExactlyOnceWith('auto');
    expect(lab.store.getState().engine.status).toBe('starting');
  });

  it('starts its engine at once for an action that needs it', () => {
    const { lab, client, connect, show } = setUpHidden();
    lab.train();
    expect(client.start).toHaveBeenCalledOnce();
    show();
    expect(connect).toHaveBeenCalledOnce();
  });
});
