import { describe, expect, it } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import type { Lab } from '../lab.ts';
import { linkedPart, readLink, writeLink } from '../link/link.ts';
import { openReading } from '../link/openLink.ts';
import { engine, setUp as setUpLab } from '../testing/fakeLab.ts';
import type { SavedExperiment } from './types.ts';
import { describeContinuation, resumePresentExperiment } from './resume.ts';
import {
  deleteExperiment,
  openExperiment,
  refreshExperiments,
  toggleReference,
} from './savedExperiments.ts';
import { createFakeArchive } from './testing/fakeArchive.ts';
import { makeSavedExperiment } from './testing/savedExperiments.ts';

/** A lab with a fake engine, and an archive that holds these experiments; the first is the present one. */
function setUp(experiments: SavedExperiment[]) {
  const { archive, writes } = createFakeArchive(experiments);
  const { lab, state, client, connect, emit } = setUpLab(archive);
  return { lab, state, archive, writes, start: client.start, connect, emit };
}

/** An experiment as the page saves it when it starts, and the page's link at that time. */
function startExperiment(change: (lab: Lab) => void): {
  experiment: SavedExperiment;
  link: string;
} {
  const { lab, writes, state } = setUp([]);
  change(lab);
  lab.train();
  return { experiment: writes[0]!.experiment, link: `#${writeLink(linkedPart(state()))}` };
}

const sentences = ({ state }: ReturnType<typeof setUp>) =>
  state().notices.map((notice) => notice.sentences.join(' '));

