import type { DBSchema } from 'idb';
import { z } from 'zod/mini';
import { attackSchema } from '../../domain/attackSchema.ts';
import { type Checkpoint, findNotFinite } from '../../domain/checkpoint.ts';
import { limits, type RunConfig, runConfigSchema } from '../../domain/settings/config.ts';
import type { ErrorReport } from '../../domain/errors.ts';
import { enginePreferences, type Evaluation } from '../../domain/metrics.ts';
import { emptyHistory, findFullEvaluation, type History } from '../runs/history.ts';
import { seedFailures, type SeedRun } from '../runs/repeats.ts';
import { evaluationSchema, measurementSchema, progressSchema } from '../runs/runSchemas.ts';
import { maxEntries } from '../setup/setup.ts';
import type {
  ExperimentSummary,
  ListedExperiment,
  SavedExperiment,
  SavedRun,
  UnreadableExperiment,
} from './types.ts';
import { packHistory, unpackHistory } from './packedHistory.ts';

/** The database's records. Everything read from it is validated here. */
export interface ExperimentSchema extends DBSchema {
  /** Settings and newest numbers, also of all finished seeds. */
  experiments: { key: string; value: ExperimentRecord };
  /** What a list shows of each experiment. The index orders and weighs all of them without reading one. */
  summaries: {
    key: string;
    value: SummaryRecord | UnreadableExperiment;
    indexes: { newest: [startedAt: number, bytes: number] };
  };
  curves: { key: RunKey; value: CurvesRecord };
  checkpoints: { key: RunKey; value: CheckpointRecord };
  /** `present`: id of the experiment that a new tab resumes. */
  state: { key: 'present'; value: string };
}
type RunKey = [experimentId: string, runId: string];

/** Seeds of one experiment. */
export const maxSeeds = 100;

const id = z.string().check(z.minLength(1), z.maxLength(100));
const count = z.int().check(z.minimum(0));
const measured = z.number().check(z.minimum(0));

const runSchema = z.strictObject({
  id,
  name: z.string().check(z.maxLength(500)),
  paletteIndex: z.int().check(z.minimum(0), z.maximum(100)),
  config: runConfigSchema,
  progress: z.nullable(progressSchema),
  engine: z.nullable(z.string().check(z.maxLength(100))),
  /** Weight updates before its checkpoint; null while it has none. */
  checkpointStep: z.nullable(count),
  /** What a list shows instead of the curves. */
  newest: z.catch(z.nullable(evaluationSchema), null),
  /** Approximate size of all its records. */
  bytes: measured,
  /** Its weights are from a file. */
  isOpened: z.exactOptional(z.literal(true)),
  /** Of a run with another seed. */
  failure: z.exactOptional(z.enum(seedFailures)),
});
export type RunRecord = z.infer<typeof runSchema>;

const experimentFields = {
  id,
  startedAt: z.number().check(z.minimum(0), z.maximum(8.64e15)), // the range of Date
  isPaused: z.boolean(),
  attackEpsilon: z.number().check(z.minimum(limits.epsilon.min), z.maximum(limits.epsilon.max)),
  enginePreference: z.enum(enginePreferences),
  runs: z.array(runSchema).check(z.minLength(1), z.maxLength(maxEntries)),
};

const experimentSchema = z.strictObject({
  ...experimentFields,
  /** Damaged repeats do not cost the experiment. */
  repeats: z.catch(
    z.optional(
      z.strictObject({
        seedCount: z.int().check(z.minimum(1), z.maximum(maxSeeds)),
        attackEpsilon: z
          .number()
          .check(z.minimum(limits.epsilon.min), z.maximum(limits.epsilon.max)),
        finished: z
          .array(z.array(runSchema).check(z.maxLength(maxEntries)))
          .check(z.maxLength(maxSeeds)),
        runs: z.array(runSchema).check(z.maxLength(maxEntries)),
      }),
    ),
    undefined,
  ),
});
type ExperimentRecord = z.infer<typeof experimentSchema>;

const summarySchema = z.strictObject({
  ...experimentFields,
  /** With the first one. */
  seedCount: z.int().check(z.minimum(1), z.maximum(maxSeeds + 1)),
  /** Approximate size of all records of the experiment. */
  bytes: measured,
});
type SummaryRecord = z.infer<typeof summarySchema>;

const curvesSchema = z.strictObject({
  losses: z.instanceof(Float64Array<ArrayBuffer>),
  evaluations: z.instanceof(Float64Array<ArrayBuffer>),
  attacks: z.array(attackSchema).check(z.maxLength(10_000)),
  measurements: z.array(z.unknown()).check(z.maxLength(10_000)),
});
export type CurvesRecord = z.infer<typeof curvesSchema>;

