import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../shared/errors.ts';
import type { Archive, SavedRace } from './archive.ts';
import { createIndexedDbArchive } from './indexedDbArchive.ts';
import { RaceDatabase } from './raceDatabase.ts';
import { makeCheckpoint, makeSavedRace, makeSavedRun } from './testing/savedRaces.ts';

let name = '';
let count = 0;
beforeEach(() => {
  name = `archive-test-${++count}`;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await deleteDB(name);
});

/** An archive as another tab has it: nothing is shared but the database and the locks. */
function openTab(remembered = new Map<string, string>()) {
  const memory = {
    getItem: (key: string) => remembered.get(key) ?? null,
    setItem: (key: string, value: string) => void remembered.set(key, value),
  };
  return { archive: createIndexedDbArchive({ name, memory }), remembered };
}

async function loadKept(archive: Archive): Promise<SavedRace | null> {
  const present = await archive.loadPresent();
  return present.status === 'kept' ? present.race : null;
}

async function rejection(promise: Promise<unknown>): Promise<LabError> {
  const thrown: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(LabError);
  expect((thrown as LabError).code).toBe('storage-failed');
  return thrown as LabError;
}

describe('races in IndexedDB', () => {
  it('come back number for number', async () => {
    const { archive } = openTab();
    const race = makeSavedRace('a', 130);
    await archive.saveRace(race);
    expect(await archive.load('a')).toEqual(race);
    const {
      races: [summary],
    } = await archive.list();
    const { runs, ...rest } = race;
    expect(summary).toMatchObject(rest);
    expect(summary!.runs.map((run) => ({ ...run, checkpoint: race.runs[0]!.checkpoint }))).toEqual(
      runs,
    );
    const floats = 2 * (2 * (785 * 3 + 40) + 4);
    expect(summary!.bytes).toBeGreaterThan(4 * floats);
    expect(summary!.bytes).toBeLessThan(4 * floats + 10_000);
  });

  it('keep weights that lie in shared memory', async () => {
    const { archive } = openTab();
    const checkpoint = makeCheckpoint(5);
    const shared = new Float32Array(new SharedArrayBuffer(4 * checkpoint.scores.length));
    shared.set(checkpoint.scores);
    const run = { ...makeSavedRun('a-1', 5), checkpoint: { ...checkpoint, scores: shared } };
    await archive.saveRace({ ...makeSavedRace('a', 5), runs: [run] });
    expect((await archive.load('a'))!.runs[0]!.checkpoint).toEqual(checkpoint);
  });

  it('take a run with its measurements in one piece, and never an older one', async () => {
    const { archive } = openTab();
    await archive.saveRace(makeSavedRace('a', 0));
    await archive.saveRun('a', makeSavedRun('a-1', 200));
    await archive.saveRun('a', makeSavedRun('a-1', 100));
    const race = await archive.load('a');
    expect(race!.runs).toEqual([makeSavedRun('a-1', 200), makeSavedRun('a-2', 0)]);
    await archive.saveRace(makeSavedRace('a', 100));
    expect((await archive.load('a'))!.runs[0]!.checkpoint!.step).toBe(200);
  });

  it('take readings, a pause and another ε without new weights', async () => {
    const { archive } = openTab();
    await archive.saveRace(makeSavedRace('a', 100));
    const { readings } = makeSavedRun('x', 300);
    void archive.saveReadings('a', 'a-1', []);
    await archive.saveReadings('a', 'a-1', readings);
    await archive.setPaused('a', true);
    await archive.setAttackEpsilon('a', 0.3);
    const race = await archive.load('a');
    expect(race).toMatchObject({ isPaused: true, attackEpsilon: 0.3 });
    expect(race!.runs[0]!.readings).toEqual(readings);
    expect(race!.runs[0]!.checkpoint!.step).toBe(100);
  });

  it('are listed newest first, and gone once deleted, whatever is still written', async () => {
    const { archive } = openTab();
    await archive.saveRace(makeSavedRace('old', 100, 1));
    await archive.saveRace(makeSavedRace('new', 100, 2));
    expect((await archive.list()).races.map(({ id }) => id)).toEqual(['new', 'old']);
    await archive.remove('old');
    await archive.saveRun('old', makeSavedRun('old-1', 200));
    await archive.setPaused('old', true);
    expect((await archive.list()).races.map(({ id }) => id)).toEqual(['new']);
    expect(await archive.load('old')).toBeNull();
    const database = await openDB(name);
    expect(await database.count('checkpoints')).toBe(2);
    database.close();
  });

  it('are listed apart when what is stored is damaged or of something else, and can be deleted', async () => {
    const { archive } = openTab();
    const damages: [string, string, (record: Record<string, unknown>) => unknown][] = [
      ['config', 'runs', (run) => ({ ...run, config: { epochs: -1 } })],
      ['history', 'runs', (run) => ({ ...run, losses: new Float64Array([1, Number.NaN, 2]) })],
      [
        'attack',
        'runs',
        (run) => ({ ...run, attacks: [{ kind: 'fgsm', epsilon: 9, clip: true }] }),
      ],
      ['foreign', 'races', (race) => ({ ...race, runIds: 'all' })],
    ];
    for (const [id, store, damage] of damages) {
      await archive.saveRace(makeSavedRace(id, 100));
      const database = await openDB(name);
      const key = store === 'runs' ? [id, `${id}-1`] : id;
      const record = (await database.get(store, key)) as Record<string, unknown>;
      await database.put(store, damage(record));
      database.close();
      expect(await archive.load(id), id).toBeNull();
    }
    const { races, unreadable } = await archive.list();
    expect(races).toEqual([]);
    expect(unreadable.map(({ id }) => id).sort()).toEqual(damages.map(([id]) => id).sort());
    expect(unreadable.every(({ startedAt, bytes }) => startedAt === 1000 && bytes > 1000)).toBe(
      true,
    );
    for (const { id } of unreadable) await archive.remove(id);
    expect((await archive.list()).unreadable).toEqual([]);
    const database = await openDB(name);
    expect(await database.count('checkpoints')).toBe(0);
    database.close();
  });

  it('are opened with damaged weights, which their run alone has; a list does not read them', async () => {
    const { archive } = openTab();
    const damages: ((weights: Float32Array) => unknown)[] = [
      (weights) => weights.subarray(1).slice(),
      (weights) => Array.from(weights),
      (weights) => weights.map((value, i) => (i === 7 ? Number.NaN : value)),
    ];
    for (const damage of damages) {
      await archive.saveRace(makeSavedRace('a', 100));
      const database = await openDB(name);
      const record = (await database.get('checkpoints', ['a', 'a-2'])) as {
        layers: { parameters: Float32Array }[];
      };
      const [first, ...others] = record.layers;
      const layers = [{ ...first, parameters: damage(first!.parameters) }, ...others];
      await database.put('checkpoints', { ...record, layers });
      database.close();
      const whole = makeSavedRace('a', 100);
      const race = await archive.load('a');
      expect(race!.runs[0]).toEqual(whole.runs[0]);
      expect(race!.runs[1]).toMatchObject({ ...whole.runs[1], checkpoint: null, damage: {} });
      expect(race!.runs[1]!.damage!.message).toMatch(/cannot be read: expected .*, found /);
      await archive.saveRace(race!); // as going on with it does: it stays as it is
      expect(await archive.load('a')).toEqual(race);
      expect((await archive.list()).races).toHaveLength(1);
      await archive.remove('a');
    }
  });
});

