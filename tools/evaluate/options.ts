import { availableParallelism } from 'node:os';
import { defaultAttackEpsilon, limits } from '../../src/domain/settings/config.ts';
import { listChoices } from '../../src/domain/settings/describeSettings.ts';
import { describeRange } from '../../src/domain/settings/settingKinds.ts';
import {
  attackOptions,
  imageCountLimits,
  maxAttackEpsilons,
  type OptionEntry,
  optionGroups,
  threadLimits,
} from '../train/options/optionTable.ts';
import { readChoice, readPath, readValues, readWithin } from '../train/options/optionValues.ts';
import { readEpsilons } from '../train/options/options.ts';
import { writeHelp } from '../train/options/help.ts';
import { UsageError } from '../train/options/usageError.ts';
import {
  strongestQueries,
  strongestRestarts,
  strongestSteps,
} from '../../src/engine/strongest/strongestAttack.ts';

export interface EvaluateOptions {
  /** The network's safetensors file. */
  readonly file: string;
  readonly data: string | null;
  readonly transpose: boolean;
  /** Test images used, the first ones; null for all. */
  readonly images: number | null;
  readonly attack: (typeof attackOptions)[number];
  readonly attackEpsilons: readonly number[];
  readonly attackSteps: number;
  /** How ε is measured. */
  readonly norm: (typeof norms)[number];
  readonly clip: boolean;
  /** Values of ε for which images are certified. */
  readonly certify: readonly number[];
  readonly threads: number;
  readonly json: boolean;
}

const norms = ['linf', 'l2'] as const;
/** Lengths of a change: every pixel of MNIST's images changed by 1 has the length 28. */
const l2Limits = { min: 0, max: 100 } as const;
const defaultL2Epsilon = 2;
const defaultSteps = 20;
const { data, transpose } = optionGroups.Data as { data: OptionEntry; transpose: OptionEntry };
const { threads, help } = optionGroups.Running as { threads: OptionEntry; help: OptionEntry };

const groups: Readonly<Record<string, Readonly<Record<string, OptionEntry>>>> = {
  Data: {
    data,
    transpose,
    images: { value: 'N', help: 'Use the first N test images. Default: all.' },
  },
  Attack: {
    attack: {
      value: 'KIND',
      help: `${listChoices(attackOptions)}: one step along the gradient's sign; PGD on the training loss; PGD on the margin loss with steps that fall to 0; or all of these, margin PGD with ${strongestSteps} steps from ${strongestRestarts} random starts, and Square with ${strongestQueries} queries on what survives. Default margin-pgd.`,
    },
    'attack-epsilon': {
      value: 'LIST',
      help: `Attack with each of these epsilons, ${describeRange(limits.epsilon)}, or ${describeRange(l2Limits)} with --norm l2, separated by commas, at most ${maxAttackEpsilons}. Default ${defaultAttackEpsilon}, or ${defaultL2Epsilon} with --norm l2.`,
    },
    norm: {
      value: 'NORM',
      help: 'linf or l2: how epsilon is measured, by the largest change of a pixel or by the length of the whole change, the root of the sum of squares. With l2, steps go along the gradient itself; not for strongest and --certify. Default linf.',
    },
    'attack-steps': {
      value: 'N',
      help: `Steps of pgd and margin-pgd, ${describeRange(limits.pgdSteps)}. Default ${defaultSteps}.`,
    },
    clip: {
      value: null,
      help: 'Clip attacked images to 0 to 1. Default: not clipped, as in the paper.',
    },
  },
  Certificate: {
    certify: {
      value: 'LIST',
      help: 'Count the images whose prediction no change within epsilon can turn, by CROWN and IBP, for each of these epsilons. Changed images are those in 0 to 1. Default: none.',
    },
  },
  Running: {
    threads,
    json: { value: null, help: 'Print one line of JSON, rates from 0 to 1, and nothing else.' },
    help,
  },
};
const entries = new Map(Object.values(groups).flatMap((group) => Object.entries(group)));

/**
 * Reads the command line.
 *
 * @throws UsageError naming the option, what was expected and what was found
 */
export function parseEvaluateOptions(args: readonly string[]): EvaluateOptions | 'help' {
  const files: string[] = [];
  const values = readValues(args, entries, (text) => files.push(text));
  if (values.has('help')) return 'help';
  const [file, second] = files;
  if (file === undefined || file === '') {
    throw new UsageError('name the network’s file: evaluate FILE.safetensors; try --help.');
  }
  if (second !== undefined) throw new UsageError(`unexpected argument "${second}"; try --help.`);
  const place = readPath(values, 'data');
  const attack = readChoice(values, 'attack', attackOptions, 'margin-pgd');
  const norm = readChoice(values, 'norm', norms, 'linf');
  if (norm === 'l2' && attack === 'strongest') {
    throw new UsageError('--attack strongest is for --norm linf: Square has no l2 form here.');
  }
  if (norm === 'l2' && values.has('certify')) {
    throw new UsageError('--certify is for --norm linf: it bounds the change of each pixel.');
  }
  if (values.has('transpose') && place === null) {
    throw new UsageError('--transpose is for your own images, with --data DIR.');
  }
  return {
    file,
    data: place,
    transpose: values.has('transpose'),
    images: values.has('images') ? readWithin(values, 'images', NaN, imageCountLimits) : null,
    attack,
    norm,
    attackEpsilons:
      norm === 'l2'
        ? readEpsilons(values, 'attack-epsilon', [defaultL2Epsilon], l2Limits)
        : readEpsilons(values, 'attack-epsilon', [defaultAttackEpsilon]),
    attackSteps: readWithin(values, 'attack-steps', defaultSteps, limits.pgdSteps),
    clip: values.has('clip'),
    certify: readEpsilons(values, 'certify', []),
    threads: readWithin(values, 'threads', Math.min(4, availableParallelism()), threadLimits),
    json: values.has('json'),
  };
}

export function evaluateHelp(): string {
  return writeHelp(
    [
      'Evaluates a saved network on test images: its errors, clean and under attack, and',
      'the share of images that are provably safe.',
      '',
      'Usage: npm run --silent evaluate -- FILE.safetensors [options]',
    ],
    groups,
    ['Exit codes: 0 done, 1 failed, 2 wrong option, network or data, 130 Ctrl-C.'],
  );
}
