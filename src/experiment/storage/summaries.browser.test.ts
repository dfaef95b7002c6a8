import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeSavedExperiment } from './testing/savedExperiments.ts';
import { change, openTab, saveAll } from './testing/tabs.ts';

let name = '';
let count = 0;
beforeEach(() => {
  name = `summaries-test-${++count}`;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await deleteDB(name);
});

describe('the list of experiments', () => {
  it('has the newest first, as many as are asked for, and one more by its id', async () => {
    const { archive } = openTab(name);
    for (const at of [2, 5, 1, 4, 3]) await saveAll(archive, makeSavedExperiment(`${at}`, 100, at));
    const idsOf = async (atMost: number, always: string | null = null) =>
      (await archive.list(atMost, always)).experiments.map(({ id }) => id);
    expect(await idsOf(2)).toEqual(['5', '4']);
    expect(await idsOf(2, '1')).toEqual(['5', '4', '1']);
    expect(await idsOf(9)).toEqual(['5', '4', '3', '2', '1']);
    const [whole, part] = [await archive.list(9), await archive.list(1)];
    expect(part).toMatchObject({ count: 5, bytes: whole.bytes });
    expect(whole.bytes).toBe(whole.experiments.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(part.experiments[0]).toMatchObject({
      startedAt: 5,
      seedCount: 1,
      runs: [{ id: '5-1', progress: { step: 100 }, history: { evaluations: [{ step: 100 }] } }, {}],
    });
  });

  it('follows each save and each deletion', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, makeSavedExperiment('a', 0));
    expect((await archive.list(1)).experiments[0]!.runs[0]!.progress).toBeNull();
    await saveAll(archive, makeSavedExperiment('a', 200));
    expect((await archive.list(1)).experiments[0]!.runs[0]!.progress?.step).toBe(200);
    await archive.delete('a');
    expect(await archive.list(1)).toEqual({ experiments: [], unreadable: [], count: 0, bytes: 0 });
  });

  it('reads the summaries that it lists, and nothing else', async () => {
    const { archive } = openTab(name);
    for (const at of [1, 2, 3]) await saveAll(archive, makeSavedExperiment(`${at}`, 100, at));
    const reads = [
      vi.spyOn(IDBObjectStore.prototype, 'get'),
      vi.spyOn(IDBObjectStore.prototype, 'getAll'),
      vi.spyOn(IDBObjectStore.prototype, 'openCursor'),
      vi.spyOn(IDBIndex.prototype, 'openCursor'),
    ];
    await archive.list(2);
    const contexts = reads.flatMap(({ mock }) => mock.contexts) as IDBObjectStore[];
    expect(contexts.map((store) => store.name)).toEqual(['summaries', 'summaries']);
  });

  it('counts unreadable experiments, lists them separately, and they can be deleted', async () => {
    const { archive } = openTab(name);
    type Record = { runs: { [key: string]: unknown }[] };
    const damages: [string, (record: Record) => unknown, number | null][] = [
      ['config', ({ runs }) => (runs[0]!['config'] = { epochs: -1 }), 1000],
      ['foreign', (record) => Object.assign(record, { of: 'another version' }), 1000],
      ['bytes', (record) => Object.assign(record, { bytes: 'many' }), null],
      ['time', (record) => Object.assign(record, { startedAt: null }), null],
    ];
    for (const [id, damage] of damages) {
      await saveAll(archive, makeSavedExperiment(id, 100));
      await change(name, 'summaries', id, damage);
    }
    const list = await archive.list(9);
    expect(list).toMatchObject({ experiments: [], count: damages.length });
    expect(Object.fromEntries(list.unreadable.map(({ id, startedAt }) => [id, startedAt]))).toEqual(
      Object.fromEntries(damages.map(([id, , startedAt]) => [id, startedAt])),
    );
    expect((await archive.list(1)).unreadable).toHaveLength(1);
    for (const { id } of list.unreadable) await archive.delete(id);
    expect((await archive.list(9)).count).toBe(0);
    const database = await openDB(name);
    expect(await database.count('checkpoints')).toBe(0);
    database.close();
  });

  it('lists an experiment as unreadable once it could not be read, and it can be deleted', async () => {
    const { archive } = openTab(name);
    await saveAll(archive, makeSavedExperiment('a', 100));
    await change(name, 'experiments', 'a', (record: { runs: { progress: unknown }[] }) => {
      record.runs[1]!.progress = { step: 7 };
    });
    expect((await archive.list(9)).experiments).toHaveLength(1);
    expect(await archive.load('a')).toBeNull();
    expect(await archive.loadCurves('a')).toBeNull();
    expect((await archive.list(9)).unreadable).toMatchObject([{ id: 'a', startedAt: 1000 }]);
    await archive.delete('a');
    expect((await archive.list(9)).count).toBe(0);
  });
});
