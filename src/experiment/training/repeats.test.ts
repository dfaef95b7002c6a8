import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attack, Evaluation } from '../../domain/metrics.ts';
import { LabError } from '../../domain/errors.ts';
import { findTrainingStatus, noRepeats } from '../runs/repeats.ts';
import { makeAttack } from '../runs/measurements.ts';
import type { SavedExperiment } from '../storage/types.ts';
import { createFakeArchive } from '../storage/testing/fakeArchive.ts';
import {
  checkpoint,
  death,
  engine,
  evaluation,
  flush,
  progress,
  setUp,
  setUpTraining,
} from '../testing/fakeLab.ts';
import { findDisabledReason } from './commands.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Page = Awaited<ReturnType<typeof setUpTraining>>;
const end = { ...progress, step: 500 };
const mistakes = { clean: '', adversarial: '' };

/** Answers measurements at once: the worker's result on all images. */
function measureAtOnce({ client }: Pick<Page, 'client'>): void {
  client.measure.mockImplementation((_, attack: Attack, count) =>
    Promise.resolve<Evaluation>({ ...evaluation, step: 500, sampleCount: count, attack, mistakes }),
  );
}

function finish({ emit }: Pick<Page, 'emit'>, runIds: readonly string[]): void {
  for (const runId of runIds) {
    emit({ type: 'started', runId, progress: { ...progress, step: 0 } });
    emit({ type: 'evaluated', runId, evaluation });
    emit({ type: 'checkpointed', runId, checkpoint: { ...checkpoint, step: 500 } });
    emit({ type: 'finished', runId, progress: end });
  }
}

/** A finished experiment of two runs, on an engine that measures at once. */
async function setUpFinished() {
  const { archive, writes } = createFakeArchive();
  const page = await setUpTraining(archive);
  measureAtOnce(page);
  page.emit({ type: 'engineReady', engine });
  finish(page, page.runIds);
  await flush();
  page.client.start.mockClear();
  page.client.reset.mockClear();
  const saved = (): SavedExperiment => writes.at(-1)!.experiment;
  const seedIds = () => page.state().repeats.runs.map(({ id }) => id);
  return { ...page, writes, saved, seedIds };
}

