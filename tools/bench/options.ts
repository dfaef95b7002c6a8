import { parseArgs } from 'node:util';
import { limits } from '../../src/domain/settings/config.ts';
import { UsageError } from '../train/options/usageError.ts';
import { type BenchMethod, type ContenderName, contenderNames, methods } from './contenders.ts';

export interface BenchOptions {
  readonly only: readonly ContenderName[];
  readonly networks: readonly (readonly number[])[];
  readonly batchSizes: readonly number[];
  readonly methods: readonly BenchMethod[];
  /** The larger number of threads, or null for the number of cores; one thread is always measured too. */
  readonly threads: number | null;
  readonly rounds: number;
  readonly json: boolean;
}

export const help = `Times a training step of our engines and of other libraries, side by side in Chromium.

Usage: npm run bench -- [options]

  --only NAMES       contenders, separated by commas: ${contenderNames.join(', ')}. Default: all.
  --hidden UNITS     networks, separated by slashes: the units of their hidden layers. Default: 400,400/800,800
  --batch SIZES      images a step, separated by commas. Default: 64,256
  --method NAMES     ${methods.join(',')} or one of them. Default: both
  --threads N        measure with 1 and with N threads. Default: the number of cores
  --rounds N         blocks of steps per contender, interleaved. Default: 12
  --quick            one network, one batch size, 5 rounds, unless set by other options
  --json             one object on standard output, and nothing else
  --help`;

const text = { type: 'string' } as const;
const toggle = { type: 'boolean', default: false } as const;
const options = {
  only: text,
  hidden: text,
  batch: text,
  method: text,
  threads: text,
  rounds: text,
  quick: toggle,
  json: toggle,
  help: toggle,
};

/**
 * @returns null if help is requested
 * @throws UsageError for a wrong option
 */
export function parseOptions(args: readonly string[]): BenchOptions | null {
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (values.help) return null;

  function names<T extends string>(option: 'only' | 'method', choices: readonly T[]) {
    return values[option]?.split(',').map((part): T => {
      const found = choices.find((choice) => choice === part.trim());
      if (found !== undefined) return found;
      throw new UsageError(`--${option}: expected ${choices.join(', ')}, found "${part}".`);
    });
  }
  function numbers(
    option: 'hidden' | 'batch' | 'threads' | 'rounds',
    { min, max }: { readonly min: number; readonly max: number },
    text = values[option],
  ) {
    return text?.split(',').map((part) => {
      const number = /^\s*\d+\s*$/.test(part) ? Number(part) : NaN;
      if (number >= min && number <= max) return number;
      throw new UsageError(
        `--${option}: expected whole numbers from ${min} to ${max}, found "${part}".`,
      );
    });
  }

  const wide = [800, 800];
  const networks = values.hidden
    ?.split('/')
    .map((one) => numbers('hidden', limits.unitsPerLayer, one)!);
  return {
    only: names('only', contenderNames) ?? contenderNames,
    networks: networks ?? [[400, 400], ...(values.quick ? [] : [wide])],
    batchSizes: numbers('batch', limits.batchSize) ?? (values.quick ? [64] : [64, 256]),
    methods: names('method', methods) ?? methods,
    threads: numbers('threads', { min: 1, max: 64 })?.[0] ?? null,
    rounds: numbers('rounds', { min: 1, max: 1000 })?.[0] ?? (values.quick ? 5 : 12),
    json: values.json,
  };
}
