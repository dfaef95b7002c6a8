import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import { makeAttack } from '../runs/measurements.ts';
import { exampleCount } from '../state.ts';
import { progress, setUp, flush, setUpTraining } from '../testing/fakeLab.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('examples', () => {
  it('are attacked on every run, one round at a time, and the newest ε wins', async () => {
    const { lab, attacks, client, state, runIds } = await setUpTraining();
    // The first run had started alone: it is queried again together with the second.
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
    expect(state().examples.isPending).toBe(false);
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
      emit({ type: 'progressed', runId, progress: { ...progress, step: 11 + i } });
      await vi.advanceTimersByTimeAsync(100);
      for (const { answer } of attacks) answer();
    }
    const rounds = (attacks.length - before) / 2;
    expect(rounds).toBeGreaterThanOrEqual(3);
    expect(rounds).toBeLessThanOrEqual(5);
  });

  it('drop results of another experiment', async () => {
    const { lab, attacks, state } = await setUpTraining();
    lab.reset();
    attacks[0]!.answer();
    await flush();
    expect(state().examples).toMatchObject({ results: {}, isPending: false });
  });

  it('report why an attack failed, unless the worker died', async () => {
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
    expect(client.testImages.mock.calls.map(([first, count]) => [first, count])).toEqual([
      [0, exampleCount],
      [exampleCount, exampleCount],
    ]);
    expect(state().examples.first).toBe(exampleCount);
  });

  it('can be reloaded after loading failed', async () => {
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
