import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { limits, type OptimizerName, optimizers } from '../../src/domain/settings/config.ts';
import { type BenchMethod, type ContenderName, contenderNames, methods } from './contenders.ts';

/** What to measure, and for how long. */
export interface BenchOptions {
  readonly only: readonly ContenderName[];
  /** Units of the hidden layers of each network. */
  readonly networks: readonly (readonly number[])[];
  readonly batchSizes: readonly number[];
  readonly methods: readonly BenchMethod[];
  readonly optimizer: OptimizerName;
  /** The larger number of threads; one thread is always measured too. */
  readonly threads: number;
  /** Number of blocks of steps per contender, interleaved with the others. */
  readonly rounds: number;
  readonly json: boolean;
}

/** A wrong option, with a one-line message. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

const defaults = {
  networks: [
    [400, 400],
    [800, 800],
  ],
  batchSizes: [64, 256],
  rounds: 12,
} as const;
const quick = { networks: [[400, 400]], batchSizes: [64], rounds: 5 } as const;

export const help = `Times a training step of our engines and of other libraries, side by side in Chromium.

Usage: npm run bench -- [options]

  --only NAMES       contenders, separated by commas: ${contenderNames.join(', ')}. Default: all.
  --hidden UNITS     one network instead of 400,400 and 800,800: the units of its hidden layers
  --batch SIZES      images a step, separated by commas. Default: ${defaults.batchSizes.join(',')}
  --method NAMES     ${methods.join(',')} or one of them. Default: both
  --optimizer NAME   ${optimizers.join(', ')}. Default: rmsprop
  --threads N        measure with 1 and with N threads. Default: the number of cores
  --rounds N         blocks of steps per contender, interleaved. Default: ${defaults.rounds}
  --quick            one network, one batch size, ${quick.rounds} rounds, unless set by other options
  --json             one object on standard output, and nothing else
  --help`;

function list(name: string, text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => part === '')) throw new OptionError(`--${name}: "${text}" has a gap.`);
  return parts;
}

function choice<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new OptionError(`--${name}: expected ${choices.join(', ')}, found "${value}".`);
}

function whole(name: string, value: string, { min, max }: { min: number; max: number }): number {
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  throw new OptionError(
    `--${name}: expected whole numbers from ${min} to ${max}, found "${value}".`,
  );
}

/**
 * @returns null if help is requested
 * @throws OptionError for a wrong option
 */
export function parseOptions(args: readonly string[]): BenchOptions | null {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        hidden: { type: 'string' },
        batch: { type: 'string' },
        method: { type: 'string' },
        optimizer: { type: 'string' },
        threads: { type: 'string' },
        rounds: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  if (values.help) return null;
  const { only, hidden, batch, method, optimizer, threads, rounds } = values;
  const base = values.quick ? quick : defaults;
  const units = limits.unitsPerLayer;
  return {
    only:
      only === undefined
        ? contenderNames
        : list('only', only).map((name) => choice('only', name, contenderNames)),
    networks:
      hidden === undefined
        ? base.networks
        : [list('hidden', hidden).map((n) => whole('hidden', n, units))],
    batchSizes:
      batch === undefined
        ? base.batchSizes
        : list('batch', batch).map((n) => whole('batch', n, limits.batchSize)),
    methods:
      method === undefined
        ? methods
        : list('method', method).map((name) => choice('method', name, methods)),
    optimizer: choice('optimizer', optimizer ?? 'rmsprop', optimizers),
    threads:
      threads === undefined
        ? availableParallelism()
        : whole('threads', threads, { min: 1, max: 64 }),
    rounds: rounds === undefined ? base.rounds : whole('rounds', rounds, { min: 1, max: 1000 }),
    json: values.json ?? false,
  };
}