describe('the present race', () => {
  it('is gone on with by the same tab, and by a new one once that has let it go', async () => {
    const first = openTab();
    await first.archive.saveRace(makeSavedRace('a', 100));
    const second = openTab();
    expect(await second.archive.loadPresent()).toEqual({ status: 'elsewhere', isOwn: false });
    expect((await rejection(second.archive.remove('a'))).message).toContain('another tab');
    expect(await second.archive.claim('a')).toBe(false);

    first.archive.release(); // as the browser does when the tab is closed or reloaded
    expect((await loadKept(second.archive))?.id).toBe('a');
    expect(await openTab(first.remembered).archive.loadPresent()).toEqual({
      ...{ status: 'elsewhere', isOwn: true },
    });
  });

  it('is each tab’s own after a reload', async () => {
    const [first, second] = [openTab(), openTab()];
    await first.archive.saveRace(makeSavedRace('a', 100));
    await second.archive.saveRace(makeSavedRace('b', 100));
    first.archive.release();
    second.archive.release();
    expect((await loadKept(openTab(first.remembered).archive))?.id).toBe('a');
    expect((await loadKept(openTab(second.remembered).archive))?.id).toBe('b');
  });

  it('is paused after a reload that came before the database knew', async () => {
    const first = openTab();
    await first.archive.saveRace(makeSavedRace('a', 100));
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('The page is gone.', 'AbortError');
    });
    await rejection(first.archive.setPaused('a', true));
    first.archive.release();
    expect((await loadKept(openTab(first.remembered).archive))?.isPaused).toBe(true);
  });

  it('is told of when it cannot be read, and is none once it was deleted', async () => {
    const first = openTab();
    await first.archive.saveRace(makeSavedRace('a', 100));
    first.archive.release();
    const database = await openDB(name);
    const record = (await database.get('races', 'a')) as object;
    await database.put('races', { ...record, runIds: 7 });
    database.close();
    const second = openTab(first.remembered);
    expect(await second.archive.loadPresent()).toEqual({ status: 'unreadable' });
    await second.archive.remove('a'); // it was let go again
    expect(await openTab(first.remembered).archive.loadPresent()).toEqual({ status: 'none' });
  });

  it('is none after a reset, in this tab and in new ones, but stays kept', async () => {
    const { archive, remembered } = openTab();
    await archive.saveRace(makeSavedRace('a', 100));
    await archive.close('a');
    expect(await openTab(remembered).archive.loadPresent()).toEqual({ status: 'none' });
    expect(await openTab().archive.loadPresent()).toEqual({ status: 'none' });
    expect((await archive.list()).races).toHaveLength(1);
    await archive.saveRace(makeSavedRace('empty', 0));
    await archive.close('empty');
    expect((await archive.list()).races.map(({ id }) => id)).toEqual(['a']);
  });
});

