import { z } from 'zod/mini';
import { limits, type RunConfig, runConfigSchema } from '../../domain/settings/config.ts';
import { cleanName } from '../../domain/cleanName.ts';
import { LabError } from '../../domain/errors.ts';
import type { JudgedRun } from '../runs/measuredErrors.ts';
import { type Repeats, seedFailures, type SeedRun } from '../runs/repeats.ts';
import {
  evaluationSchema,
  lossPointSchema,
  measurementSchema,
  progressSchema,
} from '../runs/runSchemas.ts';
import { paletteSize } from '../setup/paletteIndices.ts';
import { maxEntries } from '../setup/setup.ts';
import { maxSeeds } from '../storage/records.ts';
import type { ExperimentSummary } from '../storage/types.ts';

/** An experiment from a file, shown beside the present one. */
export interface ImportedExperiment extends ExperimentSummary {
  readonly fileName: string;
}

/** An experiment was called a race when the first files were written. */
const format = 'adversarial-gradient-lab race';
/** Raise it when an older reader would misinterpret the files. */
const version = 1;

/** The curves of a run; one of 1,000 epochs measures about 30,000 points. Charts search them by position. */
function curve<T extends { readonly epoch: number }>(point: z.ZodMiniType<T>) {
  return z.array(point).check(
    z.maxLength(200_000),
    z.refine(
      (points) => points.every(({ epoch }, i) => i === 0 || epoch >= points[i - 1]!.epoch),
      'Points must be in the order of their epochs.',
    ),
  );
}

const runSchema = z
  .strictObject({
    name: z.string().check(z.minLength(1), z.maxLength(200)),
    paletteIndex: z.int().check(z.minimum(0), z.lt(paletteSize)),
    config: runConfigSchema,
    progress: z.nullable(progressSchema),
    history: z.strictObject({
      losses: curve(lossPointSchema),
      evaluations: curve(evaluationSchema),
    }),
    measurements: z.array(measurementSchema).check(z.maxLength(2000)),
    /** Of a run with another seed. */
    failure: z.exactOptional(z.enum(seedFailures)),
  })
  .check(
    z.superRefine(({ config, progress, history, measurements }, context) => {
      const fail = (path: string, message: string): void => {
        context.addIssue({ code: 'custom', path: [path], message });
      };
      const measured = [...history.losses, ...history.evaluations, ...measurements];
      if (measured.some(({ epoch }) => epoch > config.epochs + 1e-6)) {
        fail('history', 'It has points after the last epoch.');
      }
      if (measured.some(({ step }) => step > (progress?.totalSteps ?? Infinity))) {
        fail('history', 'It has points after the last step.');
      }
      if (progress !== null && progress.totalSteps > progress.stepsPerEpoch * config.epochs) {
        fail('progress', 'It has more steps than its epochs.');
      }
    }),
  );

/** Until November 2026, two fields of a run had other names. */
function renameOlderFields(run: unknown): unknown {
  if (typeof run !== 'object' || run === null || !('slot' in run && 'readings' in run)) return run;
  const { slot: paletteIndex, readings: measurements, ...rest } = run;
  return { ...rest, paletteIndex, measurements };
}

type Configured = readonly { readonly config: RunConfig }[];

const listSeeds = (runs: Configured): string => runs.map(({ config }) => config.seed).join();

/** Why these runs are not those of the experiment with another seed, or null if they are. */
function findSeedProblem(runs: Configured, seed: Configured): string | null {
  if (seed.length !== runs.length) {
    return `It should have the experiment’s ${runs.length} runs, but has ${seed.length}.`;
  }
  const isSame = seed.every(({ config }, index) => {
    const { config: own } = runs[index]!;
    // Both have the order of the schema.
    return JSON.stringify({ ...config, seed: own.seed }) === JSON.stringify(own);
  });
  return isSame ? null : 'Its settings should be those of the experiment, except for the seed.';
}

