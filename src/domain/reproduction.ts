import { z } from 'zod/mini';
import { attackSchema } from './attackSchema.ts';
import { runConfigSchema } from './settings/config.ts';
import { minSeeds } from './statistics.ts';

/**
 * A finished run of the reproduction, in results/<id>.json. Error rates are fractions of the evaluated images, 0 to 1.
 * Repeating the run on the same machine gives the same file, except for `times`.
 */

const errorRate = z.number().check(z.minimum(0), z.maximum(1));
const epochs = z.int().check(z.minimum(1));
const seconds = z.number().check(z.minimum(0));

/** One epoch of a run. */
const curvePointSchema = z.strictObject({
  /** Counted from 1. */
  epoch: epochs,
  /** Mean loss per sample over the epoch, on the inputs that the method trained on. */
  trainLoss: z.number(),
  /** On the images without attack, after the epoch. */
  errorRate,
});
export type CurvePoint = z.infer<typeof curvePointSchema>;

/** Letters, digits, dots and hyphens, because an id is also the name of a file. */
export const runIdSchema = z.string().check(z.regex(/^[a-z0-9][a-z0-9.-]*$/));

export const runResultSchema = z
  .strictObject({
    version: z.literal(1),
    id: runIdSchema,
    config: runConfigSchema,
    data: z.strictObject({
      /** Name of the data set. */
      name: z.string().check(z.minLength(1)),
      /** Number of training images. */
      trainingImages: z.int().check(z.minimum(1)),
      /** The images of the error rates. For the validation split, the test set is not read. */
      evaluatedOn: z.enum(['validation', 'test']),
      evaluatedImages: z.int().check(z.minimum(1)),
    }),
    /**
     * SHA-256 of the network's file, which is kept outside of the repository, so that other attacks can be measured
     * without training again; absent in results that were written before it was kept, and for trials.
     */
    weights: z.exactOptional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
    /** The engine. Equal engines give equal numbers; others differ by rounding. */
    engine: z.string().check(z.minLength(1)),
    curve: z.array(curvePointSchema).check(z.minLength(1)),
    /** After the last epoch. */
    last: z.strictObject({
      errorRate,
      /** Which of the test images are misclassified; absent in results that were written before it was kept. */
      mistakes: z.exactOptional(z.string()),
      /** The same images attacked with the network's own gradient. */
      attacks: z.array(z.strictObject({ attack: attackSchema, errorRate })),
    }),
    times: z.strictObject({
      /** Wall-clock seconds of training, without evaluations. */
      trainSeconds: seconds,
      /** CPU seconds of the whole run, including evaluations. */
      cpuSeconds: seconds,
      /** When it was finished, ISO 8601. */
      finishedAt: z.iso.datetime(),
    }),
  })
  .check(
    z.superRefine(({ config, curve, last }, context) => {
      const issue = (message: string) => context.addIssue({ code: 'custom', message });
      if (curve.length !== config.epochs || curve.some(({ epoch }, i) => epoch !== i + 1)) {
        issue(`The curve must have epochs 1 to ${config.epochs}, found ${curve.length} points.`);
      }
      const end = curve.at(-1)?.errorRate;
      if (end !== last.errorRate) {
        issue(`The last error rate must be the curve's, ${end}, found ${last.errorRate}.`);
      }
    }),
  );
export type RunResult = z.infer<typeof runResultSchema>;

const perturbed = { epsilon: z.number().check(z.minimum(0)), clip: z.boolean() };

/**
 * results/robustness/<id>.json: the network of a finished run under attacks that take longer than those of the run, on
 * the first test images. Error rates are fractions of these images, without attack counted too.
 */
export const robustnessSchema = z.strictObject({
  version: z.literal(1),
  id: runIdSchema,
  /** SHA-256 of the network's file, as in the run's result. */
  weights: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  images: z.int().check(z.minimum(1)),
  engine: z.string().check(z.minLength(1)),
  attacks: z.array(
    z.strictObject({
      ...perturbed,
      fgsm: errorRate,
      /** 20 gradients of the training loss, of the margin loss; from a random start. */
      pgd: errorRate,
      marginPgd: errorRate,
      /** Under the strongest attack (engine/strongest/); null if it was not run. */
      strongest: z.nullable(errorRate),
    }),
  ),
  /** Shares of the images that are proven to be safe from every change within ε, clipped to [0, 1]. */
  certified: z.array(z.strictObject({ epsilon: perturbed.epsilon, share: errorRate })),
  /** The first training images, as they are and under FGSM at the ε of training, clipped or not as in training. */
  training: z.strictObject({ images: z.int(), clean: errorRate, fgsm: errorRate }),
  /** Wall-clock seconds of all measurements, by a number of threads that the engine's name states. */
  seconds,
});
export type Robustness = z.infer<typeof robustnessSchema>;

/** More than chance explains: half a percent of 10,000 training images. */
const leakingDifference = 0.005;

/**
 * Whether a network makes clearly more errors on training images as they are than under the FGSM of its training: it reads
 * the label off the perturbation, label leaking (Kurakin et al. 2017, arXiv 1611.01236, section 4).
 */
export function isLeaking({ clean, fgsm }: Robustness['training']): boolean {
  return clean - fgsm > leakingDifference;
}

