import { describe, expect, it, vi } from 'vitest';
import { LabError } from '../shared/errors.ts';
import type { ClientEvent, TrainingClient } from '../worker/client.ts';
import type { Archive, SavedRace } from './archive.ts';
import { openRace, refreshRaces, removeRace, toggleReference } from './keptRaces.ts';
import { createLab, type Lab } from './lab.ts';
import { linkedPart, readLink, writeLink } from './link.ts';
import { openReading } from './openLink.ts';
import { describeContinuation, resumePresentRace } from './resume.ts';
import { makeSavedRace } from './testing/savedRaces.ts';

const engine = {
  ...{ name: 'WebGL', device: 'A graphics processor', isSoftware: false, isFloat32: true },
  reason: 'It is there.',
};

/** A lab without workers, and an archive that holds these races; the first is the present one. */
function setUp(races: SavedRace[]) {
  let emit: (event: ClientEvent) => void = () => undefined;
  const never = () => new Promise<never>(() => undefined);
  const start = vi.fn<TrainingClient['start']>();
  const ignore = (): void => undefined;
  const client: TrainingClient = {
    ...{ start, resume: ignore, pause: ignore, reset: ignore, setAttack: ignore },
    ...{ terminate: ignore, attack: never, classify: never, measure: never, freeze: never },
    inspectStep: never,
    inspect: never,
    measureDirections: never,
    ...{ checkpoint: never, testImages: never, load: never, useData: never },
    subscribe: (listener) => {
      emit = listener;
      return ignore;
    },
  };
  const kept = new Map(races.map((race) => [race.id, race]));
  const release = vi.fn();
  const close = vi.fn(() => Promise.resolve());
  const done = () => Promise.resolve();
  const archive: Archive = {
    ...{ saveRace: done, saveRun: done, saveReadings: done, setPaused: done },
    ...{ setAttackEpsilon: done, close, release },
    list: () =>
      Promise.resolve({
        races: [...kept.values()].map((race) => ({ ...race, bytes: 10 })),
        unreadable: [],
      }),
    load: (id) => Promise.resolve(kept.get(id) ?? null),
    loadPresent: () =>
      Promise.resolve(races[0] ? { status: 'kept', race: races[0] } : { status: 'none' }),
    claim: vi.fn(() => Promise.resolve(true)),
    remove: (id) => {
      kept.delete(id);
      return Promise.resolve();
    },
  };
  const connect = vi.fn(() => client);
  const lab = createLab(connect, archive);
  const state = () => lab.store.getState();
  return { lab, state, archive, start, connect, release, close, emit: (e: ClientEvent) => emit(e) };
}

/** A race as the page keeps it when it starts, and the link that the page then has. */
function keepRace(change: (lab: Lab) => void): { race: SavedRace; link: string } {
  const { lab, archive, state } = setUp([]);
  const saveRace = vi.spyOn(archive, 'saveRace');
  change(lab);
  lab.train();
  return { race: saveRace.mock.calls[0]![0], link: `#${writeLink(linkedPart(state()))}` };
}

const sentences = ({ state }: ReturnType<typeof setUp>) =>
  state().notices.map((notice) => notice.sentences.join(' '));

