import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExperimentArchive } from './openArchive.ts';
import type { SavedExperiment, SavedRun } from './types.ts';
import { ExperimentDatabase } from './database.ts';
import { makeCheckpoint, makeSavedExperiment, makeSavedRun } from './testing/savedExperiments.ts';
import { change, openTab, rejection, saveAll } from './testing/tabs.ts';

let name = '';
let count = 0;
beforeEach(() => {
  name = `archive-test-${++count}`;
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await deleteDB(name);
});

/** Saves a run of experiment `id` as the page does after a checkpoint. */
function saveRun(archive: ExperimentArchive, id: string, run: SavedRun): Promise<boolean> {
  const saved = makeSavedExperiment(id, 0);
  const runs = saved.runs.map((other) => (other.id === run.id ? run : other));
  const changes = { experiment: { ...saved, runs }, runIds: new Set([run.id]), isNew: false };
  return archive.save(id, () => changes);
}

async function loadSaved(archive: ExperimentArchive): Promise<SavedExperiment | null> {
  const present = await archive.loadPresent();
  return present.status === 'saved' ? present.experiment : null;
}

describe('the other seeds of an experiment', () => {
  const first = makeSavedExperiment('a', 500);
  const seed = (offset: number, step: number) =>
    [1, 2].map((index) => makeSavedRun(`a-seed${offset}-${index}`, step));
  const toNumbers = ({ checkpoint: _weights, engine: _engine, ...numbers }: SavedRun) => ({
    ...numbers,
    engine: null,
  });
  const inSecond = {
    ...first,
    repeats: { seedCount: 5, attackEpsilon: 0.1, finished: [], runs: seed(1, 130) },
  };
  const inThird = {
    ...first,
    repeats: {
      seedCount: 5,
      attackEpsilon: 0.1,
      finished: [seed(1, 500).map(toNumbers)],
      runs: seed(2, 0),
    },
  };

  async function saveSeeds(archive: ExperimentArchive, experiment: SavedExperiment) {
    const { finished, runs } = experiment.repeats!;
    const runIds = new Set([...finished.flat(), ...runs].map(({ id }) => id));
    await archive.save('a', () => ({ experiment, runIds, isNew: false }));
  }

  it('are restored number for number, with the checkpoints of the seed in training', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, first);
    await saveSeeds(archive, inSecond);
    expect(await archive.load('a')).toEqual(inSecond);
    await saveSeeds(archive, inThird);
    expect(await archive.load('a')).toEqual(inThird);
    expect((await archive.list(9)).experiments[0]!.seedCount).toBe(2);
    expect((await archive.loadCurves('a'))!.repeats).toEqual({
      attackEpsilon: 0.1,
      finished: inThird.repeats.finished,
    });
  });

  it('leave no weights behind, whether they are finished, given up or deleted', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, first);
    await saveSeeds(archive, inSecond);
    const count = async (store: string) => {
      const database = await openDB(name);
      const keys = await database.getAllKeys(store);
      database.close();
      return keys.length;
    };
    expect(await count('checkpoints')).toBe(4);
    await saveSeeds(archive, inThird);
    expect([await count('checkpoints'), await count('curves')]).toEqual([2, 6]);
    await saveSeeds(archive, {
      ...inThird,
      repeats: { ...inThird.repeats, seedCount: 2, runs: [] },
    });
    expect([await count('checkpoints'), await count('curves')]).toEqual([2, 4]);
    await archive.delete('a');
    expect([await count('checkpoints'), await count('curves')]).toEqual([0, 0]);
  });

  it('cost nothing else when they are damaged', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, first);
    await saveSeeds(archive, inThird);
    await change(name, 'curves', ['a', 'a-seed1-2'], (record: { losses: unknown }) => {
      record.losses = 'none';
    });
    const damaged = await archive.load('a');
    expect(damaged!.repeats).toMatchObject({ seedCount: 5, finished: [] });
    await change(name, 'experiments', 'a', (record: { repeats: unknown }) => {
      record.repeats = 7;
    });
    expect(await archive.load('a')).toEqual(first);
  });
});

