import { z } from 'zod';
import { attackSchema } from '../shared/attackSchema.ts';
import { type Checkpoint, findNotFinite } from '../shared/checkpoint.ts';
import { limits, type RunConfig, runConfigSchema } from '../shared/config.ts';
import { enginePreferences } from '../shared/metrics.ts';
import type { KeptRun, SavedRace, SavedRun } from './archive.ts';
import { packHistory, unpackHistory } from './packedHistory.ts';
import { maxEntries } from './setup.ts';

/** Records as they lie in the database: what is read back is checked before anything uses it. */

const id = z.string().min(1).max(100);
const count = z.int().min(0);
const measured = z.number().min(0);
const errorRate = z.number().min(0).max(1);
const score = z.strictObject({ loss: z.number(), errorRate });
const readingSchema = z.strictObject({
  step: count,
  epoch: measured,
  split: z.enum(['test', 'validation']),
  sampleCount: z.int().min(1),
  clean: score,
  adversarial: score,
  attack: attackSchema,
});

const progressSchema = z
  .strictObject({
    step: count,
    stepsPerEpoch: count,
    totalSteps: count,
    trainSeconds: measured,
    // Estimates: a run is not lost for one that came out odd.
    samplesPerSecond: measured.catch(0),
    secondsLeft: measured.nullable().catch(null),
  })
  .refine(({ step, totalSteps }) => step <= totalSteps);

const raceSchema = z.strictObject({
  id,
  startedAt: z.number().min(0).max(8.64e15), // what a Date can hold
  isPaused: z.boolean(),
  attackEpsilon: z.number().min(limits.epsilon.min).max(limits.epsilon.max),
  enginePreference: z.enum(enginePreferences),
  /** In the race's order. */
  runIds: z.array(id).min(1).max(maxEntries),
});
export type RaceRecord = z.infer<typeof raceSchema>;

const runSchema = z.strictObject({
  raceId: id,
  id,
  name: z.string().max(500),
  slot: z.int().min(0).max(100),
  config: runConfigSchema,
  progress: progressSchema.nullable(),
  losses: z.instanceof(Float64Array<ArrayBuffer>),
  evaluations: z.instanceof(Float64Array<ArrayBuffer>),
  attacks: z.array(attackSchema).max(10_000),
  readings: z.array(z.unknown()).max(10_000),
  engine: z.string().max(100).nullable(),
  /** Updates before the checkpoint in the store beside; null while there is none. */
  checkpointStep: count.nullable(),
  /** Of this record and its checkpoint, about. */
  bytes: measured,
});
export type RunRecord = z.infer<typeof runSchema>;

const checkpointSchema = z.strictObject({
  raceId: id,
  id,
  step: count,
  layers: z
    .array(
      z
        .strictObject({
          rows: z.int().min(1),
          columns: z.int().min(1),
          parameters: z.instanceof(Float32Array),
          states: z.array(z.instanceof(Float32Array)).max(4),
        })
        .refine(({ rows, columns, parameters, states }) =>
          [parameters, ...states].every((values) => values.length === rows * columns),
        ),
    )
    .max(limits.hiddenLayers.max + 1),
  scores: z.instanceof(Float32Array),
  scored: count,
  trainSeconds: measured,
});
export type CheckpointRecord = z.infer<typeof checkpointSchema>;

export function recordOfRace(race: SavedRace): RaceRecord {
  const { id, startedAt, isPaused, attackEpsilon, enginePreference, runs } = race;
  const runIds = runs.map((run) => run.id);
  return { id, startedAt, isPaused, attackEpsilon, enginePreference, runIds };
}

