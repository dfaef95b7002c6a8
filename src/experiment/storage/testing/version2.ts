import { openDB } from 'idb';
import type { SavedExperiment, SavedRun } from '../types.ts';
import { makeSavedExperiment, makeSavedRun } from './savedExperiments.ts';

/** `trained` with two of its seeds: one finished, one before its first checkpoint. */
export function makeRepeated(): SavedExperiment {
  const finished = { ...makeSavedRun('trained-seed1-1', 500), engine: null };
  const { checkpoint: _weights, ...numbers } = finished;
  return {
    ...makeSavedExperiment('trained', 130, 2000),
    repeats: {
      seedCount: 5,
      attackEpsilon: 0.1,
      finished: [[numbers]],
      runs: [makeSavedRun('trained-seed2-1', 0)],
    },
  };
}

/**
 * Writes a database as version 2 of the page did, without summaries: `makeRepeated()`, then as many of
 * `makeSavedExperiment('old N', 130, N)`, and 'broken', whose record is damaged.
 */
export async function writeVersion2(name: string, others: number): Promise<void> {
  const database = await openDB(name, 2, {
    upgrade: (created) => {
      created.createObjectStore('experiments', { keyPath: 'id' });
      created.createObjectStore('curves');
      created.createObjectStore('checkpoints', { keyPath: ['raceId', 'id'] });
      created.createObjectStore('state');
    },
  });
  const plain = Array.from({ length: others }, (_, at) =>
    makeSavedExperiment(`old ${at + 1}`, 130, at + 1),
  );
  for (const experiment of [makeRepeated(), ...plain]) {
    const { id, runs, repeats, ...settings } = experiment;
    const seeds = repeats && {
      seedCount: repeats.seedCount,
      attackEpsilon: repeats.attackEpsilon,
      finished: repeats.finished.map((seed) => seed.map(recordOf)),
      runs: repeats.runs.map(recordOf),
    };
    const record = { id, ...settings, runs: runs.map(recordOf), ...(seeds && { repeats: seeds }) };
    await database.put('experiments', record);
    for (const run of [...runs, ...(repeats?.finished.flat() ?? []), ...(repeats?.runs ?? [])]) {
      await database.put('curves', curvesOf(run), [id, run.id]);
      if ('checkpoint' in run && run.checkpoint) {
        await database.put('checkpoints', { ...run.checkpoint, raceId: id, id: run.id });
      }
    }
  }
  await database.put('experiments', { id: 'broken', startedAt: 3000, runs: [{ bytes: 600 }] });
  await database.put('state', 'trained', 'present');
  database.close();
}

/** A run; that of a finished seed has no weights. */
type AnyRun = Omit<SavedRun, 'checkpoint' | 'engine'> & Partial<SavedRun>;

function recordOf({
  history,
  measurements: _measurements,
  checkpoint,
  engine = null,
  ...run
}: AnyRun) {
  const isTrained = history.losses.length > 0;
  return {
    ...run,
    engine,
    checkpointStep: checkpoint?.step ?? null,
    newest: isTrained ? history.evaluations.at(-1)! : null,
    bytes: isTrained ? 20_000 : 600,
  };
}

function curvesOf({ history, measurements }: AnyRun) {
  return {
    // Step, epoch, loss.
    losses: new Float64Array(
      history.losses.flatMap(({ step, epoch, loss }) => [step, epoch, loss]),
    ),
    // Step, epoch, split, images, clean loss and error, attacked loss and error, attack.
    evaluations: new Float64Array(
      history.evaluations.flatMap(({ step, epoch, sampleCount, clean, adversarial }) => [
        step,
        epoch,
        0,
        sampleCount,
        clean.loss,
        clean.errorRate,
        adversarial.loss,
        adversarial.errorRate,
        0,
      ]),
    ),
    attacks: history.evaluations.slice(0, 1).map(({ attack }) => attack),
    measurements,
  };
}
