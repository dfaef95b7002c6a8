import { availableParallelism } from 'node:os';
import {
  defaultAttackEpsilon,
  findConfigErrors,
  limits,
  type RunConfig,
} from '../../../src/domain/settings/config.ts';
import { type Attack, defaultStepSize, type StrongestAttack } from '../../../src/domain/metrics.ts';
import type { Limits } from '../../../src/domain/settings/settingKinds.ts';
import { readNumber } from '../../../src/domain/settings/numberText.ts';
import {
  rowOf,
  type SettingKey,
  settingKeys,
  settings,
} from '../../../src/domain/settings/settings.ts';
import {
  maxAttackEpsilons,
  maxSeeds,
  attackOptions,
  imageCountLimits,
  optionEntries,
  threadLimits,
  trainDefaults,
} from './optionTable.ts';
import {
  readChoice,
  readPath,
  readValues,
  readWithin,
  toList,
  type Values,
} from './optionValues.ts';
import { UsageError } from './usageError.ts';

export interface TrainOptions {
  /**
   * The run as the engine takes it. How many images it trains on is not in here but in `trainSize`
   * and `validation`: the config's own fields are made for MNIST's 60,000.
   */
  readonly config: RunConfig;
  readonly attacks: readonly (Attack | StrongestAttack)[];
  /** Seeds to train with, one after another; null to train once, with the config's. */
  readonly seeds: readonly number[] | null;
  /** Values of ε for which test images are certified after the last epoch. */
  readonly certify: readonly number[];
  /** Whether the test images are evaluated after every epoch, not after the last one only. */
  readonly testEachEpoch: boolean;
  /** Directory of IDX files; null for MNIST from its package. */
  readonly data: string | null;
  /** Whether rows and columns of its images are exchanged. */
  readonly transpose: boolean;
  /** Training images used; null for all that are not held out. */
  readonly trainSize: number | null;
  readonly validation: number;
  readonly threads: number;
  readonly save: string | null;
  readonly json: boolean;
}

const defaultThreads = 4;
const defaultAttackSteps = 40;

/** Within what the options allow. */
function stepSizeOf(epsilon: number, steps: number): number {
  return Math.min(limits.epsilon.max, defaultStepSize(epsilon, steps));
}

function readConfig(values: Values): RunConfig {
  const given = settingKeys.filter((key) => values.has(rowOf(key).option?.name ?? ''));
  const read = Object.fromEntries(given.map((key) => [key, readSetting(key, values)]));
  const config = { ...trainDefaults, ...(read as Partial<RunConfig>) };
  if (!given.includes('pgdStepSize')) {
    config.pgdStepSize = stepSizeOf(config.trainingEpsilon, config.pgdSteps);
  }
  const errors = Object.entries(findConfigErrors(config)) as [SettingKey, string][];
  // A default that follows from another field is wrong only where that field is: name that one.
  const [key, message] = errors.find(([name]) => given.includes(name)) ?? errors[0] ?? [];
  if (key !== undefined && message !== undefined) refuse(key, values, message);
  return config;
}

/** @throws UsageError for a text that the setting cannot be read from; the schema checks what was read */
function readSetting(key: SettingKey, values: Values): unknown {
  const row = rowOf(key);
  if (row.kind === 'toggle') return true;
  const text = values.get(row.option?.name ?? '') ?? '';
  const value = row.read(key === 'hiddenLayers' && text === '' ? 'none' : text);
  if (value === undefined) refuse(key, values, `Expected ${row.expected}.`);
  return value;
}

function refuse(key: SettingKey, values: Values, message: string): never {
  const row = settings[key];
  const name = rowOf(key).option?.name;
  const text = name === undefined ? undefined : values.get(name);
  if (text === undefined) throw new UsageError(message);
  const reason = 'explain' in row && text !== '' ? ` ${row.explain(text)}` : '';
  throw new UsageError(`--${name} ${text === '' ? '""' : text}: ${message}${reason}`.trimEnd());
}

/**
 * The values of ε in an option's list, each once.
 *
 * @throws UsageError for anything else than numbers within the limits
 */