const layerSchema = z
  .object({
    rows: z.int().check(z.minimum(1)),
    columns: z.int().check(z.minimum(1)),
    parameters: z.instanceof(Float32Array),
    states: z.array(z.instanceof(Float32Array)).check(z.maxLength(4)),
  })
  .check(
    z.refine(({ rows, columns, parameters, states }) =>
      [parameters, ...states].every((values) => values.length === rows * columns),
    ),
  );

const checkpointSchema = z.object({
  /** Id of the experiment; version 1 chose the name. */
  raceId: id,
  /** Id of the run. */
  id,
  step: count,
  layers: z.array(layerSchema).check(z.maxLength(limits.hiddenLayers.max + 1)),
  scores: z.instanceof(Float32Array),
  scored: count,
  trainSeconds: measured,
});
type CheckpointRecord = z.infer<typeof checkpointSchema>;

// Writing ---------------------------------------------------------------------------------------

/** @param repeats the records of the repeats' runs */
export function makeExperimentRecord(
  { id, startedAt, isPaused, attackEpsilon, enginePreference, ...saved }: SavedExperiment,
  runs: RunRecord[],
  repeats: { finished: RunRecord[][]; runs: RunRecord[] } = { finished: [], runs: [] },
): ExperimentRecord {
  const record = { id, startedAt, isPaused, attackEpsilon, enginePreference, runs };
  if (saved.repeats === undefined) return record; // an older version of the page can read it
  const { seedCount, attackEpsilon: measuredAt } = saved.repeats;
  return { ...record, repeats: { seedCount, attackEpsilon: measuredAt, ...repeats } };
}

export function makeSummaryRecord({ repeats, ...own }: ExperimentRecord): SummaryRecord {
  const seedCount = 1 + (repeats?.finished.length ?? 0);
  return { ...own, seedCount, bytes: sumBytes({ repeats, ...own }) };
}

function sumBytes({ runs, repeats }: Pick<ExperimentRecord, 'runs' | 'repeats'>): number {
  const all = [...runs, ...(repeats?.finished.flat() ?? []), ...(repeats?.runs ?? [])];
  return all.reduce((sum, run) => sum + run.bytes, 0);
}

export function makeRunRecord(run: SavedRun & Pick<SeedRun, 'failure'>): RunRecord {
  const { id, name, paletteIndex, config, progress, history, measurements, engine, checkpoint } =
    run;
  const text = JSON.stringify([config, measurements]);
  const points = 3 * history.losses.length + 9 * history.evaluations.length; // as packed
  const weights = checkpoint === null ? 0 : countNumbers(checkpoint);
  return {
    id,
    name,
    paletteIndex,
    config: { ...config, hiddenLayers: [...config.hiddenLayers] },
    progress: progress && { ...progress },
    engine,
    checkpointStep: checkpoint?.step ?? null,
    newest: findNewest(history, config),
    bytes: text.length + 8 * points + 4 * weights,
    ...(run.isOpened && { isOpened: run.isOpened }),
    ...(run.failure && { failure: run.failure }),
  };
}

/** The newest evaluation of the whole split; before the first of these, the newest. */
export function findNewest(history: History, config: RunConfig): Evaluation | null {
  return findFullEvaluation(history, config) ?? history.evaluations.at(-1) ?? null;
}

export function makeCurvesRecord({ history, measurements }: SavedRun): CurvesRecord {
  const { losses, evaluations, attacks } = packHistory(history);
  return { losses, evaluations, attacks: [...attacks], measurements: [...measurements] };
}

export function makeCheckpointRecord(
  [raceId, id]: RunKey,
  checkpoint: Checkpoint,
): CheckpointRecord {
  const layers = checkpoint.layers.map((layer) => ({
    ...layer,
    parameters: unshare(layer.parameters),
    states: layer.states.map(unshare),
  }));
  return { ...checkpoint, raceId, id, layers, scores: unshare(checkpoint.scores) };
}

/** IndexedDB cannot store shared memory. */
function unshare(values: Float32Array): Float32Array<ArrayBuffer> {
  return values.buffer instanceof ArrayBuffer
    ? (values as Float32Array<ArrayBuffer>)
    : new Float32Array(values);
}

function countNumbers({ layers, scores }: Checkpoint): number {
  const arrays = [scores, ...layers.flatMap(({ parameters, states }) => [parameters, ...states])];
  return arrays.reduce((sum, { length }) => sum + length, 0);
}

// Reading -------------------------------------------------------------------------------------------

/** Null if this is not the record of an experiment. */
export function readExperimentRecord(record: unknown): ExperimentRecord | null {
  return experimentSchema.safeParse(record).data ?? null;
}

/** Null if this is not the summary of an experiment. */
export function readSummary(record: unknown): ListedExperiment | null {
  const summary = summarySchema.safeParse(record).data;
  if (summary === undefined) return null;
  return { ...summary, runs: summary.runs.map((run) => readRun(run, undefined)) };
}