describe('storage that fails', () => {
  it('is told of when it is full, with what could be deleted; what was there stays', async () => {
    const { archive } = openTab();
    await archive.saveRace(makeSavedRace('old', 100, Date.UTC(2020, 4, 3, 12)));
    await archive.saveRace(makeSavedRace('a', 100));
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('Full.', 'QuotaExceededError');
    });
    const error = await rejection(archive.saveRun('a', makeSavedRun('a-1', 200)));
    expect(error.message).toContain('no room left');
    expect(error.remedy).toContain('3 May 2020');
    expect(put).toHaveBeenCalledOnce();
    expect(await archive.load('a')).toEqual(makeSavedRace('a', 100));
    await archive.saveRun('a', makeSavedRun('a-1', 200));
    expect((await archive.load('a'))!.runs[0]).toEqual(makeSavedRun('a-1', 200));
  });

  it.each([
    ['SecurityError', 'does not let this page store', 'Allow cookies'],
    ['InvalidStateError', 'does not work', 'private browsing'],
    ['UnknownError', 'does not work', 'private browsing'],
    ['VersionError', 'newer version', 'Reload'],
    ['DataError', 'DataError: Why.', 'report'],
  ])('is told of when opening it throws a %s, and tried again', async (kind, what, remedy) => {
    const { archive } = openTab();
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('Why.', kind);
    });
    const error = await rejection(archive.saveRace(makeSavedRace('a', 100)));
    expect(error.message).toContain(what);
    expect(error.remedy).toContain(remedy);
    await rejection(archive.list());
    vi.restoreAllMocks();
    await archive.saveRace(makeSavedRace('a', 100));
    expect((await archive.list()).races).toHaveLength(1);
  });

  it('is told of when there is none', async () => {
    vi.spyOn(globalThis, 'indexedDB', 'get').mockReturnValue(undefined as never);
    const error = await rejection(openTab().archive.loadPresent());
    expect(error.message).toContain('no storage (IndexedDB)');
  });

  it('gives way to a newer version of the page, and says so', async () => {
    const { archive } = openTab();
    await archive.saveRace(makeSavedRace('a', 100));
    const newer = await openDB(name, 2);
    const error = await rejection(archive.saveRun('a', makeSavedRun('a-1', 200)));
    expect(error.message).toContain('newer version');
    expect(await newer.count('checkpoints')).toBe(2);
    newer.close();
  });

  it('says when another tab blocks a newer version', async () => {
    const older = await openDB(name, 1);
    const error = await rejection(new RaceDatabase(name, 2).use(() => Promise.resolve()));
    expect(error.message).toContain('older version');
    expect(error.remedy).toContain('other tabs');
    older.close();
  });
});