describe('resumePresentRace', () => {
  it('starts each run where it was saved, with its curves, and says so', async () => {
    const race = makeSavedRace('a', 130);
    const page = setUp([race]);
    await resumePresentRace(page.lab);
    const [runs, , extent] = page.start.mock.calls[0]!;
    expect(runs.map(({ checkpoint }) => checkpoint)).toEqual(
      race.runs.map(({ checkpoint }) => checkpoint),
    );
    expect(extent).toBe('end');
    expect(page.state().runs.map(({ history }) => history)).toEqual(
      race.runs.map(({ history }) => history),
    );
    expect(sentences(page)).toHaveLength(1);
    expect(sentences(page)[0]).toMatch(/^The race of .* goes on from epoch 1\.3\.$/);
  });

  it('leaves a race alone that a person started meanwhile', async () => {
    const page = setUp([makeSavedRace('a', 130)]);
    const resuming = resumePresentRace(page.lab);
    page.lab.train();
    await resuming;
    expect(page.state().raceId).not.toBe('a');
    expect(page.state().notices).toEqual([]);
  });

  it('leaves the race kept where nothing computes', async () => {
    const page = setUp([makeSavedRace('a', 130)]);
    const error = { code: 'engine-unavailable', message: 'None.', remedy: 'Update.' } as const;
    page.emit({ type: 'engineFailed', error });
    await resumePresentRace(page.lab);
    expect(page.release).toHaveBeenCalledOnce();
    expect(page.state().raceId).toBeNull();
    expect((await openRace(page.lab, 'a'))?.message).toContain('the engine has stopped');
  });

  it('chooses the engine that the race was started for, and says when another one computes', async () => {
    const page = setUp([{ ...makeSavedRace('a', 130), enginePreference: 'webgl' }]);
    await resumePresentRace(page.lab);
    expect(page.connect).toHaveBeenLastCalledWith('webgl');
    page.emit({ type: 'engineReady', engine });
    expect(sentences(page)[1]).toContain('computed by SIMD; from here on by WebGL');
  });

  it('says nothing about the engine when it is the same', async () => {
    const page = setUp([makeSavedRace('a', 130)]);
    await resumePresentRace(page.lab);
    page.emit({ type: 'engineReady', engine: { ...engine, name: 'SIMD' } });
    expect(sentences(page)).toHaveLength(1);
  });

  it('goes on with the whole runs of a race beside one whose network is damaged', async () => {
    const race = makeSavedRace('a', 130);
    const damage = { code: 'data-corrupt', message: 'Found NaN.', remedy: 'Again.' } as const;
    const [first, second] = race.runs;
    const damaged = { ...second!, checkpoint: null, damage };
    const page = setUp([{ ...race, runs: [first!, damaged] }]);
    await resumePresentRace(page.lab);
    const [started] = page.start.mock.calls[0]!;
    expect(started.map(({ runId }) => runId)).toEqual([first!.id]);
    expect(page.state().runs).toMatchObject([
      { status: 'starting', error: null },
      { status: 'failed', hasNetwork: false, error: damage, history: second!.history },
    ]);
    expect(sentences(page)[0]).toContain('goes on from epoch 1.3');

    const lost = setUp([{ ...race, runs: [{ ...first!, checkpoint: null, damage }, damaged] }]);
    await resumePresentRace(lost.lab);
    expect(lost.start).not.toHaveBeenCalled();
    expect(sentences(lost)[0]).toContain('none of its networks can be read');
  });

  it.each([
    [{ status: 'unreadable' }, false, 'what is stored of it cannot be read'],
    [{ status: 'unreadable' }, true, 'what is stored of it cannot be read'],
    [{ status: 'elsewhere', isOwn: true }, false, 'open in another tab'],
    [{ status: 'elsewhere', isOwn: true }, true, 'open in another tab'],
    [{ status: 'elsewhere', isOwn: false }, false, 'open in another tab'],
    [{ status: 'elsewhere', isOwn: false }, true, null],
    [{ status: 'none' }, false, null],
  ] as const)('says why nothing goes on: %j, linked %j', async (present, isLinked, says) => {
    const page = setUp([]);
    page.archive.loadPresent = () => Promise.resolve(present);
    await resumePresentRace(page.lab, isLinked);
    expect(sentences(page)).toEqual(says === null ? [] : [expect.stringContaining(says)]);
    expect(page.state().raceId).toBeNull();
  });

  it('takes its word back once a race is opened, or the unreadable one is deleted', async () => {
    const page = setUp([makeSavedRace('a', 130), makeSavedRace('b', 130)]);
    page.archive.loadPresent = () => Promise.resolve({ status: 'unreadable' });
    await resumePresentRace(page.lab);
    const addBroken = (): void => {
      const unreadable = [{ id: 'broken', startedAt: null, bytes: 0 }];
      page.lab.update({ archive: { ...page.state().archive, unreadable } });
    };
    addBroken();
    await removeRace(page.lab, 'b');
    expect(page.state().notices).toHaveLength(1);
    addBroken();
    await removeRace(page.lab, 'broken');
    expect(page.state().notices).toEqual([]);

    await resumePresentRace(page.lab);
    await openRace(page.lab, 'a');
    expect(page.state().notices.map(({ kind }) => kind)).toEqual(['continued']);
  });

  describe('beside a link', () => {
    it('goes on with a race of the link’s own setup', async () => {
      const { race, link } = keepRace((lab) => lab.changeSettings({ seed: '9' }));
      const page = setUp([race]);
      openReading(page.lab, readLink(link), true);
      await resumePresentRace(page.lab, true);
      expect(page.state().raceId).toBe(race.id);
      expect(sentences(page)[0]).toContain('goes on from the start');
    });

    it('leaves a race of another setup kept, and offers it', async () => {
      const { race } = keepRace((lab) => lab.changeSettings({ seed: '9' }));
      const page = setUp([race]);
      openReading(page.lab, readLink('#v=1&preset=quick&seed=10'), true);
      await resumePresentRace(page.lab, true);
      expect(page.state().raceId).toBeNull();
      expect(page.release).toHaveBeenCalledOnce();
      expect(page.state().notices).toMatchObject([{ kind: 'kept', opens: { raceId: race.id } }]);
      expect(sentences(page)[0]).toContain('It stays kept.');

      expect(await openRace(page.lab, race.id)).toBeNull();
      expect(page.state().raceId).toBe(race.id);
      expect(page.state().notices.map(({ kind }) => kind)).toEqual(['continued']);
    });

    it('does not look at what a person has changed while the race was read', async () => {
      const { race, link } = keepRace((lab) => lab.changeSettings({ seed: '9' }));
      const page = setUp([race]);
      openReading(page.lab, readLink(link), true);
      const resuming = resumePresentRace(page.lab, true);
      page.lab.changeSettings({ seed: '11' });
      await resuming;
      expect(page.state().raceId).toBe(race.id);
    });
  });

  it('tells why kept races cannot be read, and the page works', async () => {
    const page = setUp([]);
    page.archive.loadPresent = () =>
      Promise.reject(new LabError('storage-failed', 'Blocked.', 'Allow it.'));
    await resumePresentRace(page.lab);
    expect(page.state().archive.error?.message).toBe('Blocked.');
  });
});

