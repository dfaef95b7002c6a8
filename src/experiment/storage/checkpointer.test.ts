import { describe, expect, it, vi } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import { createRun } from '../runs/run.ts';
import type { Changes } from './types.ts';
import { Checkpointer } from './checkpointer.ts';
import { createFakeArchive } from './testing/fakeArchive.ts';
import { makeCheckpoint, makeSavedExperiment } from './testing/savedExperiments.ts';

/** A checkpointer of a new experiment; the test starts and ends the archive's writes. */
function setUp() {
  const { archive } = createFakeArchive();
  const writes: { begin: () => Changes; end: (error?: LabError | false) => void }[] = [];
  archive.save.mockImplementation(
    (_, begin) =>
      new Promise((resolve, reject) => {
        writes.push({ begin, end: (error) => (error ? reject(error) : resolve(error !== false)) });
      }),
  );
  const onError = vi.fn();
  const onGone = vi.fn();
  const checkpointer = new Checkpointer(archive, onError, onGone);
  const experiment = makeSavedExperiment('a', 0);
  checkpointer.begin(experiment);
  const saveCheckpoint = (index: number, step: number) => {
    const run = experiment.runs[index]!;
    checkpointer.saveCheckpoint(createRun(run.id, run), makeCheckpoint(step), 'SIMD');
  };
  /** @param error false: the experiment is gone */
  const end = async (index: number, error?: LabError | false) => {
    writes[index]!.end(error);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { archive, checkpointer, writes, end, onError, onGone, saveCheckpoint, experiment };
}

const full = new LabError('storage-failed', 'Full.', 'Delete experiments.');

describe('Checkpointer', () => {
  it('claims the experiment and stores its id for the tab at once', () => {
    const { archive, checkpointer } = setUp();
    expect(archive.claim).toHaveBeenCalledExactlyOnceWith('a');
    expect(archive.remember).toHaveBeenLastCalledWith('a', false);
    checkpointer.setPaused(true);
    expect(archive.remember).toHaveBeenLastCalledWith('a', true);
  });

  it('notices that the browser has removed the experiment, says so, and saves all of it again', async () => {
    const { archive, writes, end, onGone, saveCheckpoint, experiment } = setUp();
    writes[0]!.begin();
    await end(0);
    saveCheckpoint(0, 5);
    writes[1]!.begin();
    await end(1, false);
    expect(onGone).toHaveBeenCalledTimes(1);
    expect(archive.remember).toHaveBeenLastCalledWith('a', false);
    const again = writes[2]!.begin();
    expect(again.isNew).toBe(true);
    expect([...again.runIds]).toEqual(experiment.runs.map(({ id }) => id));
    expect(again.experiment.runs[0]!.checkpoint!.step).toBe(5);
    await end(2);
    expect(writes).toHaveLength(3);
  });

  it('does not save an experiment again that its user has closed', async () => {
    const { checkpointer, writes, end, onGone, saveCheckpoint } = setUp();
    writes[0]!.begin();
    await end(0);
    saveCheckpoint(0, 5);
    checkpointer.close();
    writes[1]!.begin();
    await end(1, false);
    expect([writes.length, onGone.mock.calls.length]).toEqual([2, 0]);
  });

  it('lets one write wait, which stores the newest state when it begins', () => {
    const { writes, saveCheckpoint, experiment } = setUp();
    saveCheckpoint(0, 5);
    expect(writes).toHaveLength(1);
    const first = writes[0]!.begin();
    expect(first.isNew).toBe(true);
    expect([...first.runIds]).toEqual(experiment.runs.map(({ id }) => id));
    expect(first.experiment.runs[0]!.checkpoint!.step).toBe(5);

    for (const step of [10, 15, 20]) saveCheckpoint(1, step); // while the first write is in progress
    expect(writes).toHaveLength(2);
    const second = writes[1]!.begin();
    expect([...second.runIds]).toEqual([experiment.runs[1]!.id]);
    expect(second.experiment.runs.map((run) => run.checkpoint!.step)).toEqual([5, 20]);
  });

  it('creates an experiment only once, so that a deleted one stays deleted', async () => {
    const { writes, end, saveCheckpoint } = setUp();
    writes[0]!.begin();
    await end(0);
    saveCheckpoint(0, 5);
    expect(writes[1]!.begin().isNew).toBe(false);
  });

  it('stores what a failed write did not once there is room, and reports both', async () => {
    const { checkpointer, writes, end, onError, saveCheckpoint, experiment } = setUp();
    writes[0]!.begin();
    await end(0, full);
    expect(onError).toHaveBeenLastCalledWith(expect.objectContaining({ message: 'Full.' }));
    checkpointer.setPaused(true);
    await end(1, full); // before it began: the database did not open
    checkpointer.setAttackEpsilon(0.2);
    saveCheckpoint(0, 5);
    const changes = writes[2]!.begin();
    expect(changes).toMatchObject({
      isNew: true,
      experiment: { id: 'a', isPaused: true, attackEpsilon: 0.2 },
    });
    expect([...changes.runIds]).toEqual(experiment.runs.map(({ id }) => id));
    await end(2);
    expect(onError).toHaveBeenLastCalledWith(null);
  });

  it('still stores what is waiting when the experiment is closed', () => {
    const { archive, checkpointer, writes, saveCheckpoint } = setUp();
    saveCheckpoint(0, 5);
    checkpointer.close();
    expect(archive.close).toHaveBeenCalledExactlyOnceWith('a');
    expect(writes[0]!.begin().experiment.runs[0]!.checkpoint!.step).toBe(5);
    saveCheckpoint(0, 10); // a late message
    expect(writes).toHaveLength(1);
    expect(checkpointer.findSaved('a-1')).toBeNull();
  });
});