/** What every recipe states, tried or chosen. */
const recipeShape = {
  learningRate: z.number(),
  hiddenLayers: z.array(z.int().check(z.minimum(1))),
  /** The schedule, if it is not that of the entry. */
  schedule: z.exactOptional(z.strictObject({ epochs, finalRate: z.number(), trialEpochs: epochs })),
  /** Other settings that are not those of all runs. */
  settings: z.exactOptional(
    z.strictObject({
      trainingEpsilon: z.exactOptional(z.number()),
      inputDropoutRate: z.exactOptional(z.number()),
      hiddenDropoutRate: z.exactOptional(z.number()),
      optimizer: z.exactOptional(runConfigSchema.shape.optimizer),
      batchSize: z.exactOptional(z.int()),
      weightDecay: z.exactOptional(z.number()),
    }),
  ),
};

/** A recipe that was chosen on the validation split, and the trials it was chosen from. */
const choiceSchema = z.strictObject({
  /** The entry of the plan. */
  entry: z.string().check(z.minLength(1)),
  ...recipeShape,
  /** All trials, in the plan's order. */
  trials: z.array(
    z.strictObject({
      id: runIdSchema,
      ...recipeShape,
      epochs,
      /** On the validation split after the last epoch. */
      errorRate,
    }),
  ),
});
export type Choice = z.infer<typeof choiceSchema>;

/** results/recipes.json. The choice for an entry is written before any of its runs uses the test set. */
export const recipesSchema = z.strictObject({
  version: z.literal(1),
  rule: z.string(),
  choices: z.array(choiceSchema),
});
export type Recipes = z.infer<typeof recipesSchema>;

const spreadSchema = z.strictObject({
  mean: errorRate,
  /** Standard deviation of a sample (n − 1); null for a single seed. */
  deviation: z.nullable(z.number().check(z.minimum(0))),
});
export type Spread = z.infer<typeof spreadSchema>;

/** A row of results/summary.json: the results of an entry's seeds after their last epoch. */
const summaryRowSchema = z.strictObject({
  /** Entry of the plan; its runs are `<entry>-seed<n>`. */
  entry: z.string().check(z.minLength(1)),
  /** Name of the data set. Only rows of the same one can be compared; `config` says whether pixels are permuted. */
  data: z.string().check(z.minLength(1)),
  /** Seeds that are finished, and seeds that are not run yet. */
  seeds: z.array(z.int().check(z.minimum(0))),
  missingSeeds: z.array(z.int().check(z.minimum(0))),
  /** Config of the run with the plan's first seed; null before a recipe is chosen. */
  config: z.nullable(runConfigSchema),
  /** Test error without attack; null, like everything below, before any seed is finished. */
  clean: z.nullable(spreadSchema),
  /** The error of each finished seed. */
  values: z.array(errorRate),
  attacks: z.array(z.strictObject({ attack: attackSchema, spread: spreadSchema })),
  /** How robust the network of the first seed is; null if it was not measured. */
  robustness: z.nullable(
    z.strictObject({
      images: robustnessSchema.shape.images,
      attacks: robustnessSchema.shape.attacks,
      certified: robustnessSchema.shape.certified,
      training: robustnessSchema.shape.training,
    }),
  ),
  /** Mean CPU seconds per run. */
  cpuSeconds: z.nullable(seconds),
  /** The error in the paper's abstract for the same units and method; null if it states none. */
  paper: z.nullable(errorRate),
});
export type SummaryRow = z.infer<typeof summaryRowSchema>;

/** A claim of the paper's abstract, and what the runs say of it. */
const claimSchema = z.strictObject({
  claim: z.string(),
  /**
   * 'not decided' if the interval over all seeds allows both, or there are too few for one; 'by construction' if it follows
   * from the algorithm.
   */
  outcome: z.enum([
    'met',
    'missed',
    'not decided',
    'by construction',
    'in progress',
    'not run yet',
  ]),
  /** The figures behind the outcome, divided by "; ", the most important first; '' before there are any. */
  found: z.string(),
});
export type Claim = z.infer<typeof claimSchema>;

/** A sentence or more of what the runs say of the abstract, with the words that stand out at its beginning. */
const answerSchema = z.strictObject({ lead: z.string(), text: z.string() });
export type Answer = z.infer<typeof answerSchema>;

/** How much ABP's and dropout's test errors may differ and still be called similar, in parts of 1. */
export const similarWithin = 0.01;

/** How outcomes are decided (tools/reproduce/document/judge.ts). */
export const claimRule = `When all seeds of a claim are finished, at least ${minSeeds}, their 95 % interval decides: the claim is met if the whole interval agrees with it, missed if the whole interval contradicts it, otherwise not decided. Two methods regularize about equally well if both gain over plain and the whole interval of their difference is within ${100 * similarWithin} point.`;

/** results/summary.json, made from the results for tables. */
export const summarySchema = z.strictObject({
  version: z.literal(1),
  /** What the claims come to. */
  answers: z.array(answerSchema),
  /** The most important first. */
  claims: z.array(claimSchema),
  rows: z.array(summaryRowSchema),
});
export type Summary = z.infer<typeof summarySchema>;
