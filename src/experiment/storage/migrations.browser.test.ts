import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeSavedExperiment, makeSavedRun } from './testing/savedExperiments.ts';
import { openTab, rejection } from './testing/tabs.ts';
import { writeVersion1 } from './testing/version1.ts';
import { makeRepeated, writeVersion2 } from './testing/version2.ts';

let name = '';
let count = 0;
beforeEach(() => {
  name = `migration-test-${++count}`;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await deleteDB(name);
});

async function loadPresent({ archive } = openTab(name)) {
  const present = await archive.loadPresent();
  return present.status === 'saved' ? present.experiment : null;
}

describe('a database of version 1', () => {
  it('opens with every number, and the list and the present experiment are unchanged', async () => {
    await writeVersion1(name);
    const tab = openTab(name);
    const { archive } = tab;
    expect(await loadPresent(tab)).toEqual(makeSavedExperiment('trained', 130));
    expect(await archive.load('started')).toEqual(makeSavedExperiment('started', 0));
    const { experiments, unreadable } = await archive.list(9);
    expect(experiments.map(({ id }) => id).sort()).toEqual(['started', 'trained']);
    const trained = experiments.find(({ id }) => id === 'trained')!;
    expect(trained.bytes).toBe(40_000);
    expect(trained.runs[0]!.history.evaluations).toMatchObject([{ step: 130, epoch: 1.3 }]);
    expect(unreadable).toEqual([{ id: 'broken', startedAt: 1000, bytes: 600 }]);

    const [first, second] = makeSavedExperiment('trained', 130).runs;
    const later = { ...makeSavedRun('trained-1', 200), name: first!.name };
    const experiment = { ...makeSavedExperiment('trained', 130), runs: [later, second!] };
    await archive.save('trained', () => ({
      experiment,
      runIds: new Set(['trained-1']),
      isNew: false,
    }));
    expect((await archive.load('trained'))!.runs).toEqual([later, second]);
    for (const id of ['trained', 'started', 'broken']) await archive.delete(id);
    const database = await openDB(name);
    expect([...database.objectStoreNames].sort()).toEqual([
      'checkpoints',
      'curves',
      'experiments',
      'state',
      'summaries',
    ]);
    for (const store of database.objectStoreNames) expect(await database.count(store)).toBe(0);
    database.close();
  });
});

describe('a database of version 2', () => {
  it('opens with every number, and lists its experiments from summaries', async () => {
    await writeVersion2(name, 30);
    const tab = openTab(name);
    const { archive } = tab;
    expect(await loadPresent(tab)).toEqual(makeRepeated());
    for (const at of [1, 30]) {
      expect(await archive.load(`old ${at}`)).toEqual(makeSavedExperiment(`old ${at}`, 130, at));
    }
    const list = await archive.list(100);
    expect(list.count).toBe(32);
    expect(list.bytes).toBe(600 + 62 * 20_000 + 20_600);
    expect(list.unreadable).toEqual([{ id: 'broken', startedAt: 3000, bytes: 600 }]);
    expect(list.experiments.map(({ startedAt }) => startedAt)).toEqual([
      2000,
      ...Array.from({ length: 30 }, (_, at) => 30 - at),
    ]);
    expect(list.experiments[0]).toMatchObject({ id: 'trained', seedCount: 2, bytes: 60_600 });
  });
});

describe.each([
  ['1', () => writeVersion1(name), () => makeSavedExperiment('trained', 130)],
  ['2', () => writeVersion2(name, 5), makeRepeated],
] as const)('the migration of version %s', (version, write, expected) => {
  it.each([
    [
      'the disk is full',
      () => {
        throw new DOMException('Full.', 'QuotaExceededError');
      },
    ],
    [
      'it is interrupted',
      function (this: IDBObjectStore) {
        this.transaction.abort();
        return this.getAllKeys(); // throws: the transaction has ended
      },
    ],
  ] as const)('changes nothing when %s, and succeeds later', async (_why, fail) => {
    await write();
    let puts = 0;
    const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put')!
      .value as IDBObjectStore['put'];
    const failing = vi.spyOn(IDBObjectStore.prototype, 'put');
    failing.mockImplementation(function (this: IDBObjectStore, ...values) {
      puts += 1;
      return puts === 3 ? (fail.call(this) as IDBRequest<IDBValidKey>) : put.apply(this, values);
    });
    await rejection(openTab(name).archive.list(9));
    expect(puts).toBe(3);
    const before = await openDB(name);
    expect(String(before.version)).toBe(version);
    expect(before.objectStoreNames.contains('summaries')).toBe(false);
    before.close();
    failing.mockRestore();
    expect(await loadPresent()).toEqual(expected());
    expect((await openTab(name).archive.list(9)).count).toBe(version === '1' ? 3 : 7);
  });
});