describe('describeContinuation', () => {
  const noon = new Date(2026, 4, 3, 12, 5).getTime();
  it.each([
    [{}, 130, noon, 'The race of 12:05 goes on from epoch 1.3.'],
    [{ isPaused: true }, 130, noon, 'The race of 12:05 is here again, paused at epoch 1.3.'],
    [{}, 0, noon, 'The race of 12:05 goes on from the start.'],
    [{}, 500, noon, 'The race of 12:05 is here again, with its trained networks.'],
    [{}, 130, noon + 864e5, 'The race of 3 May, 12:05 goes on'],
    [{}, 130, noon + 366 * 864e5, 'The race of 3 May 2026, 12:05 goes on'],
  ])('%j at step %i', (changes, step, now, text) => {
    const race = { ...makeSavedRace('a', step, noon), ...changes };
    expect(describeContinuation(race, now)).toContain(text);
  });
});

describe('kept races', () => {
  it('are opened in the place of the present one, which is closed', async () => {
    const page = setUp([makeSavedRace('a', 130), makeSavedRace('b', 500)]);
    await resumePresentRace(page.lab);
    await refreshRaces(page.lab);
    toggleReference(page.lab, page.state().archive.races![1]!);
    expect(page.state().references.map(({ id }) => id)).toEqual(['b']);
    expect(await openRace(page.lab, 'b')).toBeNull();
    expect(page.close).toHaveBeenCalledWith('a');
    expect(page.state()).toMatchObject({ raceId: 'b', references: [] });
  });

  it('are not opened while another tab has them, or when they are damaged', async () => {
    const page = setUp([makeSavedRace('a', 130), makeSavedRace('b', 500)]);
    await resumePresentRace(page.lab);
    expect((await openRace(page.lab, 'gone'))?.message).toContain('cannot be read');
    page.archive.claim = () => Promise.resolve(false);
    expect((await openRace(page.lab, 'b'))?.message).toContain('another tab');
    expect(page.state().raceId).toBe('a');
  });

  it('are taken off the charts, and off the page, when they are deleted', async () => {
    const page = setUp([makeSavedRace('a', 130), makeSavedRace('b', 500)]);
    await resumePresentRace(page.lab);
    await refreshRaces(page.lab);
    toggleReference(page.lab, page.state().archive.races![1]!);
    expect(await removeRace(page.lab, 'b')).toBeNull();
    expect(page.state()).toMatchObject({ raceId: 'a', references: [] });
    expect(page.state().archive.races).toHaveLength(1);
    expect(await removeRace(page.lab, 'a')).toBeNull();
    expect(page.state()).toMatchObject({ raceId: null, runs: [] });
    expect(page.state().archive.races).toEqual([]);
  });
});