const experimentFileSchema = z
  .strictObject({
    format: z.literal(format),
    version: z.literal(version),
    /** ISO 8601. */
    savedAt: z.iso.datetime(),
    /** What computed the experiment, in words. */
    engine: z.string().check(z.maxLength(500)),
    attackEpsilon: z.number().check(z.minimum(limits.epsilon.min), z.maximum(limits.epsilon.max)),
    runs: z
      .array(z.pipe(z.transform(renameOlderFields), runSchema))
      .check(z.minLength(1), z.maxLength(maxEntries)),
    /** The same runs with other seeds. */
    repeats: z.exactOptional(
      z.strictObject({
        attackEpsilon: z
          .number()
          .check(z.minimum(limits.epsilon.min), z.maximum(limits.epsilon.max)),
        finished: z
          .array(z.array(runSchema).check(z.maxLength(maxEntries)))
          .check(z.maxLength(maxSeeds)),
      }),
    ),
  })
  .check(
    z.superRefine(({ runs, repeats }, context) => {
      const seen = new Set([listSeeds(runs)]);
      repeats?.finished.forEach((seed, place) => {
        const seeds = listSeeds(seed);
        const isNew = !seen.has(seeds);
        seen.add(seeds);
        const message =
          findSeedProblem(runs, seed) ?? (isNew ? null : 'Each seed should be there once.');
        if (message === null) return;
        context.addIssue({ code: 'custom', path: ['repeats', 'finished', place], message });
      });
    }),
  );

/** Settings, curves and measurements of an experiment as JSON; weights are separate files. */
export function encodeExperimentFile(
  runs: readonly JudgedRun[],
  about: {
    readonly attackEpsilon: number;
    readonly engine: string;
    readonly savedAt: Date;
    readonly repeats?: Pick<Repeats, 'attackEpsilon' | 'finished'>;
  },
): string {
  const experiment: z.infer<typeof experimentFileSchema> = {
    format,
    version,
    savedAt: about.savedAt.toISOString(),
    engine: about.engine,
    attackEpsilon: about.attackEpsilon,
    runs: runs.map(toRecord),
  };
  const { repeats } = about;
  if (repeats !== undefined && repeats.finished.length > 0) {
    const { attackEpsilon, finished } = repeats;
    experiment.repeats = { attackEpsilon, finished: finished.map((seed) => seed.map(toRecord)) };
  }
  return `${JSON.stringify(experiment)}\n`;
}

function toRecord(run: JudgedRun & Pick<SeedRun, 'failure'>): z.infer<typeof runSchema> {
  const { name, paletteIndex, config, progress, history, measurements, failure } = run;
  const curves = { losses: [...history.losses], evaluations: [...history.evaluations] };
  return {
    name,
    paletteIndex,
    config,
    progress,
    history: curves,
    measurements: [...measurements],
    ...(failure && { failure }),
  };
}

/**
 * Reads an experiment that was saved as JSON. It gets new ids, so that it can be shown beside the experiment
 * that it was saved from, and keeps the time at which it was saved.
 *
 * @throws LabError 'data-corrupt' that says what was expected and what was found
 */
export function parseExperimentFile(text: string, fileName: string): ImportedExperiment {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('the file should be JSON, but is not, or was cut short');
  }
  const { format: found, version: foundVersion } = (json ?? {}) as Record<string, unknown>;
  if (found !== format) refuse(`its “format” should be ${show(format)}, but is ${show(found)}`);
  if (foundVersion !== version) {
    refuse(`its “version” should be ${version}, but is ${show(foundVersion)}`);
  }
  const result = experimentFileSchema.safeParse(json);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    refuse(`“${path.map(String).join('.')}” is not as expected. ${message.replace(/\.$/, '')}`);
  }
  const { savedAt, attackEpsilon, runs, repeats } = result.data;
  const id = `file-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  return {
    id,
    fileName,
    attackEpsilon,
    startedAt: Date.parse(savedAt),
    isPaused: true,
    enginePreference: 'auto',
    runs: runs.map((one, index) => ({
      id: `${id}-${index + 1}`,
      ...one,
      name: cleanName(one.name, 200) || 'Run',
      engine: null,
    })),
    bytes: text.length,
    ...(repeats && {
      repeats: {
        attackEpsilon: repeats.attackEpsilon,
        finished: repeats.finished.map((seed, place) =>
          seed.map((one, index) => ({ id: `${id}-seed${place + 2}-${index + 1}`, ...one })),
        ),
      },
    }),
  };
}

export function isImported(experiment: ExperimentSummary): experiment is ImportedExperiment {
  return 'fileName' in experiment;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'missing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function refuse(what: string): never {
  throw new LabError(
    'data-corrupt',
    `This is not an experiment of this page: ${what}.`,
    'Open a file that this page saved with “Save experiment (JSON)”.',
  );
}