describe('repeating an experiment', () => {
  it('trains the same setup with one later seed after another, and keeps numbers, not networks', async () => {
    const page = await setUpFinished();
    const { lab, client, state, seedIds, runIds } = page;
    lab.repeat(3);
    expect(findTrainingStatus(state())).toBe('busy');
    const [starts, attack, extent] = client.start.mock.calls[0]!;
    const configs = state().runs.map(({ config }) => ({ ...config, seed: config.seed + 1 }));
    expect(starts.map(({ config }) => config)).toEqual(configs);
    expect(starts.map(({ checkpoint: from }) => from)).toEqual([null, null]);
    expect([attack, extent]).toEqual([makeAttack('fgsm', state().attackEpsilon), 'end']);

    const first = seedIds();
    lab.setAttackEpsilon(0.3); // the seeds are measured at the ε of the first repeat
    client.measure.mockClear();
    const point = { step: 5, epoch: 0.5, loss: 0.7 };
    page.emit({ type: 'lossMeasured', runId: first[0]!, point });
    finish(page, first);
    await flush();
    expect(state().repeats.finished).toHaveLength(1);
    const [run] = state().repeats.finished[0]!;
    expect(run).toMatchObject({ config: configs[0], history: { losses: [point] } });
    expect(run!.measurements.map(({ attack: { kind, epsilon } }) => [kind, epsilon])).toEqual([
      ['fgsm', attack.epsilon],
      ['margin-pgd', attack.epsilon],
    ]);
    for (const id of first) expect(client.reset).toHaveBeenCalledWith(id);
    for (const id of runIds) expect(client.reset).not.toHaveBeenCalledWith(id);

    expect(client.start.mock.calls[1]![0].map(({ config }) => config.seed)).toEqual([3, 3]);
    finish(page, seedIds());
    await flush();
    expect(state().repeats).toMatchObject({ seedCount: 3, runs: [] });
    expect(state().repeats.finished.map(([one]) => one!.config.seed)).toEqual([2, 3]);
    expect(client.start).toHaveBeenCalledTimes(2);
    expect(findTrainingStatus(state())).toBe('finished');
  });

  it('is saved, and resumes after a reload: finished seeds as numbers, the next from its checkpoint', async () => {
    const page = await setUpFinished();
    page.lab.repeat(5);
    finish(page, page.seedIds());
    await flush();
    const [runId] = page.seedIds();
    page.emit({ type: 'started', runId: runId!, progress: { ...progress, step: 0 } });
    page.emit({ type: 'evaluated', runId: runId!, evaluation });
    page.emit({ type: 'checkpointed', runId: runId!, checkpoint });
    const saved = page.saved();
    expect(saved.isPaused).toBe(false);
    expect(saved.repeats!.runs.map(({ checkpoint: kept }) => kept?.step ?? null)).toEqual([
      10,
      null,
    ]);

    const after = setUp();
    after.lab.resumeExperiment(saved);
    const [starts, , extent] = after.client.start.mock.lastCall!;
    expect(starts.map(({ checkpoint: from }) => from)).toEqual([checkpoint, null]);
    expect(extent).toBe('end');
    expect(after.state().repeats).toMatchObject({ seedCount: 5, isPaused: false });
    expect(after.state().repeats.finished).toEqual(page.state().repeats.finished);
    expect(after.state().repeats.runs[0]!.history.evaluations).toEqual([evaluation]);
  });

  it('pauses and resumes, in training and in measurement, and stays paused after a reload', async () => {
    const page = await setUpFinished();
    const { lab, client, state, seedIds, emit } = page;
    lab.repeat(5);
    for (const runId of seedIds()) {
      emit({ type: 'started', runId, progress: { ...progress, step: 0 } });
    }
    expect(findDisabledReason(state(), 'step')).toContain('Other seeds are being trained');
    lab.pause();
    expect(findTrainingStatus(state())).toBe('pausing');
    for (const runId of seedIds()) emit({ type: 'paused', runId, progress });
    expect(findTrainingStatus(state())).toBe('paused');
    expect(page.saved().isPaused).toBe(true);
    const reloaded = setUp();
    reloaded.lab.resumeExperiment(page.saved());
    expect(reloaded.client.start.mock.lastCall![2]).toBe('none');
    // A press before the worker has the networks would be lost.
    expect(findTrainingStatus(reloaded.state())).toBe('pausing');
    const restored = reloaded.state().repeats.runs.map(({ id }) => id);
    for (const runId of restored) reloaded.emit({ type: 'paused', runId, progress });
    expect(findTrainingStatus(reloaded.state())).toBe('paused');
    reloaded.lab.train();
    for (const runId of restored) {
      expect(reloaded.client.resume).toHaveBeenCalledWith(runId, 'end');
    }

    lab.train();
    for (const runId of seedIds()) expect(client.resume).toHaveBeenCalledWith(runId, 'end');
    client.measure.mockImplementation(() => new Promise(() => undefined));
    finish(page, seedIds());
    await flush();
    lab.pause();
    expect(findTrainingStatus(state())).toBe('paused');
    const [, , , signal] = client.measure.mock.lastCall!;
    expect(signal!.aborted).toBe(true);
    measureAtOnce(page);
    lab.train();
    await flush();
    expect(state().repeats.finished).toHaveLength(1);
  });

  it('keeps the finished seeds when it is stopped, and continues where it stopped', async () => {
    const page = await setUpFinished();
    const { lab, client, state, seedIds } = page;
    lab.repeat(5);
    finish(page, seedIds());
    await flush();
    const [second] = seedIds();
    lab.stopRepeating();
    expect(client.reset).toHaveBeenCalledWith(second);
    expect(state().repeats).toMatchObject({ seedCount: 2, runs: [] });
    expect(page.saved().repeats).toMatchObject({ seedCount: 2, runs: [] });
    expect(findTrainingStatus(state())).toBe('finished');
    lab.repeat(5);
    expect(state().repeats.runs[0]!.config.seed).toBe(3);
    // A late message of the seed that was stopped must not reach the one in its place.
    expect(seedIds()).not.toContain(second);
    page.emit({ type: 'finished', runId: second!, progress: end });
    expect(state().repeats.runs[0]!.status).toBe('starting');
    lab.stopRepeating();
    lab.setAttackEpsilon(0.3);
    lab.repeat(5);
    expect(state().repeats).toMatchObject({ finished: [], attackEpsilon: 0.3 });
    expect(state().repeats.runs[0]!.config.seed).toBe(2);
    lab.reset();
    expect(state().repeats).toEqual(noRepeats);
  });

  it('continues with the other runs of a seed if one diverges, and keeps that it did', async () => {
    const page = await setUpFinished();
    const { lab, state, seedIds, emit } = page;
    lab.repeat(3);
    const [first, second] = seedIds();
    const error = { code: 'loss-not-finite', message: 'It diverged.', remedy: 'None.' } as const;
    emit({ type: 'failed', runId: first!, error });
    finish(page, [second!]);
    await flush();
    const [seed] = state().repeats.finished;
    expect(seed!.map(({ measurements }) => measurements.length)).toEqual([0, 2]);
    expect(seed!.map(({ failure }) => failure)).toEqual(['diverged', undefined]);
  });

  it('resumes from its checkpoints on the engine that replaces a dead one', async () => {
    const page = await setUpFinished();
    const { lab, client, state, seedIds, emit } = page;
    lab.repeat(5);
    const [runId] = seedIds();
    emit({ type: 'checkpointed', runId: runId!, checkpoint });
    client.start.mockClear();
    emit({ type: 'engineFailed', error: death });
    const [starts, , extent] = client.start.mock.lastCall!;
    expect(starts.map(({ runId: id }) => id)).toEqual(seedIds());
    expect(starts.map(({ checkpoint: from }) => from?.step ?? null)).toEqual([10, null]);
    expect(extent).toBe('end');
    expect(state().repeats.isPaused).toBe(false);
  });

  it('is not offered for weights from a file, whose training is not known, nor is more of it', async () => {
    const page = await setUpFinished();
    const [run] = page.saved().runs;
    const opened = {
      ...page.saved(),
      id: 'opened',
      runs: [{ ...run!, id: 'o-1', isOpened: true }],
    } as const;
    page.lab.resumeExperiment(opened);
    finish(page, ['o-1']);
    await flush();
    expect(findTrainingStatus(page.state())).toBe('finished');
    expect(page.saved().runs[0]).toMatchObject({ id: 'o-1', isOpened: true });
    expect(findDisabledReason(page.state(), 'repeat')).toContain('how they were trained');
    expect(findDisabledReason(page.state(), 'train')).toContain('opened from a file');
    page.client.start.mockClear();
    page.lab.repeat(5);
    page.lab.train();
    expect(page.client.start).not.toHaveBeenCalled();
    expect(page.state().repeats.runs).toEqual([]);
  });

  it('pauses and says why when a seed cannot be measured', async () => {
    const page = await setUpFinished();
    const { lab, client, state, seedIds } = page;
    lab.repeat(5);
    client.measure.mockRejectedValue(new LabError('internal', 'It is broken.', 'Report it.'));
    finish(page, seedIds());
    await flush();
    expect(findTrainingStatus(state())).toBe('paused');
    expect(state().notices.at(-1)!.sentences).toEqual(['It is broken.', 'Report it.']);
    // A reload does not try by itself what has just failed.
    expect(page.saved().isPaused).toBe(true);
  });
});
