import './jitless.ts';
import { z } from 'zod';
import { factsOf, heldOutCount, mnistCounts, ownDataSchema, ownTrainingCount } from './dataSet.ts';

/** Kinds of hidden unit. Maxout takes the largest of several linear pieces (Goodfellow et al. 2013). */
export const networkTypes = ['logistic', 'tanh', 'relu', 'maxout'] as const;
export type NetworkType = (typeof networkTypes)[number];

/** How one step finds its gradient; the algorithms are in engine/methods/, one file each. */
export const trainingMethods = [
  'plain',
  'dropout',
  'adversarial',
  'adversarial-dropout',
  'noise',
  'pgd',
  'mixed',
] as const;
export type TrainingMethod = (typeof trainingMethods)[number];

export const optimizers = ['sgd', 'momentum', 'rmsprop', 'adam'] as const;
export type OptimizerName = (typeof optimizers)[number];

/** Output layer and loss: sigmoid outputs with binary cross-entropy, or softmax with cross-entropy. */
export const losses = ['bce', 'ce'] as const;
export type Loss = (typeof losses)[number];

/** What each number may be. One table for the schema, the form fields and their messages. */
export const limits = {
  hiddenLayers: { min: 0, max: 6 },
  unitsPerLayer: { min: 1, max: 2048 },
  /** units × pieces of a maxout layer: the columns of its weight matrix, bounded by texture sizes. */
  columnsPerLayer: { min: 1, max: 4096 },
  maxoutPieces: { min: 2, max: 8 },
  epsilon: { min: 0, max: 1 },
  pgdSteps: { min: 1, max: 200 },
  cleanLossWeight: { min: 0, max: 1 },
  dropoutRate: { min: 0, max: 0.95 },
  learningRate: { min: 1e-6, max: 10 },
  learningRateDecay: { min: 0.1, max: 1 },
  batchSize: { min: 1, max: 1024 },
  epochs: { min: 1, max: 1000 },
  trainingSetSize: { min: 100, max: 60_000 },
  seed: { min: 0, max: 0xffff_ffff },
} as const;

type Limit = { readonly min: number; readonly max: number };

function real(name: string, { min, max }: Limit) {
  const message = `${name} must be a number from ${min} to ${max}.`;
  return z.number(message).min(min, message).max(max, message);
}

function whole(name: string, { min, max }: Limit) {
  const message = `${name} must be a whole number from ${min} to ${max}.`;
  return z.int(message).min(min, message).max(max, message);
}

const unitsMessage = `Each hidden layer needs a whole number of units from ${limits.unitsPerLayer.min} to ${limits.unitsPerLayer.max}.`;

function describeSize(most: string | number): string {
  return `Training set size must be a whole number from ${limits.trainingSetSize.min} to ${most}.`;
}
/** Where nothing but the size itself is known. */
const sizeMessage = describeSize('as many as the data have');

/**
 * Everything that defines a training run. Equal configs give equal runs: the seed fixes initial
 * weights, batch order, dropout and noise.
 */
