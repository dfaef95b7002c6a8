import { availableParallelism } from 'node:os';
import {
  defaultAttackEpsilon,
  findConfigErrors,
  limits,
  losses,
  networkTypes,
  optimizers,
  type RunConfig,
  trainingMethods,
} from '../shared/config.ts';
import type { Attack } from '../shared/metrics.ts';
import {
  attackEpsilonCount,
  attackKinds,
  imageCountLimits,
  type OptionName,
  threadLimits,
  trainDefaults,
} from './optionTable.ts';
import { OptionReader, readValues, toList } from './optionValues.ts';
import { UsageError } from './usageError.ts';

/** All that a run from the command line needs to know. */
export interface TrainOptions {
  /**
   * The run as the engine takes it. How many images it trains on is not in here but in `trainSize`
   * and `validation`: the config's own fields are made for MNIST's 60,000.
   */
  readonly config: RunConfig;
  readonly attacks: readonly Attack[];
  /** Directory of IDX files; null for MNIST from its package. */
  readonly data: string | null;
  /** Whether rows and columns of its images are exchanged. */
  readonly transpose: boolean;
  /** Training images used; null for all that are not held out. */
  readonly trainSize: number | null;
  /** Training images held out. */
  readonly validation: number;
  readonly threads: number;
  /** File that the network is written to. */
  readonly save: string | null;
  readonly json: boolean;
}

const defaultThreads = 4;
const defaultAttackSteps = 40;

/** Where a field of the config comes from, so that its message can name what was typed. */
const optionOfField: Partial<Record<keyof RunConfig, OptionName>> = {
  networkType: 'network',
  hiddenLayers: 'hidden',
  maxoutPieces: 'pieces',
  loss: 'loss',
  method: 'method',
  trainingEpsilon: 'epsilon',
  pgdSteps: 'pgd-steps',
  pgdStepSize: 'pgd-step-size',
  cleanLossWeight: 'clean-loss-weight',
  inputDropoutRate: 'input-dropout',
  hiddenDropoutRate: 'hidden-dropout',
  optimizer: 'optimizer',
  learningRate: 'learning-rate',
  learningRateDecay: 'decay',
  batchSize: 'batch',
  epochs: 'epochs',
  permutationSeed: 'permute',
  seed: 'seed',
};

/** The default of Madry et al.: k steps can cross the ε-ball 2.5 times its radius. */
function defaultStepSize(epsilon: number, steps: number): number {
  return Math.min(limits.epsilon.max, (2.5 * epsilon) / steps);
}

function readHiddenLayers(read: OptionReader): number[] {
  const text = read.text('hidden');
  if (text === undefined) return trainDefaults.hiddenLayers;
  return text === '' || text === 'none' ? [] : toList(text);
}

function readConfig(read: OptionReader): RunConfig {
  const d = trainDefaults;
  const trainingEpsilon = read.number('epsilon', d.trainingEpsilon);
  const pgdSteps = read.number('pgd-steps', d.pgdSteps);
  const config: RunConfig = {
    ...d,
    networkType: read.choice('network', networkTypes, d.networkType),
    hiddenLayers: readHiddenLayers(read),
    maxoutPieces: read.number('pieces', d.maxoutPieces),
    loss: read.choice('loss', losses, d.loss),
    method: read.choice('method', trainingMethods, d.method),
    trainingEpsilon,
    pgdSteps,
    pgdStepSize: read.number('pgd-step-size', defaultStepSize(trainingEpsilon, pgdSteps)),
    cleanLossWeight: read.number('clean-loss-weight', d.cleanLossWeight),
    clipTrainingImages: read.has('clip'),
    inputDropoutRate: read.number('input-dropout', d.inputDropoutRate),
    hiddenDropoutRate: read.number('hidden-dropout', d.hiddenDropoutRate),
    optimizer: read.choice('optimizer', optimizers, d.optimizer),
    learningRate: read.number('learning-rate', d.learningRate),
    learningRateDecay: read.number('decay', d.learningRateDecay),
    batchSize: read.number('batch', d.batchSize),
    epochs: read.number('epochs', d.epochs),
    permutationSeed: read.has('permute') ? read.number('permute', NaN) : d.permutationSeed,
    seed: read.number('seed', d.seed),
  };
  const errors = Object.entries(findConfigErrors(config)) as [keyof RunConfig, string][];
  // A default that follows from another field is wrong only where that field is: name that one.
  const [field, message] =
    errors.find(([name]) => read.has(optionOfField[name] ?? 'help')) ?? errors[0] ?? [];
  if (field === undefined) return config;
  const option = optionOfField[field];
  const given = option === undefined ? undefined : read.text(option);
  const typed = given === undefined ? '' : `--${option} ${given === '' ? '""' : given}: `;
  throw new UsageError(`${typed}${message}`);
}

function readAttacks(read: OptionReader, config: RunConfig): Attack[] {
  const kind = read.choice('attack', attackKinds, 'fgsm');
  const text = read.text('attack-epsilon');
  const epsilons = text === undefined ? [defaultAttackEpsilon] : [...new Set(toList(text))];
  const { min, max } = limits.epsilon;
  if (!epsilons.every((epsilon) => epsilon >= min && epsilon <= max)) {
    throw new UsageError(
      `--attack-epsilon must be numbers from ${min} to ${max}, separated by commas, not "${text}".`,
    );
  }
  if (epsilons.length > attackEpsilonCount.max) {
    throw new UsageError(
      `--attack-epsilon takes at most ${attackEpsilonCount.max} numbers, found ${epsilons.length}.`,
    );
  }
  const steps = read.numberWithin('attack-steps', defaultAttackSteps, limits.pgdSteps, 'whole');
  const clip = config.clipTrainingImages;
  return epsilons.map((epsilon) => {
    const fallback = defaultStepSize(epsilon, steps);
    const stepSize = read.numberWithin('attack-step-size', fallback, limits.epsilon, 'real');
    return kind === 'fgsm'
      ? { kind, epsilon, clip }
      : { kind, epsilon, clip, steps, stepSize, seed: config.seed };
  });
}

/**
 * Reads the command line.
 *
 * @param args without the names of the program and its script
 * @throws UsageError naming the option, what was expected and what was found
 */
export function parseOptions(args: readonly string[]): TrainOptions | 'help' {
  const values = readValues(args);
  if (values.has('help')) return 'help';
  const read = new OptionReader(values);
  const config = readConfig(read);
  const threads = Math.min(defaultThreads, availableParallelism());
  const countsFromZero = { ...imageCountLimits, min: 0 };
  const [data, transpose] = [read.path('data'), read.has('transpose')];
  if (transpose && data === null) {
    throw new UsageError(
      '--transpose is for images of yours, with --data DIR: MNIST lies upright.',
    );
  }
  return {
    config,
    attacks: readAttacks(read, config),
    data,
    transpose,
    trainSize: read.has('train-size')
      ? read.numberWithin('train-size', NaN, imageCountLimits, 'whole')
      : null,
    validation: read.numberWithin('validation', 0, countsFromZero, 'whole'),
    threads: read.numberWithin('threads', threads, threadLimits, 'whole'),
    save: read.path('save'),
    json: read.has('json'),
  };
}