describe('a saved experiment', () => {
  it('is restored number for number', async () => {
    const { archive } = openTab(name);
    const experiment = makeSavedExperiment('a', 130);
    await saveAll(archive, experiment);
    expect(await archive.load('a')).toEqual(experiment);
    const { runs, ...settings } = experiment;
    const summary = (await archive.loadCurves('a'))!;
    expect(summary).toMatchObject(settings);
    const { checkpoint } = runs[0]!;
    expect(summary.runs.map((run) => ({ ...run, checkpoint }))).toEqual(runs);
    const floats = 2 * (2 * (785 * 3 + 40) + 4);
    expect(summary.bytes).toBeGreaterThan(4 * floats);
    expect(summary.bytes).toBeLessThan(4 * floats + 10_000);
  });

  it('stores weights that are in shared memory', async () => {
    const { archive } = openTab(name);
    const checkpoint = makeCheckpoint(5);
    const shared = new Float32Array(new SharedArrayBuffer(4 * checkpoint.scores.length));
    shared.set(checkpoint.scores);
    const run = { ...makeSavedRun('a-1', 5), checkpoint: { ...checkpoint, scores: shared } };
    await saveAll(archive, { ...makeSavedExperiment('a', 5), runs: [run] });
    expect((await archive.load('a'))!.runs[0]!.checkpoint).toEqual(checkpoint);
  });

  it('stores a checkpoint together with its measurements, and never an older one', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, makeSavedExperiment('a', 0));
    await saveRun(archive, 'a', makeSavedRun('a-1', 200));
    await saveRun(archive, 'a', makeSavedRun('a-1', 100));
    expect((await archive.load('a'))!.runs).toEqual([
      makeSavedRun('a-1', 200),
      makeSavedRun('a-2', 0),
    ]);
    await saveAll(archive, makeSavedExperiment('a', 100));
    expect((await archive.load('a'))!.runs).toEqual([
      makeSavedRun('a-1', 200),
      makeSavedRun('a-2', 100),
    ]);
  });

  it('stays as it was when part of a write fails', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, makeSavedExperiment('a', 100));
    // The settings are written last; what cannot be cloned cannot be stored.
    const attackEpsilon = (() => 0.3) as unknown as number;
    const experiment = { ...makeSavedExperiment('a', 200), attackEpsilon };
    await rejection(
      archive.save('a', () => ({ experiment, runIds: new Set(['a-1']), isNew: false })),
    );
    expect(await archive.load('a')).toEqual(makeSavedExperiment('a', 100));
  });

  it('is written, closed and read in call order', async () => {
    const { archive } = openTab(name);
    let begun = 0;
    const write = (step: number) =>
      archive.save('a', () => {
        begun += 1;
        const experiment = makeSavedExperiment('a', step);
        return { experiment, runIds: new Set(['a-1', 'a-2']), isNew: step === 100 };
      });
    void write(100);
    void write(200);
    const between = archive.load('a');
    void write(300);
    void archive.close('a');
    const after = archive.load('a');
    const deleted = archive.delete('a');
    expect(begun).toBe(0); // the content of a write is requested when it begins
    expect(await between).toEqual(makeSavedExperiment('a', 200));
    expect(await after).toEqual(makeSavedExperiment('a', 300));
    await deleted;
    expect(await archive.load('a')).toBeNull();
  });

  it('stores measurements, a pause and another ε without new weights', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, makeSavedExperiment('a', 100));
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    const { measurements } = makeSavedRun('x', 300);
    const saved = makeSavedExperiment('a', 100);
    const runs = [{ ...saved.runs[0]!, measurements }, saved.runs[1]!];
    const experiment = { ...saved, runs, isPaused: true, attackEpsilon: 0.3 };
    await archive.save('a', () => ({ experiment, runIds: new Set(['a-1']), isNew: false }));
    const stores = put.mock.contexts as IDBObjectStore[];
    expect(stores.map((store) => store.name)).toEqual(['curves', 'experiments', 'summaries']);
    expect(await archive.load('a')).toEqual(experiment);
  });

  it('is deleted for good, even while writes are pending', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, makeSavedExperiment('old', 100, 1));
    await saveAll(archive, makeSavedExperiment('new', 100, 2));
    await archive.delete('old');
    expect(await saveRun(archive, 'old', makeSavedRun('old-1', 200))).toBe(false);
    expect((await archive.list(9)).experiments.map(({ id }) => id)).toEqual(['new']);
    expect(await archive.load('old')).toBeNull();
    const database = await openDB(name);
    expect(await database.count('curves')).toBe(2);
    expect(await database.count('checkpoints')).toBe(2);
    database.close();
  });
});