describe('resumePresentExperiment', () => {
  it('starts each run where it was saved, with its curves, and says so', async () => {
    const experiment = makeSavedExperiment('a', 130);
    const page = setUp([experiment]);
    await resumePresentExperiment(page.lab);
    const [runs, , extent] = page.start.mock.calls[0]!;
    expect(runs.map(({ checkpoint }) => checkpoint)).toEqual(
      experiment.runs.map(({ checkpoint }) => checkpoint),
    );
    expect(extent).toBe('end');
    expect(page.state().runs.map(({ history }) => history)).toEqual(
      experiment.runs.map(({ history }) => history),
    );
    expect(sentences(page)).toHaveLength(1);
    expect(sentences(page)[0]).toMatch(/^The experiment of .* resumes from epoch 1\.3\.$/);
  });

  it('does not replace an experiment that the user started meanwhile', async () => {
    const page = setUp([makeSavedExperiment('a', 130)]);
    const resuming = resumePresentExperiment(page.lab);
    page.lab.train();
    await resuming;
    expect(page.state().experimentId).not.toBe('a');
    expect(page.state().notices).toEqual([]);
  });

  it('leaves the experiment saved if no engine starts', async () => {
    const page = setUp([makeSavedExperiment('a', 130)]);
    const error = { code: 'engine-unavailable', message: 'None.', remedy: 'Update.' } as const;
    page.emit({ type: 'engineFailed', error });
    await resumePresentExperiment(page.lab);
    expect(page.archive.release).toHaveBeenCalledOnce();
    expect(page.state().experimentId).toBeNull();
    expect((await openExperiment(page.lab, 'a'))?.message).toContain('the engine has stopped');
  });

  it('selects the engine that the experiment was started for, and says when another one computes', async () => {
    const page = setUp([{ ...makeSavedExperiment('a', 130), enginePreference: 'webgl' }]);
    await resumePresentExperiment(page.lab);
    expect(page.connect).toHaveBeenLastCalledWith('webgl');
    page.emit({ type: 'engineReady', engine });
    expect(sentences(page)[1]).toContain('computed by SIMD; from here on by WebGL');
  });

  it('says nothing about the engine when it is the same', async () => {
    const page = setUp([makeSavedExperiment('a', 130)]);
    await resumePresentExperiment(page.lab);
    page.emit({ type: 'engineReady', engine: { ...engine, name: 'SIMD' } });
    expect(sentences(page)).toHaveLength(1);
  });

  it('resumes the undamaged runs of an experiment whose other network is damaged', async () => {
    const experiment = makeSavedExperiment('a', 130);
    const damage = { code: 'data-corrupt', message: 'Found NaN.', remedy: 'Again.' } as const;
    const [first, second] = experiment.runs;
    const damaged = { ...second!, checkpoint: null, damage };
    const page = setUp([{ ...experiment, runs: [first!, damaged] }]);
    await resumePresentExperiment(page.lab);
    const [started] = page.start.mock.calls[0]!;
    expect(started.map(({ runId }) => runId)).toEqual([first!.id]);
    expect(page.state().runs).toMatchObject([
      { status: 'starting', error: null },
      { status: 'failed', hasNetwork: false, error: damage, history: second!.history },
    ]);
    expect(sentences(page)[0]).toContain('resumes from epoch 1.3');

    const lost = setUp([
      { ...experiment, runs: [{ ...first!, checkpoint: null, damage }, damaged] },
    ]);
    await resumePresentExperiment(lost.lab);
    expect(lost.start).not.toHaveBeenCalled();
    expect(sentences(lost)[0]).toContain('none of its networks can be read');
  });

  it.each([
    [{ status: 'unreadable' }, false, 'its record cannot be read'],
    [{ status: 'unreadable' }, true, 'its record cannot be read'],
    [{ status: 'elsewhere', isOwn: true }, false, 'open in another tab'],
    [{ status: 'elsewhere', isOwn: true }, true, 'open in another tab'],
    [{ status: 'elsewhere', isOwn: false }, false, 'open in another tab'],
    [{ status: 'elsewhere', isOwn: false }, true, null],
    [{ status: 'none' }, false, null],
  ] as const)('says why nothing resumes: %j, linked %j', async (present, isLinked, says) => {
    const page = setUp([]);
    page.archive.loadPresent.mockResolvedValue(present);
    await resumePresentExperiment(page.lab, isLinked);
    expect(sentences(page)).toEqual(says === null ? [] : [expect.stringContaining(says)]);
    expect(page.state().experimentId).toBeNull();
  });

  it('removes its notice once an experiment is opened or the unreadable one is deleted', async () => {
    const page = setUp([makeSavedExperiment('a', 130), makeSavedExperiment('b', 130)]);
    page.archive.loadPresent.mockResolvedValue({ status: 'unreadable' });
    await resumePresentExperiment(page.lab);
    const addBroken = (): void => {
      const unreadable = [{ id: 'broken', startedAt: null, bytes: 0 }];
      page.lab.update({ archive: { ...page.state().archive, unreadable } });
    };
    addBroken();
    await deleteExperiment(page.lab, 'b');
    expect(page.state().notices).toHaveLength(1);
    addBroken();
    await deleteExperiment(page.lab, 'broken');
    expect(page.state().notices).toEqual([]);

    await resumePresentExperiment(page.lab);
    await openExperiment(page.lab, 'a');
    expect(page.state().notices.map(({ kind }) => kind)).toEqual(['continued']);
  });

  describe('beside a link', () => {
    it('resumes an experiment with the link’s own setup', async () => {
      const { experiment, link } = startExperiment((lab) => lab.changeSettings({ seed: '9' }));
      const page = setUp([experiment]);
      openReading(page.lab, readLink(link), true);
      await resumePresentExperiment(page.lab, true);
      expect(page.state().experimentId).toBe(experiment.id);
      expect(sentences(page)[0]).toContain('resumes from the start');
    });

    it('leaves an experiment with another setup saved, and offers to open it', async () => {
      const { experiment } = startExperiment((lab) => lab.changeSettings({ seed: '9' }));
      const page = setUp([experiment]);
      openReading(page.lab, readLink('#v=1&preset=quick&seed=10'), true);
      await resumePresentExperiment(page.lab, true);
      expect(page.state().experimentId).toBeNull();
      expect(page.archive.release).toHaveBeenCalledOnce();
      expect(page.state().notices).toMatchObject([
        { kind: 'kept', opens: { experimentId: experiment.id } },
      ]);
      expect(sentences(page)[0]).toContain('It stays saved.');

      expect(await openExperiment(page.lab, experiment.id)).toBeNull();
      expect(page.state().experimentId).toBe(experiment.id);
      expect(page.state().notices.map(({ kind }) => kind)).toEqual(['continued']);
    });

    it('ignores the user’s changes while the experiment is read', async () => {
      const { experiment, link } = startExperiment((lab) => lab.changeSettings({ seed: '9' }));
      const page = setUp([experiment]);
      openReading(page.lab, readLink(link), true);
      const resuming = resumePresentExperiment(page.lab, true);
      page.lab.changeSettings({ seed: '11' });
      await resuming;
      expect(page.state().experimentId).toBe(experiment.id);
    });
  });

  it('says why saved experiments cannot be read, and the page still works', async () => {
    const page = setUp([]);
    page.archive.loadPresent.mockRejectedValue(
      new LabError('storage-failed', 'Blocked.', 'Allow it.'),
    );
    await resumePresentExperiment(page.lab);
    expect(page.state().archive.error?.message).toBe('Blocked.');
  });
});

