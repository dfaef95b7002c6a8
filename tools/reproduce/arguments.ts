import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { UsageError } from '../train/options/usageError.ts';

export const helpText = `npm run reproduce -- [options]

Makes the runs of tools/reproduce/plans/ that have no result yet, with the
recipes that were chosen (recipes.json in results/ and its folders), and writes docs/reproduction.md. It may
be stopped at any time, by Ctrl-C or SIGTERM: the same command resumes each run after its last epoch.

  --choose        Make the trials on the validation split and choose the recipes of those entries whose
                  trials are all finished. Existing recipes are never chosen again.
  --quick         A ten-minute version into results/quick/, and a table of it.
  --list          Show the runs and which of them are finished.
  --cifar PLACE   CIFAR-10's binary version: its archive, or a directory with it or with its six .bin
                  files. Without it the runs on CIFAR-10 are skipped, because they need its images.
  --only PREFIX   Only runs whose names start with PREFIX; several are separated by commas.
  --verify RUN    Repeat a finished run and compare everything except its times.
  --write-docs    Only write docs/reproduction.md and results/summary.json.
  --parallel N    Number of runs at a time, one thread each. Default: the number of cores, here ${availableParallelism()}.
  --help          Print this and exit.
`;

export type Task = 'run' | 'choose' | 'list' | 'verify' | 'write-docs' | 'help';

export interface Arguments {
  readonly task: Task;
  readonly quick: boolean;
  /** Prefixes of the names of the runs to make; empty for all runs. */
  readonly only: readonly string[];
  /** Path of CIFAR-10, if given. */
  readonly cifar: string | null;
  /** The run to verify; empty for any other task. */
  readonly verify: string;
  readonly parallel: number;
}

const options = {
  choose: { type: 'boolean' },
  quick: { type: 'boolean' },
  list: { type: 'boolean' },
  cifar: { type: 'string' },
  only: { type: 'string' },
  verify: { type: 'string' },
  'write-docs': { type: 'boolean' },
  parallel: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const maxParallel = 256;

/** @throws UsageError naming the option, what was expected and what was found */
export function parseArguments(args: readonly string[]): Arguments {
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    const [reason] = (error as Error).message.split('. ');
    throw new UsageError(`${reason!.charAt(0).toLowerCase()}${reason!.slice(1)}; try --help.`);
  }
  const tasks = (['choose', 'list', 'verify', 'write-docs', 'help'] as const).filter(
    (name) => values[name] !== undefined,
  );
  if (values.help) tasks.splice(0, tasks.length, 'help');
  if (tasks.length > 1) {
    throw new UsageError(`--${tasks.join(' and --')} exclude each other; give one of them.`);
  }
  const [task = 'run'] = tasks;
  if (values.quick && (task === 'choose' || task === 'write-docs')) {
    throw new UsageError(
      `--quick has no --${task}: it takes the chosen recipes, and prints a table.`,
    );
  }
  if (values.cifar === '') throw new UsageError('--cifar needs a file or directory, found "".');
  const parallel = values.parallel ?? String(availableParallelism());
  if (!/^\d{1,3}$/.test(parallel) || Number(parallel) < 1 || Number(parallel) > maxParallel) {
    throw new UsageError(
      `--parallel must be a whole number from 1 to ${maxParallel}, not "${parallel}".`,
    );
  }
  return {
    task,
    quick: values.quick ?? false,
    only: (values.only ?? '').split(',').filter((prefix) => prefix !== ''),
    cifar: values.cifar ?? null,
    verify: values.verify ?? '',
    parallel: Number(parallel),
  };
}
