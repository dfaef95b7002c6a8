import { z } from 'zod';
import { attackSchema } from './attackSchema.ts';
import { runConfigSchema } from './config.ts';

/**
 * A finished run of the reproduction as results/<id>.json holds it. Error rates are fractions of the
 * images evaluated, 0 to 1. Repeating the run on the same machine gives the same file but for `times`.
 */

const errorRate = z.number().min(0).max(1);
const epochs = z.int().min(1);
const seconds = z.number().min(0);

/** One epoch of a run. */
const curvePointSchema = z.strictObject({
  /** 1 for the first. */
  epoch: epochs,
  /** Mean loss a sample over the epoch, on what the method trained on. */
  trainLoss: z.number(),
  /** On the images without any attack, after the epoch. */
  errorRate,
});
export type CurvePoint = z.infer<typeof curvePointSchema>;

/** Letters, digits, dots and hyphens: an id is the name of a file too. */
export const runIdSchema = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/);

export const runResultSchema = z
  .strictObject({
    version: z.literal(1),
    id: runIdSchema,
    config: runConfigSchema,
    data: z.strictObject({
      /** Name of the data set. */
      name: z.string().min(1),
      /** Images trained on. */
      trainingImages: z.int().min(1),
      /** What the error rates are of: the test set is not even read where this is the validation split. */
      evaluatedOn: z.enum(['validation', 'test']),
      evaluatedImages: z.int().min(1),
    }),
    /** What computed: equal engines give equal numbers, others differ in rounding. */
    engine: z.string().min(1),
    curve: z.array(curvePointSchema).min(1),
    /** After the last epoch. */
    last: z.strictObject({
      errorRate,
      /** The same images attacked with the network's own gradient. */
      attacks: z.array(z.strictObject({ attack: attackSchema, errorRate })),
    }),
    times: z.strictObject({
      /** Seconds that training took by the clock, evaluations excluded. */
      trainSeconds: seconds,
      /** Seconds of a processor core that the whole run took, evaluations included. */
      cpuSeconds: seconds,
      /** When it was finished, ISO 8601. */
      finishedAt: z.iso.datetime(),
    }),
  })
  .superRefine(({ config, curve, last }, context) => {
    const issue = (message: string) => context.addIssue({ code: 'custom', message });
    if (curve.length !== config.epochs || curve.some(({ epoch }, i) => epoch !== i + 1)) {
      issue(`The curve must have epochs 1 to ${config.epochs}, found ${curve.length} points.`);
    }
    const end = curve.at(-1)?.errorRate;
    if (end !== last.errorRate) {
      issue(`The last error rate must be the curve's, ${end}, found ${last.errorRate}.`);
    }
  });
export type RunResult = z.infer<typeof runResultSchema>;

/** What a recipe sets beside rate and layers; absent: nothing. */
const settingsSchema = z
  .strictObject({
    trainingEpsilon: z.number().exactOptional(),
    inputDropoutRate: z.number().exactOptional(),
    hiddenDropoutRate: z.number().exactOptional(),
  })
  .exactOptional();

/** A recipe that the validation split chose, and what it was chosen from. */
const choiceSchema = z.strictObject({
  /** The entry of the plan that it is for. */
  entry: z.string().min(1),
  learningRate: z.number(),
  hiddenLayers: z.array(z.int().min(1)),
  settings: settingsSchema,
  /** All that was tried, in the plan's order. */
  trials: z.array(
    z.strictObject({
      id: runIdSchema,
      learningRate: z.number(),
      hiddenLayers: z.array(z.int().min(1)),
      settings: settingsSchema,
      epochs,
      /** On the validation split after the last epoch. */
      errorRate,
    }),
  ),
});
export type Choice = z.infer<typeof choiceSchema>;

/** results/recipes.json: the choice for an entry is written before any of its runs looks at the test set. */
export const recipesSchema = z.strictObject({
  version: z.literal(1),
  rule: z.string(),
  choices: z.array(choiceSchema),
});
export type Recipes = z.infer<typeof recipesSchema>;

const spreadSchema = z.strictObject({
  mean: errorRate,
  /** Standard deviation of a sample (n − 1); null for a single seed. */
  deviation: z.number().min(0).nullable(),
});
export type Spread = z.infer<typeof spreadSchema>;

/** A row of results/summary.json: what the seeds of an entry of the plan gave at their last epoch. */
const summaryRowSchema = z.strictObject({
  /** Entry of the plan; its runs are `<entry>-seed<n>`. */
  entry: z.string().min(1),
  /** Name of the data set: only rows of the same one can be compared. `config` tells permuted pixels. */
  data: z.string().min(1),
  /** Seeds that are finished, and those that are not run yet. */
  seeds: z.array(z.int().min(0)),
  missingSeeds: z.array(z.int().min(0)),
  /** Config of the runs with the first of the plan's seeds; null before a recipe is chosen. */
  config: runConfigSchema.nullable(),
  /** Test error without attack; null before any seed is finished, as all below. */
  clean: spreadSchema.nullable(),
  /** The error of each finished seed. */
  values: z.array(errorRate),
  attacks: z.array(z.strictObject({ attack: attackSchema, spread: spreadSchema })),
  /** Seconds of a processor core, mean of a run. */
  cpuSeconds: z.number().min(0).nullable(),
  /** What the paper's abstract states for the same units and method; null where it states nothing. */
  paper: errorRate.nullable(),
});
export type SummaryRow = z.infer<typeof summaryRowSchema>;

/** results/summary.json, made of the results: all that a table of them needs. */
export const summarySchema = z.strictObject({
  version: z.literal(1),
  rows: z.array(summaryRowSchema),
});
export type Summary = z.infer<typeof summarySchema>;
