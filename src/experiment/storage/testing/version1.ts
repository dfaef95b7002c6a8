import { openDB } from 'idb';
import { makeSavedExperiment } from './savedExperiments.ts';

/** Writes a database as version 1 of the page did: one record per experiment, run (with curves) and checkpoint. */
export async function writeVersion1(name: string): Promise<void> {
  const database = await openDB(name, 1, {
    upgrade: (created) => {
      created.createObjectStore('races', { keyPath: 'id' });
      created.createObjectStore('runs', { keyPath: ['raceId', 'id'] });
      created.createObjectStore('checkpoints', { keyPath: ['raceId', 'id'] });
      created.createObjectStore('state');
    },
  });
  const { races, runs, checkpoints } = makeVersion1Records();
  for (const race of races) await database.put('races', race);
  for (const run of runs) await database.put('runs', run);
  for (const checkpoint of checkpoints) await database.put('checkpoints', checkpoint);
  await database.put('state', 'trained', 'present');
  database.close();
}

/**
 * The records of `makeSavedExperiment('trained', 130)` and, before their first checkpoint, of
 * `makeSavedExperiment('started', 0)`; and of 'broken', whose experiment record is damaged.
 */
function makeVersion1Records() {
  const trained = makeSavedExperiment('trained', 130);
  const experimentOf = (id: string) => ({
    id,
    startedAt: 1000,
    isPaused: false,
    attackEpsilon: 0.08,
    enginePreference: 'auto',
    runIds: [`${id}-1`, `${id}-2`] as unknown,
  });
  const runOf = (raceId: string, index: number) => ({
    raceId,
    id: `${raceId}-${index}`,
    name: `ABP ${raceId}-${index}`,
    slot: 2,
    config: trained.runs[0]!.config,
    progress: null as unknown,
    losses: new Float64Array(),
    evaluations: new Float64Array(),
    attacks: [] as unknown[],
    readings: [] as unknown[],
    engine: null as string | null,
    checkpointStep: null as number | null,
    bytes: 600,
  });
  // Step, epoch, split, images, clean loss and error, attacked loss and error, attack.
  const evaluationOf = (step: number) => {
    return [step, step / 100, 0, 1000, 1 / (step + 3), 0.1, 2.5, 0.1 + 0.2, 0];
  };
  const trainedRun = (index: number) => ({
    ...runOf('trained', index),
    progress: trained.runs[0]!.progress,
    // Step, epoch, loss.
    losses: new Float64Array([130, 1.3, 0.1 + 0.2]),
    evaluations: new Float64Array([...evaluationOf(0), ...evaluationOf(130)]),
    attacks: [{ kind: 'fgsm', epsilon: 0.08, clip: true }],
    readings: trained.runs[0]!.measurements,
    engine: 'SIMD',
    checkpointStep: 130,
    bytes: 20_000,
  });
  return {
    races: [
      experimentOf('trained'),
      experimentOf('started'),
      { ...experimentOf('broken'), runIds: 'all' },
    ],
    runs: [
      trainedRun(1),
      trainedRun(2),
      runOf('started', 1),
      runOf('started', 2),
      runOf('broken', 1),
    ],
    checkpoints: trained.runs.map(({ id, checkpoint }) => ({
      ...checkpoint,
      raceId: 'trained',
      id,
    })),
  };
}
