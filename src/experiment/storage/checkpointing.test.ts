import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import { makeAttack } from '../runs/measurements.ts';
import {
  checkpoint,
  engine,
  evaluation,
  flush,
  progress,
  setUp,
  setUpTraining,
} from '../testing/fakeLab.ts';
import { createFakeArchive } from './testing/fakeArchive.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('an experiment on the page', () => {
  it('saves a checkpoint with the measurements up to its step, and no later ones', async () => {
    const { archive, writes } = createFakeArchive();
    const { emit, runId } = await setUpTraining(archive);
    expect(writes).toHaveLength(1);
    emit({ type: 'evaluated', runId, evaluation });
    emit({ type: 'evaluated', runId, evaluation: { ...evaluation, step: 20 } });
    emit({ type: 'checkpointed', runId, checkpoint });
    expect(writes).toHaveLength(2);
    expect([...writes[1]!.runIds]).toEqual([runId]);
    const [saved] = writes[1]!.experiment.runs;
    expect(saved).toMatchObject({ id: runId, checkpoint });
    expect(saved!.history.evaluations).toEqual([evaluation]);
  });

  it('resumes a saved experiment from its checkpoints, and pauses it if it was paused', async () => {
    const { archive, writes } = createFakeArchive();
    const before = await setUpTraining(archive);
    before.emit({ type: 'evaluated', runId: before.runId, evaluation });
    before.emit({ type: 'checkpointed', runId: before.runId, checkpoint });
    const [saved] = writes.at(-1)!.experiment.runs;

    const after = setUp();
    after.lab.resumeExperiment({
      id: 'saved',
      startedAt: 0,
      isPaused: true,
      attackEpsilon: 0.2,
      enginePreference: 'auto',
      runs: [saved!],
    });
    const [starts, attack, extent] = after.client.start.mock.calls[0]!;
    expect(starts).toEqual([
      { runId: before.runId, config: before.state().runs[0]!.config, checkpoint },
    ]);
    expect([attack, extent]).toEqual([makeAttack('fgsm', 0.2), 'none']);
    expect(after.state().runs[0]!.history.evaluations).toEqual([evaluation]);
    expect(after.state().setup.entries.map(({ name }) => name)).toEqual(['Plain']);
  });

  it('resumes without a click after a reload only if it was started to train to the end', async () => {
    const { archive, writes } = createFakeArchive();
    const { lab, emit, state } = setUp(archive);
    await flush();
    lab.trainEpoch();
    expect(writes[0]!.experiment.isPaused).toBe(true);
    for (const { id } of state().runs) emit({ type: 'paused', runId: id, progress });
    lab.train();
    expect(archive.remember).toHaveBeenLastCalledWith(state().experimentId, false);
    expect(writes.at(-1)!.experiment.isPaused).toBe(false);
    for (const { id } of state().runs) emit({ type: 'paused', runId: id, progress });
    lab.step();
    expect(archive.remember).toHaveBeenLastCalledWith(state().experimentId, true);
    expect(writes.at(-1)!.experiment.isPaused).toBe(true);
  });

  it('ends one epoch for all runs: only those that have not finished it train', async () => {
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

  it('saves the attack ε, and measurements of the network in the checkpoint', async () => {
    const { archive, writes } = createFakeArchive();
    const { lab, client, emit, runIds } = await setUpTraining(archive);
    lab.setAttackEpsilon(0.3);
    expect(writes.at(-1)!.experiment.attackEpsilon).toBe(0.3);
    emit({ type: 'engineReady', engine });
    const runId = runIds[0]!;
    emit({ type: 'checkpointed', runId, checkpoint });
    expect(writes.at(-1)!.experiment.runs[0]!.engine).toBe('WebGL');
    const before = writes.length;
    const later = { ...evaluation, step: 11, attack: makeAttack('pgd', 0.1) };
    client.measure.mockResolvedValueOnce(evaluation).mockResolvedValueOnce(later);
    lab.sweep('quick');
    await flush();
    // The other run has no checkpoint yet.
    expect(writes).toHaveLength(before + 1);
    expect([...writes[before]!.runIds]).toEqual([runId]);
    expect(writes[before]!.experiment.runs[0]!.measurements).toEqual([evaluation]);
  });

  it('does not repeat the measurements of a finished experiment', async () => {
    const { archive, writes } = createFakeArchive();
    const before = await setUpTraining(archive);
    before.emit({ type: 'checkpointed', runId: before.runId, checkpoint });
    const [saved] = writes.at(-1)!.experiment.runs;
    const end = { ...progress, step: 500 };
    const mistakes = { clean: '', adversarial: '' };
    const known = { ...evaluation, step: 500, sampleCount: 10_000, mistakes };
    const after = setUp();
    after.lab.resumeExperiment({
      id: 'saved',
      startedAt: 0,
      isPaused: false,
      attackEpsilon: 0.08,
      enginePreference: 'auto',
      runs: [{ ...saved!, progress: end, measurements: [known] }],
    });
    after.emit({ type: 'started', runId: before.runId, progress: end });
    after.emit({ type: 'finished', runId: before.runId, progress: end });
    await flush();
    const [, attack] = after.client.measure.mock.calls[0]!;
    expect(attack).toEqual(makeAttack('margin-pgd', 0.08));
  });

  it('reports that nothing can be saved, and continues training', async () => {
    const { archive } = createFakeArchive();
    const { emit, state, runId } = await setUpTraining(archive);
    archive.save.mockRejectedValue(
      new LabError('storage-failed', 'The disk is full.', 'Delete old experiments.'),
    );
    emit({ type: 'checkpointed', runId, checkpoint });
    await flush();
    expect(state().archive.error?.message).toBe('The disk is full.');
    expect(state().runs[0]!.status).toBe('running');
  });
});
