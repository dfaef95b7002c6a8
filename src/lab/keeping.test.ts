import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../shared/errors.ts';
import { makeAttack } from './readings.ts';
import {
  progress,
  evaluation,
  engine,
  checkpoint,
  setUp,
  flush,
  setUpTraining,
  createFakeArchive,
} from './testing/fakeLab.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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