describe('a damaged run', () => {
  it.each<[string, (layer: { parameters: unknown }, weights: Float32Array) => void]>([
    ['missing', (layer, weights) => (layer.parameters = weights.slice(1))],
    ['of another type', (layer, weights) => (layer.parameters = [...weights])],
    ['not finite', (_, weights) => (weights[7] = Number.NaN)],
  ])('fails, but no other run does, when weights are %s', async (_, damage) => {
    const { archive } = openTab(name);
    const whole = makeSavedExperiment('a', 100);
    await saveAll(archive, whole);
    await change(
      name,
      'checkpoints',
      ['a', 'a-2'],
      (record: { layers: { parameters: Float32Array }[] }) =>
        damage(record.layers[0]!, record.layers[0]!.parameters),
    );
    const experiment = await archive.load('a');
    expect(experiment!.runs[0]).toEqual(whole.runs[0]);
    expect(experiment!.runs[1]).toMatchObject({ ...whole.runs[1], checkpoint: null, damage: {} });
    expect(experiment!.runs[1]!.damage!.message).toMatch(/cannot be read: expected .*, found /);
    await saveAll(archive, experiment!); // as resuming does: the record stays as it is
    expect(await archive.load('a')).toEqual(experiment);
    expect((await archive.list(9)).experiments).toHaveLength(1);
  });

  it.each<[string, (record: { losses: unknown; attacks: unknown }) => void]>([
    ['not finite', (record) => (record.losses = new Float64Array([1, Number.NaN, 2]))],
    [
      'of an invalid attack',
      (record) => (record.attacks = [{ kind: 'fgsm', epsilon: 9, clip: true }]),
    ],
  ])('fails, but no other run does, when curves are %s', async (_, damage) => {
    const { archive } = openTab(name);
    const whole = makeSavedExperiment('a', 100);
    await saveAll(archive, whole);
    await change(name, 'curves', ['a', 'a-2'], damage);
    const experiment = await archive.load('a');
    expect(experiment!.runs[0]).toEqual(whole.runs[0]);
    expect(experiment!.runs[1]).toMatchObject({ checkpoint: null, measurements: [] });
    expect(experiment!.runs[1]!.damage!.message).toMatch(/curves .*cannot be read/);
    await saveAll(archive, experiment!); // as resuming does: the record stays as it is
    expect(await archive.load('a')).toEqual(experiment);
  });
});

describe('the present experiment', () => {
  it('is resumed by the same tab, and by a new one once the first has released it', async () => {
    const first = openTab(name);
    await saveAll(first.archive, makeSavedExperiment('a', 100));
    const second = openTab(name);
    expect(await second.archive.loadPresent()).toEqual({ status: 'elsewhere', isOwn: false });
    expect((await rejection(second.archive.delete('a'))).message).toContain('another tab');
    expect(await second.archive.claim('a')).toBe(false);

    first.archive.release(); // as the browser does when the tab is closed or reloaded
    expect((await loadSaved(second.archive))?.id).toBe('a');
    expect(await openTab(name, first.remembered).archive.loadPresent()).toEqual({
      status: 'elsewhere',
      isOwn: true,
    });
  });

  it('is separate for each tab after a reload', async () => {
    const [first, second] = [openTab(name), openTab(name)];
    await saveAll(first.archive, makeSavedExperiment('a', 100));
    await saveAll(second.archive, makeSavedExperiment('b', 100));
    first.archive.release();
    second.archive.release();
    expect((await loadSaved(openTab(name, first.remembered).archive))?.id).toBe('a');
    expect((await loadSaved(openTab(name, second.remembered).archive))?.id).toBe('b');
  });

  it('is paused after a reload that came before the pause was stored', async () => {
    const first = openTab(name);
    await saveAll(first.archive, makeSavedExperiment('a', 100));
    first.archive.remember('a', true);
    first.archive.release();
    expect((await loadSaved(openTab(name, first.remembered).archive))?.isPaused).toBe(true);
  });

  it('reports that it cannot be read, and is gone once it was deleted', async () => {
    const first = openTab(name);
    await saveAll(first.archive, makeSavedExperiment('a', 100));
    first.archive.release();
    await change(name, 'experiments', 'a', (record: { runs: unknown }) => (record.runs = 7));
    const second = openTab(name, first.remembered);
    expect(await second.archive.loadPresent()).toEqual({ status: 'unreadable' });
    await second.archive.delete('a'); // no tab holds it
    expect(await openTab(name, first.remembered).archive.loadPresent()).toEqual({ status: 'none' });
  });

  it('is gone after a reset, in this tab and in new ones, but stays saved', async () => {
    const { archive, remembered } = openTab(name);
    await saveAll(archive, makeSavedExperiment('a', 100));
    await archive.close('a');
    expect(await openTab(name, remembered).archive.loadPresent()).toEqual({ status: 'none' });
    expect(await openTab(name).archive.loadPresent()).toEqual({ status: 'none' });
    expect((await archive.list(9)).experiments).toHaveLength(1);
    await saveAll(archive, makeSavedExperiment('empty', 0));
    await archive.close('empty');
    expect((await archive.list(9)).experiments.map(({ id }) => id)).toEqual(['a']);
  });
});

