import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findDisabledReason, longerEpochs } from './commands.ts';
import { findExperimentStatus } from '../runs/run.ts';
import { createFakeArchive } from '../storage/testing/fakeArchive.ts';
import { checkpoint, evaluation, progress, setUpTraining } from '../testing/fakeLab.ts';
import { makeAttack } from '../runs/measurements.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A finished experiment of two runs over 3 epochs. */
async function setUpFinished(isSaved = true) {
  const { archive, writes } = createFakeArchive();
  const page = await setUpTraining(archive);
  const end = { ...progress, step: 500 };
  for (const runId of page.runIds) {
    page.emit({ type: 'evaluated', runId, evaluation });
    if (isSaved)
      page.emit({ type: 'checkpointed', runId, checkpoint: { ...checkpoint, step: 500 } });
    page.emit({ type: 'finished', runId, progress: end });
  }
  expect(findExperimentStatus(page.state().runs)).toBe('finished');
  page.client.start.mockClear();
  return { ...page, writes };
}

describe('training a finished experiment for longer', () => {
  it('doubles the epochs, and resumes from the checkpoints to the new end', async () => {
    const { lab, client, state, runIds } = await setUpFinished();
    const before = state();
    lab.setAttackEpsilon(0.2);
    lab.train();
    const [starts, attack, extent] = client.start.mock.calls[0]!;
    expect(client.start).toHaveBeenCalledOnce();
    expect(starts.map(({ checkpoint: start }) => start)).toEqual([
      { ...checkpoint, step: 500 },
      { ...checkpoint, step: 500 },
    ]);
    const configs = before.runs.map(({ config }) => ({ ...config, epochs: 6 }));
    expect(starts.map(({ config }) => config)).toEqual(configs);
    expect([attack, extent]).toEqual([makeAttack('fgsm', 0.2), 'end']);
    // Its measurements so far stay: it is the same training.
    expect(state().runs.map(({ history }) => history)).toEqual(
      before.runs.map(({ history }) => history),
    );
    expect(state().runs.map(({ name }) => name)).toEqual(['Plain', 'ABP ε 0.08']);
    expect(state().runs.map(({ paletteIndex }) => paletteIndex)).toEqual(
      before.runs.map(({ paletteIndex }) => paletteIndex),
    );
    expect(state().setup.shared.epochs).toBe('6');
    for (const id of runIds) expect(client.reset).toHaveBeenCalledWith(id);
  });

  it('is another experiment with runs of its own, and the finished one stays saved', async () => {
    const { lab, client, state, writes, runIds } = await setUpFinished();
    const before = state().experimentId;
    lab.train();
    const newIds = state().runs.map(({ id }) => id);
    expect(state().experimentId).not.toBe(before);
    expect(newIds.filter((id) => runIds.includes(id))).toEqual([]);
    expect(new Set(newIds).size).toBe(2);
    expect(client.start.mock.calls[0]![0].map(({ runId }) => runId)).toEqual(newIds);
    const { experiment, isNew } = writes.at(-1)!;
    expect([experiment.id, isNew]).toEqual([state().experimentId, true]);
    expect(experiment.isPaused).toBe(false);
    expect(experiment.runs.map(({ config }) => config.epochs)).toEqual([6, 6]);
    const finished = writes.filter(({ experiment: { id } }) => id === before).at(-1)!;
    expect(finished.experiment.runs.map(({ config }) => config.epochs)).toEqual([3, 3]);
  });

  it('can be repeated, and names runs that differ in their epochs by the new ones', async () => {
    const { lab, emit, state, client } = await setUpFinished();
    lab.train();
    for (const { id: runId } of state().runs) {
      emit({ type: 'checkpointed', runId, checkpoint: { ...checkpoint, step: 1000 } });
      emit({ type: 'finished', runId, progress: { ...progress, step: 1000 } });
    }
    lab.train();
    expect(client.start.mock.lastCall![0].map(({ config }) => config.epochs)).toEqual([12, 12]);
    lab.reset();
    lab.changeEntry(state().setup.entries[1]!.key, { method: 'plain', epochs: '4' });
    lab.train();
    expect(state().runs.map(({ name }) => name)).toEqual(['Plain · 12 epochs', 'Plain · 4 epochs']);
    for (const { id: runId } of state().runs) {
      emit({ type: 'checkpointed', runId, checkpoint });
      emit({ type: 'finished', runId, progress });
    }
    lab.train();
    expect(state().runs.map(({ name }) => name)).toEqual(['Plain · 24 epochs', 'Plain · 8 epochs']);
  });

  it('does nothing without checkpoints', async () => {
    const { lab, client, state } = await setUpFinished(false);
    const before = state();
    lab.train();
    expect(client.start).not.toHaveBeenCalled();
    expect(state()).toBe(before);
  });

  it('only follows the command to train to the end, not that of a step or an epoch', async () => {
    const { lab, client, state } = await setUpFinished();
    lab.step();
    lab.halfStep();
    lab.trainEpoch();
    expect(client.start).not.toHaveBeenCalled();
    for (const command of ['step', 'halfStep', 'trainEpoch'] as const) {
      expect(findDisabledReason(state(), command)).toBe(
        'All epochs are trained. Train for more to take further steps.',
      );
    }
  });

  it('is refused when a run has failed, and when no run can have more epochs', async () => {
    const { lab, client, emit, state, runIds } = await setUpTraining();
    const error = { code: 'loss-not-finite', message: 'Diverged.', remedy: 'Lower.' } as const;
    emit({ type: 'checkpointed', runId: runIds[0]!, checkpoint });
    emit({ type: 'finished', runId: runIds[0]!, progress });
    emit({ type: 'failed', runId: runIds[1]!, error });
    client.start.mockClear();
    expect(findDisabledReason(state(), 'train')).toBe(
      'ABP ε 0.08 has failed. Start over to train again.',
    );
    lab.train();
    expect(client.start).not.toHaveBeenCalled();

    lab.reset();
    lab.changeSettings({ epochs: '1000' });
    lab.train();
    for (const { id: runId } of state().runs) emit({ type: 'finished', runId, progress });
    expect(findDisabledReason(state(), 'train')).toBe(
      'No run can have more epochs. Start over to train again.',
    );
  });

  it('never asks for more epochs than a run can have', () => {
    expect([1, 3, 500, 600, 1000].map(longerEpochs)).toEqual([2, 6, 1000, 1000, 1000]);
  });
});
