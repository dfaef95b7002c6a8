import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { UsageError } from '../train/options/usageError.ts';

export const helpText = `npm run reproduce -- [options]

Makes the runs of tools/reproduce/plans/ that have no result yet, with the
recipes that were chosen (recipes.json in results/ and its folders), and writes docs/reproduction.md. It may
be stopped at any time, by Ctrl-C or SIGTERM: the same command resumes each run after its last epoch.

  --choose        Make the trials on the validation split and choose the recipes of those entries whose
                  trials are all finished. Existing recipes are never chosen again.
  --attacks       Measure the networks of finished runs under stronger attacks, and certify them. Runs keep their
                  networks in .cache/reproduce/; a network that is not there any more needs its run again.
  --quick         A ten-minute version into results/quick/, and a table of it.
  --list          Show the runs and which of them are finished.
  --cifar PLACE   CIFAR-10's binary version: its archive, or a directory with it or with its six .bin
                  files. Without it the runs on its sample are skipped, because they need its images.
  --cifar-jpeg PLACE  The JPEG copies of CIFAR-10's images in the same form, for the runs on all of them.
  --only PREFIX   Only runs whose names start with PREFIX; several are separated by commas.
  --verify RUN    Repeat a finished run and compare everything except its times.
  --write-docs    Only write docs/reproduction.md and results/summary.json.
  --parallel N    Number of runs at a time, one thread each. Default: the number of cores, here ${availableParallelism()}.
  --help          Print this and exit.
`;

const tasks = ['choose', 'attacks', 'list', 'verify', 'write-docs', 'help'] as const;

export interface Arguments {
  readonly task: 'run' | (typeof tasks)[number];
  readonly quick: boolean;
  /** Prefixes of the names of the runs to make; empty for all runs. */
  readonly only: readonly string[];
  readonly cifar: string | null;
  readonly cifarJpeg: string | null;
  /** The run to verify; empty for any other task. */
  readonly verify: string;
  readonly parallel: number;
}

const options = {
  choose: { type: 'boolean' },
  quick: { type: 'boolean', default: false },
  list: { type: 'boolean' },
  attacks: { type: 'boolean' },
  cifar: { type: 'string' },
  'cifar-jpeg': { type: 'string' },
  only: { type: 'string', default: '' },
  verify: { type: 'string' },
  'write-docs': { type: 'boolean' },
  parallel: { type: 'string', default: String(availableParallelism()) },
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
  const { quick, only, cifar, verify, parallel } = values;
  const given = tasks.filter((name) => values[name] !== undefined);
  if (given.length > 1 && !values.help) {
    throw new UsageError(`--${given.join(' and --')} exclude each other; give one of them.`);
  }
  const task = values.help ? 'help' : (given[0] ?? 'run');
  if (quick && (task === 'choose' || task === 'attacks' || task === 'write-docs')) {
    throw new UsageError(
      `--quick has no --${task}: it takes the chosen recipes, and prints a table.`,
    );
  }
  for (const option of ['cifar', 'cifar-jpeg'] as const) {
    if (values[option] === '') {
      throw new UsageError(`--${option} needs a file or directory, found "".`);
    }
  }
  if (!/^[1-9]\d{0,2}$/.test(parallel) || Number(parallel) > maxParallel) {
    throw new UsageError(
      `--parallel must be a whole number from 1 to ${maxParallel}, not "${parallel}".`,
    );
  }
  return {
    task,
    quick,
    only: only.split(',').filter((prefix) => prefix !== ''),
    cifar: cifar ?? null,
    cifarJpeg: values['cifar-jpeg'] ?? null,
    verify: verify ?? '',
    parallel: Number(parallel),
  };
}