describe('storage that fails', () => {
  it('is reported when it is full, with what could be deleted; existing data stay', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, makeSavedExperiment('old', 100, Date.UTC(2020, 4, 3, 12)));
    await saveAll(archive, makeSavedExperiment('a', 100));
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementationOnce(() => {
      throw new DOMException('Full.', 'QuotaExceededError');
    });
    const error = await rejection(saveRun(archive, 'a', makeSavedRun('a-1', 200)));
    expect(error.message).toContain('no room left');
    expect(error.remedy).toContain('3 May 2020');
    expect(put).toHaveBeenCalledOnce();
    expect(await archive.load('a')).toEqual(makeSavedExperiment('a', 100));
    await saveRun(archive, 'a', makeSavedRun('a-1', 200));
    expect((await archive.load('a'))!.runs[0]).toEqual(makeSavedRun('a-1', 200));
  });

  it.each([
    ['SecurityError', 'does not let this page store', 'Allow cookies'],
    ['InvalidStateError', 'does not work', 'private browsing'],
    ['UnknownError', 'does not work', 'private browsing'],
    ['VersionError', 'newer version', 'Reload'],
    ['DataError', 'DataError: Why.', 'report'],
  ])('is reported when opening it throws a %s, and is retried', async (kind, what, remedy) => {
    const { archive } = openTab(name);
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('Why.', kind);
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const error = await rejection(saveAll(archive, makeSavedExperiment('a', 100)));
    expect(error.message).toContain(what);
    expect(error.remedy).toContain(remedy);
    await rejection(archive.list(9));
    expect(vi.getTimerCount()).toBe(0); // otherwise a later timeout causes an unhandled rejection
    vi.useRealTimers();
    vi.restoreAllMocks();
    await saveAll(archive, makeSavedExperiment('a', 100));
    expect((await archive.list(9)).experiments).toHaveLength(1);
  });

  it('is reported when it is missing', async () => {
    vi.spyOn(globalThis, 'indexedDB', 'get').mockReturnValue(undefined as never);
    const error = await rejection(openTab(name).archive.loadPresent());
    expect(error.message).toContain('no storage (IndexedDB)');
  });

  it('closes for a newer version of the page, and says so', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, makeSavedExperiment('a', 100));
    const newer = await openDB(name, 4);
    const error = await rejection(saveRun(archive, 'a', makeSavedRun('a-1', 200)));
    expect(error.message).toContain('newer version');
    expect(await newer.count('checkpoints')).toBe(2);
    newer.close();
  });

  it('reports another tab that blocks a newer version', async () => {
    const older = await openDB(name, 1);
    const error = await rejection(
      new ExperimentDatabase(name).transact('readonly', () => Promise.resolve()),
    );
    expect(error.message).toContain('older version');
    expect(error.remedy).toContain('other tabs');
    older.close();
  });
});