describe('describeContinuation', () => {
  const noon = new Date(2026, 4, 3, 12, 5).getTime();
  it.each([
    [{}, 130, noon, 'The experiment of 12:05 resumes from epoch 1.3.'],
    [{ isPaused: true }, 130, noon, 'The experiment of 12:05 was restored, paused at epoch 1.3.'],
    [{}, 0, noon, 'The experiment of 12:05 resumes from the start.'],
    [{}, 500, noon, 'The experiment of 12:05 was restored, with its trained networks.'],
    [{}, 130, noon + 864e5, 'The experiment of 3 May, 12:05 resumes'],
    [{}, 130, noon + 366 * 864e5, 'The experiment of 3 May 2026, 12:05 resumes'],
  ])('%j at step %i', (changes, step, now, text) => {
    const experiment = { ...makeSavedExperiment('a', step, noon), ...changes };
    expect(describeContinuation(experiment, now)).toContain(text);
  });

  it('names the seed that is trained', () => {
    const [run] = makeSavedExperiment('b', 130).runs;
    const repeats = { seedCount: 5, attackEpsilon: 0.08, finished: [[run!]], runs: [run!] };
    const experiment = { ...makeSavedExperiment('a', 500, noon), repeats };
    const say = (isPaused: boolean) => describeContinuation({ ...experiment, isPaused }, noon);
    expect(say(false)).toBe(
      'The experiment of 12:05 was restored, and continues with seed 3 of 5.',
    );
    expect(say(true)).toContain('paused at seed 3 of 5. Press Continue training.');
  });
});

describe('saved experiments', () => {
  it('replace the present one when they are opened, and it is closed', async () => {
    const page = setUp([makeSavedExperiment('a', 130), makeSavedExperiment('b', 500)]);
    await resumePresentExperiment(page.lab);
    await refreshExperiments(page.lab);
    await toggleReference(page.lab, page.state().archive.experiments![1]!);
    expect(page.state().references.map(({ id }) => id)).toEqual(['b']);
    expect(await openExperiment(page.lab, 'b')).toBeNull();
    expect(page.archive.close).toHaveBeenCalledWith('a');
    expect(page.state()).toMatchObject({ experimentId: 'b', references: [] });
  });

  it('are not opened while another tab has them or when they are unreadable', async () => {
    const page = setUp([makeSavedExperiment('a', 130), makeSavedExperiment('b', 500)]);
    await resumePresentExperiment(page.lab);
    expect((await openExperiment(page.lab, 'gone'))?.message).toContain('cannot be read');
    page.archive.claim.mockResolvedValue(false);
    expect((await openExperiment(page.lab, 'b'))?.message).toContain('another tab');
    expect(page.state().experimentId).toBe('a');
  });

  it('leave the charts and the page when they are deleted', async () => {
    const page = setUp([makeSavedExperiment('a', 130), makeSavedExperiment('b', 500)]);
    await resumePresentExperiment(page.lab);
    await refreshExperiments(page.lab);
    await toggleReference(page.lab, page.state().archive.experiments![1]!);
    expect(await deleteExperiment(page.lab, 'b')).toBeNull();
    expect(page.state()).toMatchObject({ experimentId: 'a', references: [] });
    expect(page.state().archive.experiments).toHaveLength(1);
    expect(await deleteExperiment(page.lab, 'a')).toBeNull();
    expect(page.state()).toMatchObject({ experimentId: null, runs: [] });
    expect(page.state().archive.experiments).toEqual([]);
  });

  it('are compared by their newest numbers at once, and by their curves once these are loaded', async () => {
    const page = setUp([makeSavedExperiment('a', 130)]);
    await refreshExperiments(page.lab);
    const [listed] = page.state().archive.experiments!;
    const loaded = { ...listed!, bytes: 11 };
    page.archive.loadCurves.mockResolvedValueOnce(loaded);
    const loading = toggleReference(page.lab, listed!);
    expect(page.state().references).toEqual([listed]);
    expect(await loading).toBeNull();
    expect(page.state().references[0]).toBe(loaded);
    await toggleReference(page.lab, listed!);
    expect(page.state().references).toEqual([]);

    const closing = toggleReference(page.lab, listed!);
    await toggleReference(page.lab, listed!); // before its curves are loaded
    expect(await closing).toBeNull();
    expect(page.state().references).toEqual([]);

    page.archive.loadCurves.mockResolvedValueOnce(null);
    expect((await toggleReference(page.lab, listed!))?.message).toContain('cannot be read');
    expect(page.state().references).toEqual([]);
  });
});