/** The readable part of a damaged record of an experiment; its id is the store's key. */
export function readUnreadable(record: { readonly id: string }): UnreadableExperiment {
  const { startedAt, runs } = record as Partial<Record<keyof ExperimentRecord, unknown>>;
  const sizes = Array.isArray(runs)
    ? runs.map((run: Partial<RunRecord> | null) => measured.safeParse(run?.bytes).data ?? 0)
    : [];
  return {
    id: record.id,
    startedAt: experimentSchema.shape.startedAt.safeParse(startedAt).data ?? null,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** @param curves by run; a run without readable curves has its newest evaluation */
export function readWithCurves(
  record: ExperimentRecord,
  curves: readonly unknown[],
): Omit<ExperimentSummary, 'repeats'> {
  const { repeats: _, ...own } = record;
  const runs = own.runs.map((run, i) => readRun(run, curves[i]));
  return { ...own, runs, bytes: sumBytes(record) };
}

/** The kept numbers of a seed, or null if they cannot be read. */
export function readSeed(
  records: readonly RunRecord[],
  curves: readonly unknown[],
): readonly SeedRun[] | null {
  const areWhole = curves.every((one) => readCurves(one) !== null);
  return areWhole ? records.map((record, i) => readRun(record, curves[i])) : null;
}

function readRun(
  record: RunRecord,
  curves: unknown,
): ExperimentSummary['runs'][number] & Pick<SeedRun, 'failure'> {
  const { checkpointStep: _step, bytes: _bytes, newest, ...run } = record;
  const read = readCurves(curves);
  if (read !== null) return { ...run, ...read };
  const history = { losses: [], evaluations: newest === null ? [] : [newest] };
  return { ...run, history, measurements: [] };
}

/** A damaged network or damaged curves fail their run; the other runs can resume. */
export function readSavedRun(run: RunRecord, curves: unknown, checkpoint: unknown): SavedRun {
  const saved = { ...readRun(run, curves), checkpoint: null };
  if (readCurves(curves) === null) {
    const damage = describeDamage(
      'Its curves were saved, but cannot be read: expected finite numbers in the order of their steps, found something else. The other runs are not affected.',
      'run',
    );
    return { ...saved, damage };
  }
  // It restarts from its initial weights, so earlier measurements do not belong to it.
  if (run.checkpointStep === null) {
    return { ...saved, progress: null, history: emptyHistory, measurements: [] };
  }
  const read = readCheckpoint(checkpoint, run.config, run.checkpointStep);
  if (typeof read !== 'string') return { ...saved, checkpoint: read };
  const damage = describeDamage(
    `Its network was saved, but cannot be read: ${read}. Its curves are here, and the other runs are not affected.`,
    'network',
  );
  return { ...saved, damage };
}

/** @param lost what the user does not have */
function describeDamage(message: string, lost: string): ErrorReport {
  const remedy = `Start over and train again to have this ${lost}, too.`;
  return { code: 'data-corrupt', message, remedy };
}

/** Null if this does not contain the curves of a run. */
export function readCurves(record: unknown): Pick<SavedRun, 'history' | 'measurements'> | null {
  const { data } = curvesSchema.safeParse(record);
  const history = data && unpackHistory(data);
  if (!history) return null;
  // A diverged network can measure NaN; the rest of its run is worth keeping.
  const measurements = data.measurements.flatMap(
    (one) => measurementSchema.safeParse(one).data ?? [],
  );
  return { history, measurements };
}

/**
 * The checkpoint of a run with this config, after `wanted` updates.
 *
 * @returns what was expected and what was found, as the end of a sentence, if this is another
 */
export function readCheckpoint(
  record: unknown,
  config: RunConfig,
  wanted: number,
): Checkpoint | string {
  if (record === undefined) return `expected it at step ${wanted}, found nothing`;
  const { data } = checkpointSchema.safeParse(record);
  if (!data) return 'expected weights and optimizer state, found something else';
  const { raceId: _experiment, id: _run, ...checkpoint } = data;
  const { step, layers, scores } = checkpoint;
  if (step !== wanted) return `expected it at step ${wanted}, found it at step ${step}`;
  const layerCount = config.hiddenLayers.length + 1;
  if (layers.length !== layerCount) {
    return `expected ${layerCount} layers, found ${layers.length}`;
  }
  if (scores.length !== 2 * config.batchSize) {
    return `expected losses of ${config.batchSize} images, found ${scores.length / 2}`;
  }
  const broken = findNotFinite(checkpoint);
  return broken === null
    ? checkpoint
    : `expected finite numbers, found infinite ones or NaN in its ${broken}`;
}