export function recordOfRun(raceId: string, run: SavedRun): RunRecord {
  const { id, name, slot, config, progress, history, readings, engine, checkpoint } = run;
  const packed = packHistory(history);
  const record = {
    ...{ raceId, id, name, slot, config: { ...config, hiddenLayers: [...config.hiddenLayers] } },
    ...{ progress: progress && { ...progress }, ...packed, attacks: [...packed.attacks] },
    ...{ readings: [...readings], engine, checkpointStep: checkpoint?.step ?? null },
  };
  const text = JSON.stringify({ ...record, losses: null, evaluations: null });
  const arrays = [packed.losses, packed.evaluations, ...(checkpoint ? arraysOf(checkpoint) : [])];
  const bytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, text.length);
  return { ...record, bytes };
}

export function recordOfCheckpoint(
  raceId: string,
  id: string,
  { step, layers, scores, scored, trainSeconds }: Checkpoint,
): CheckpointRecord {
  return {
    ...{ raceId, id, step, scored, trainSeconds, scores: unshared(scores) },
    layers: layers.map(({ rows, columns, parameters, states }) => ({
      ...{ rows, columns, parameters: unshared(parameters), states: states.map(unshared) },
    })),
  };
}

/** Null if this is not the record of a race. */
export function readRace(record: unknown): RaceRecord | null {
  const { data } = raceSchema.safeParse(record);
  return data ?? null;
}

/** When a race began, of a record that may be damaged otherwise; null where that cannot be told. */
export function readStart(record: unknown): number | null {
  const { data } = raceSchema.shape.startedAt.safeParse((record as Partial<RaceRecord>).startedAt);
  return data ?? null;
}

/** What a run takes, of a record that may be damaged otherwise. */
export function sizeOf(record: unknown): number {
  return runSchema.shape.bytes.safeParse((record as Partial<RunRecord>).bytes).data ?? 0;
}

/** The run without its weights, and what it takes; null if this is not the record of a run. */
export function readRun(
  record: unknown,
): { run: KeptRun; bytes: number; checkpointStep: number | null } | null {
  const { data } = runSchema.safeParse(record);
  const history = data && unpackHistory(data);
  if (!data || !history) return null;
  const { id, name, slot, config, progress, engine, bytes, checkpointStep } = data;
  // A network that diverged can measure NaN; the rest of its run is worth keeping.
  const readings = data.readings.flatMap((one) => readingSchema.safeParse(one).data ?? []);
  const run = { id, name, slot, config, progress, history, readings, engine };
  return { run, bytes, checkpointStep };
}

/**
 * The checkpoint of a run with this config, after `wanted` updates.
 *
 * @returns what was expected and what was found, as the rest of a sentence, if this is not it
 */
export function readCheckpoint(
  record: unknown,
  config: RunConfig,
  wanted: number,
): Checkpoint | string {
  if (record === undefined) return `expected it at step ${wanted}, found nothing`;
  const { data } = checkpointSchema.safeParse(record);
  if (!data) return 'expected weights and optimizer state, found something else';
  const { step, layers, scores, scored, trainSeconds } = data;
  if (step !== wanted) return `expected it at step ${wanted}, found it at step ${step}`;
  const layerCount = config.hiddenLayers.length + 1;
  if (layers.length !== layerCount) {
    return `expected ${layerCount} layers, found ${layers.length}`;
  }
  if (scores.length !== 2 * config.batchSize) {
    return `expected losses of ${config.batchSize} images, found ${scores.length / 2}`;
  }
  const checkpoint = { step, layers, scores, scored, trainSeconds };
  const broken = findNotFinite(checkpoint);
  return broken === null
    ? checkpoint
    : `expected finite numbers, found infinite ones or NaN in its ${broken}`;
}

function arraysOf({ layers, scores }: Checkpoint): Float32Array[] {
  return [...layers.flatMap(({ parameters, states }) => [parameters, ...states]), scores];
}

/** Shared memory cannot be stored. */
function unshared(values: Float32Array): Float32Array<ArrayBuffer> {
  return values.buffer instanceof ArrayBuffer
    ? (values as Float32Array<ArrayBuffer>)
    : new Float32Array(values);
}
