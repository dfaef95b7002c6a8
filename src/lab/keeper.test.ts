import { describe, expect, it, vi } from 'vitest';
import { LabError } from '../shared/errors.ts';
import type { Archive } from './archive.ts';
import { Keeper } from './keeper.ts';
import { createRun } from './run.ts';
import { makeCheckpoint, makeSavedRace } from './testing/savedRaces.ts';

/** An archive in which the first write of a race finds no room. */
function makeArchive() {
  const done = () => Promise.resolve();
  const saveRace = vi.fn<Archive['saveRace']>(done);
  saveRace.mockRejectedValueOnce(new LabError('storage-failed', 'Full.', 'Delete races.'));
  const archive: Archive = {
    ...{ saveRace, saveRun: done, saveReadings: done, setPaused: done, setAttackEpsilon: done },
    ...{ close: done, remove: done, release: () => undefined },
    list: () => Promise.resolve({ races: [], unreadable: [] }),
    load: () => Promise.resolve(null),
    loadPresent: () => Promise.resolve({ status: 'none' }),
    claim: () => Promise.resolve(true),
  };
  return { archive, saveRace };
}

describe('a race that could not be written', () => {
  it('is written once there is room, paused and with the ε that it has by then', async () => {
    const { archive, saveRace } = makeArchive();
    const onError = vi.fn();
    const keeper = new Keeper(archive, onError);
    const race = makeSavedRace('a', 0);
    keeper.begin(race);
    await vi.waitFor(() => expect(onError).toHaveBeenCalled());
    keeper.setPaused(true);
    keeper.setAttackEpsilon(0.2);
    const checkpoint = makeCheckpoint(5);
    const [first, second] = race.runs;
    keeper.keep(createRun(first!.id, first!), checkpoint, 'SIMD');
    expect(saveRace).toHaveBeenCalledTimes(2);
    expect(saveRace.mock.lastCall![0]).toMatchObject({
      ...{ id: 'a', isPaused: true, attackEpsilon: 0.2 },
      runs: [{ checkpoint }, second],
    });
  });
});