export const runConfigSchema = z
  .strictObject({
    networkType: z.enum(networkTypes),
    /** Units of each hidden layer, input side first; an empty list is a linear classifier. */
    hiddenLayers: z
      .array(
        z
          .int(unitsMessage)
          .min(limits.unitsPerLayer.min, unitsMessage)
          .max(limits.unitsPerLayer.max, unitsMessage),
      )
      .max(limits.hiddenLayers.max, `At most ${limits.hiddenLayers.max} hidden layers.`),
    /** Linear pieces a maxout unit chooses from; unused by the other types. */
    maxoutPieces: whole('Maxout pieces', limits.maxoutPieces),
    loss: z.enum(losses),
    method: z.enum(trainingMethods),
    /** Largest change of a pixel in training, on the [0, 1] scale (the paper's ε). */
    trainingEpsilon: real('Training ε', limits.epsilon),
    /** Steps of projected gradient descent, in PGD training. */
    pgdSteps: whole('PGD steps', limits.pgdSteps),
    /** Largest change of a pixel in one step of PGD training, on the [0, 1] scale. */
    pgdStepSize: real('PGD step size', limits.epsilon),
    /** Weight of the clean loss in the mixed objective (Goodfellow's α). */
    cleanLossWeight: real('Clean-loss weight', limits.cleanLossWeight),
    /** Whether perturbed training images are clipped back to [0, 1]; the paper does not. */
    clipTrainingImages: z.boolean(),
    /** Probability that an input pixel is dropped, in methods with dropout. */
    inputDropoutRate: real('Input dropout rate', limits.dropoutRate),
    /** Probability that a hidden unit is dropped, in methods with dropout. */
    hiddenDropoutRate: real('Hidden dropout rate', limits.dropoutRate),
    optimizer: z.enum(optimizers),
    learningRate: real('Learning rate', limits.learningRate),
    /** Factor on the learning rate after each epoch. */
    learningRateDecay: real('Learning-rate decay', limits.learningRateDecay),
    /** Images a step; a last partial batch of an epoch is kept. */
    batchSize: whole('Batch size', limits.batchSize),
    epochs: whole('Epochs', limits.epochs),
    /** Training images used: the first so many of the training set. */
    trainingSetSize: z
      .int(sizeMessage)
      .min(limits.trainingSetSize.min, sizeMessage)
      .max(ownTrainingCount.max, sizeMessage),
    /** Hold out the last training images (`heldOutCount`) and evaluate on them instead of the test set. */
    holdOutValidation: z.boolean(),
    /** The data set: a person's own files; null: MNIST. Absent where there was no choice, as below. */
    dataSet: ownDataSchema.nullable().default(null),
    /**
     * Seed of one fixed permutation of the pixels of all images; null: they stay in order. Settings
     * that were saved before there was a choice do not have it.
     */
    permutationSeed: whole('Permutation seed', limits.seed).nullable().default(null),
    seed: whole('Seed', limits.seed),
  })
  .superRefine((config, context) => {
    if (config.networkType === 'maxout') {
      config.hiddenLayers.forEach((units, layer) => {
        const columns = units * config.maxoutPieces;
        if (columns > limits.columnsPerLayer.max) {
          context.addIssue({
            code: 'custom',
            path: ['hiddenLayers'],
            message: `Hidden layer ${layer + 1} has ${units} units × ${config.maxoutPieces} pieces = ${columns} columns; at most ${limits.columnsPerLayer.max} are possible.`,
          });
        }
      });
    }
    // All of MNIST also in a build with its first images: published settings are checked there, too.
    const trainingCount = config.dataSet?.trainingCount ?? limits.trainingSetSize.max;
    if (config.trainingSetSize > trainingCount) {
      context.addIssue({
        code: 'custom',
        path: ['trainingSetSize'],
        message: describeSize(trainingCount),
      });
    }
    const heldOut = heldOutCount(trainingCount);
    const largest = trainingCount - heldOut;
    if (config.holdOutValidation && config.trainingSetSize > largest) {
      context.addIssue({
        code: 'custom',
        path: ['trainingSetSize'],
        message:
          largest < limits.trainingSetSize.min
            ? `With ${heldOut} validation images held out, ${largest} training images remain; training needs ${limits.trainingSetSize.min}. Hold none out.`
            : `With ${heldOut} validation images held out, at most ${largest} training images remain.`,
      });
    }
  });

export type RunConfig = z.infer<typeof runConfigSchema>;

/**
 * Defaults: the paper's outputs, loss and batch size, on a network small enough to learn within a
 * minute anywhere. RMSprop and ε = 0.08 follow the author's published code for a later paper.
 */
export const defaultConfig: RunConfig = {
  networkType: 'relu',
  hiddenLayers: [100],
  maxoutPieces: 2,
  loss: 'bce',
  method: 'adversarial',
  trainingEpsilon: 0.08,
  pgdSteps: 7,
  pgdStepSize: 0.02,
  cleanLossWeight: 0.5,
  clipTrainingImages: false,
  inputDropoutRate: 0.1,
  hiddenDropoutRate: 0.5,
  optimizer: 'rmsprop',
  learningRate: 1e-3,
  learningRateDecay: 0.94,
  batchSize: 64,
  epochs: 5,
  trainingSetSize: mnistCounts.training,
  holdOutValidation: false,
  dataSet: null,
  permutationSeed: null,
  seed: 1,
};

/** Attack ε at which a page starts to evaluate: the ε that the paper's author trains with. */
export const defaultAttackEpsilon = 0.08;

/** Messages by field, in the order of the schema; empty when the config is valid. */
export function findConfigErrors(config: unknown): Partial<Record<keyof RunConfig, string>> {
  const result = runConfigSchema.safeParse(config);
  const errors: Partial<Record<keyof RunConfig, string>> = {};
  for (const issue of result.error?.issues ?? []) {
    const field = issue.path[0] as keyof RunConfig;
    errors[field] ??=
      issue.message === sizeMessage ? describeSize(countTraining(config)) : issue.message;
  }
  return errors;
}

/** Training images of the data that a config names, whatever else is wrong with it. */
function countTraining(config: unknown): number {
  const parsed = z.object({ dataSet: ownDataSchema.nullable() }).safeParse(config);
  return factsOf(parsed.data?.dataSet ?? null).trainingCount;
}

/** Whether a method uses each of the settings that only some methods have. */
export function methodUses(method: TrainingMethod): {
  epsilon: boolean;
  dropout: boolean;
  pgd: boolean;
  cleanLoss: boolean;
} {
  return {
    epsilon: method !== 'plain' && method !== 'dropout',
    dropout: method === 'dropout' || method === 'adversarial-dropout',
    pgd: method === 'pgd',
    cleanLoss: method === 'mixed',
  };
}