export function readEpsilons(
  values: Values,
  name: string,
  fallback: readonly number[],
  { min, max }: Limits = limits.epsilon,
): readonly number[] {
  const text = values.get(name);
  if (text === undefined) return fallback;
  const epsilons = [...new Set(toList(text))];
  if (!epsilons.every((epsilon) => epsilon >= min && epsilon <= max)) {
    throw new UsageError(
      `--${name} must be numbers from ${min} to ${max}, separated by commas, not "${text}".`,
    );
  }
  if (epsilons.length > maxAttackEpsilons) {
    throw new UsageError(
      `--${name} takes at most ${maxAttackEpsilons} numbers, found ${epsilons.length}.`,
    );
  }
  return epsilons;
}

function readAttacks(values: Values, config: RunConfig): (Attack | StrongestAttack)[] {
  const kind = readChoice(values, 'attack', attackOptions, 'fgsm');
  const epsilons = readEpsilons(values, 'attack-epsilon', [defaultAttackEpsilon]);
  const steps = readWithin(values, 'attack-steps', defaultAttackSteps, limits.pgdSteps);
  const clip = config.clipTrainingImages;
  return epsilons.map((epsilon) => {
    const fallback = stepSizeOf(epsilon, steps);
    const stepSize = readWithin(values, 'attack-step-size', fallback, limits.epsilon, 'real');
    const { seed } = config;
    if (kind === 'fgsm') return { kind, epsilon, clip };
    if (kind === 'strongest') return { kind, epsilon, clip, seed };
    if (kind === 'margin-pgd') return { kind, epsilon, clip, steps, seed };
    return { kind, epsilon, clip, steps, stepSize, seed };
  });
}

/**
 * "1-5" or "1,2,7" as a list of seeds, each once.
 *
 * @throws UsageError for anything else
 */
function readSeeds(values: Values): readonly number[] | null {
  const text = values.get('seeds');
  if (text === undefined) return null;
  for (const other of ['seed', 'save']) {
    if (values.has(other)) throw new UsageError(`--seeds and --${other} exclude each other.`);
  }
  const [, from, to] = /^(\d+)-(\d+)$/.exec(text.trim()) ?? [];
  const isRange = from !== undefined && to !== undefined;
  const length = isRange ? Number(to) - Number(from) + 1 : 0;
  const seeds = isRange
    ? Array.from(
        { length: Math.max(0, Math.min(length, maxSeeds + 1)) },
        (_, i) => Number(from) + i,
      )
    : [...new Set(text.split(',').map((part) => readNumber(part, 'whole')))];
  const { min, max } = limits.seed;
  const areSeeds = seeds.every((seed) => Number.isInteger(seed) && seed >= min && seed <= max);
  if (seeds.length === 0 || seeds.length > maxSeeds || !areSeeds) {
    throw new UsageError(
      `--seeds must be 1 to ${maxSeeds} whole numbers from ${min} to ${max}, as 1-5 or 1,2,7, not "${text}".`,
    );
  }
  return seeds;
}

/** The same run with another seed, which its attacks have, too. */
export function withSeed<T extends Pick<TrainOptions, 'config' | 'attacks'>>(
  options: T,
  seed: number,
): T {
  const { config, attacks } = options;
  return {
    ...options,
    config: { ...config, seed },
    attacks: attacks.map((attack) => ('seed' in attack ? { ...attack, seed } : attack)),
  };
}

/**
 * Reads the command line.
 *
 * @param args without the names of the program and its script
 * @throws UsageError naming the option, what was expected and what was found
 */
export function parseOptions(args: readonly string[]): TrainOptions | 'help' {
  const values = readValues(args, optionEntries);
  if (values.has('help')) return 'help';
  const config = readConfig(values);
  const data = readPath(values, 'data');
  const transpose = values.has('transpose');
  if (transpose && data === null) {
    throw new UsageError(
      '--transpose is for images of yours, with --data DIR: MNIST lies upright.',
    );
  }
  const threads = Math.min(defaultThreads, availableParallelism());
  const validation = readWithin(values, 'validation', 0, { ...imageCountLimits, min: 0 });
  return {
    config,
    attacks: readAttacks(values, config),
    seeds: readSeeds(values),
    certify: readEpsilons(values, 'certify', []),
    testEachEpoch: validation === 0 || values.has('test-each-epoch'),
    data,
    transpose,
    trainSize: values.has('train-size')
      ? readWithin(values, 'train-size', NaN, imageCountLimits)
      : null,
    validation,
    threads: readWithin(values, 'threads', threads, threadLimits),
    save: readPath(values, 'save'),
    json: values.has('json'),
  };
}
