import '../jitless.ts';
import { z } from 'zod/mini';
import { heldOutCount, mnistCounts, ownTrainingCount } from '../dataSet.ts';
import { methodFacts, methodsWith, type TrainingMethod, trainingMethods } from './methods.ts';
import {
  choice,
  dataSetting,
  layers,
  type LayerLimits,
  type Limits,
  real,
  seedOrNone,
  type Setting,
  toggle,
  whole,
} from './settingKinds.ts';

/**
 * The one table of a run's settings, which is why this file is long. The schema and defaults (config.ts), the form,
 * links, the command line and its help, names of runs, lists of differences, columns of CSV, and the tables in
 * docs/links.md and docs/command-line.md follow from it. docs/architecture.md says what else a new setting needs.
 */

/** Kinds of hidden unit. Maxout takes the largest of several linear pieces (Goodfellow et al. 2013). */
export const networkTypes = ['logistic', 'tanh', 'relu', 'maxout'] as const;
export type NetworkType = (typeof networkTypes)[number];

export const optimizers = ['sgd', 'momentum', 'rmsprop', 'adam'] as const;
export type OptimizerName = (typeof optimizers)[number];

/** Output layer and loss: sigmoid outputs with binary cross-entropy, or softmax with cross-entropy. */
export const losses = ['bce', 'ce'] as const;
export type Loss = (typeof losses)[number];

const maxout: readonly NetworkType[] = ['maxout'];

const shortNames = Object.fromEntries(
  trainingMethods.map((method) => [method, methodFacts[method].shortName]),
) as Record<TrainingMethod, string>;

const epsilonLimits: Limits = { min: 0, max: 1 };
const dropoutLimits: Limits = { min: 0, max: 0.95 };
const seedLimits: Limits = { min: 0, max: 0xffff_ffff };
const sizeLimits: Limits = { min: 100, max: 60_000 };
export const layerLimits: LayerLimits = {
  layers: { min: 0, max: 6 },
  units: { min: 1, max: 2048 },
};

/** @param most training images of the data set, where it is known */
export function describeSizeLimits(most: string | number): string {
  return `Training set size must be a whole number from ${sizeLimits.min} to ${most}.`;
}
/** Where nothing but the size itself is known. */
export const sizeMessage = describeSizeLimits('as many as the data have');

/**
 * In the order of the form, of links and of the command line's help. Outputs, loss, batch size, RMSprop and
 * ε = 0.08 follow the published code of the paper's author for a later paper (github.com/anokland/dfa-torch), on a network
 * small enough to learn within a minute anywhere.
 */
export const settings = {
  dataSet: dataSetting({
    label: 'Data',
    help: 'The data set: your own files by shape, number of images and SHA-256',
    short: (text) => (text === 'mnist' ? 'MNIST' : 'own files'),
    phrase: null,
    default: null,
    olderValue: null,
    decides: ['batches'],
    link: 'data',
    perRun: 'never',
  }),
  networkType: choice(
    networkTypes,
    { logistic: 'Logistic', tanh: 'Tanh', relu: 'ReLU', maxout: 'Maxout' },
    {
      label: 'Network type',
      help: 'Type of the hidden units',
      short: (text) => text,
      phrase: null,
      default: 'relu',
      decides: ['weights'],
      link: 'net',
      option: { name: 'network', group: 'Network', value: 'TYPE' },
    },
  ),
  /** Input side first; an empty list is a linear classifier. */
  hiddenLayers: layers(layerLimits, {
    label: 'Hidden layers',
    description: 'Units of each layer, for example 400, 400',
    help: 'Units of each hidden layer',
    short: (text) => (text === 'none' ? 'linear' : text),
    phrase: describeLayers,
    default: [100],
    decides: ['weights'],
    link: 'layers',
    option: { name: 'hidden', group: 'Network', value: 'UNITS' },
    field: 'basic',
  }),
  maxoutPieces: whole({
    label: 'Maxout pieces',
    help: 'Linear pieces of a maxout unit',
    short: (text) => `${text} pieces`,
    default: 2,
    limits: { min: 2, max: 8 },
    networkTypes: maxout,
    decides: ['weights'],
    link: 'pieces',
    option: { name: 'pieces', group: 'Network', value: 'N' },
    field: 'basic',
  }),
  loss: choice(
    losses,
    { bce: 'Sigmoid, binary cross-entropy', ce: 'Softmax, cross-entropy' },
    {
      label: 'Outputs and loss',
      inSentence: 'loss',
      help: 'Outputs and loss',
      short: (text) => (text === 'bce' ? 'sigmoid' : 'softmax'),
      phrase: (loss) => (loss === 'bce' ? 'sigmoid outputs' : 'softmax outputs'),
      default: 'bce',
      link: 'loss',
      option: { name: 'loss', group: 'Network', value: 'LOSS' },
      field: 'advanced',
    },
  ),
  optimizer: choice(
    optimizers,
    { sgd: 'SGD', momentum: 'Momentum', rmsprop: 'RMSprop', adam: 'Adam' },
    {
      label: 'Optimizer',
      help: 'Optimizer',
      short: (text) => text,
      phrase: (name) =>
        ({ sgd: 'SGD', momentum: 'momentum', rmsprop: 'RMSprop', adam: 'Adam' })[name],
      default: 'rmsprop',
      link: 'optimizer',
      option: { name: 'optimizer', group: 'Training', value: 'NAME' },
      field: 'advanced',
    },
  ),
  learningRate: real({
    label: 'Learning rate',
    help: 'Learning rate of the first epoch',
    short: (text) => `rate ${text}`,
    phrase: (rate) => `learning rate ${rate}`,
    default: 1e-3,
    limits: { min: 1e-6, max: 10 },
    step: 0.0001,
    link: 'rate',
    option: { name: 'learning-rate', group: 'Training', value: 'R' },
    field: 'advanced',
  }),
  learningRateDecay: real({
    label: 'Rate decay',
    description: 'Factor after each epoch.',
    help: 'Factor on the learning rate after each epoch',
    short: (text) => `decay ${text}`,
    phrase: (decay) => `× ${decay} an epoch`,
    default: 0.94,
    limits: { min: 0.1, max: 1 },
    step: 0.01,
    link: 'decay',
    option: { name: 'decay', group: 'Training', value: 'F' },
    field: 'advanced',
  }),
  /** Decoupled from the optimizer (engine/trainingStep.ts). */
  weightDecay: real({
    label: 'Weight decay',
    description: 'Each step shrinks the weights by this times the learning rate.',
    help: 'Decoupled weight decay: in each step every weight, but no bias, shrinks by this share of itself times the learning rate',
    short: (text) => `weight decay ${text}`,
    phrase: (decay) => (decay === 0 ? null : `weight decay ${decay}`),
    default: 0,
    olderValue: 0,
    limits: { min: 0, max: 10 },
    step: 0.1,
    link: 'weight-decay',
    option: { name: 'weight-decay', group: 'Training', value: 'L' },
    field: 'advanced',
  }),
  /** A last partial batch of an epoch is kept. */
  batchSize: whole({
    label: 'Batch size',
    description: 'Images per step.',
    help: 'Images per step',
    short: (text) => `batch ${text}`,
    phrase: (size) => `batches of ${size}`,
    default: 64,
    limits: { min: 1, max: 1024 },
    decides: ['batches'],
    link: 'batch',
    option: { name: 'batch', group: 'Training', value: 'N' },
    field: 'advanced',
  }),
  epochs: whole({
    label: 'Epochs',
    help: 'Passes over the training images',
    short: (text) => describeEpochs(Number(text)),
    phrase: describeEpochs,
    default: 5,
    limits: { min: 1, max: 1000 },
    link: 'epochs',
    option: { name: 'epochs', group: 'Training', value: 'N' },
    field: 'advanced',
  }),
  /** The first ones of the training set. The limits are MNIST's; config.ts checks those of other data. */
  trainingSetSize: whole(
    {
      label: 'Training set size',
      description: (count) => `Uses only the first of the ${formatCount(count)} images.`,
      help: 'Training images used, at most as many as the data set has',
      short: (text) => `${text} images`,
      phrase: (size) => `${formatCount(size)} training images`,
      default: mnistCounts.training,
      limits: sizeLimits,
      step: 1000,
      maxOf: (trainingCount) => trainingCount,
      decides: ['batches'],
      link: 'images',
      field: 'advanced',
    },
    z
      .int(sizeMessage)
      .check(z.minimum(sizeLimits.min, sizeMessage), z.maximum(ownTrainingCount.max, sizeMessage)),
  ),
  /** Evaluates on the last training images (`heldOutCount`), which are not trained on, not on the test set. */
  holdOutValidation: toggle(
    { no: 'Test images', yes: 'Validation images' },
    {
      label: 'Hold out validation',
      inSentence: 'images they are measured on',
      description: (count) =>
        `Measure on the last ${formatCount(heldOutCount(count))} training images instead of the test set.`,
      help: 'Whether the last 10,000 training images (a fifth, of fewer than 50,000) are held out and measured on',
      short: (text) => (text === 'yes' ? 'validation' : 'test'),
      phrase: (holdsOut) => `${holdsOut ? '' : 'no '}validation images held out`,
      default: false,
      link: 'validation',
      perRun: 'in links',
      field: 'advanced',
    },
  ),
  seed: whole({
    label: 'Seed',
    description: 'Equal settings and seeds give equal runs on the same engine.',
    help: 'Fixes initial weights, order of images, dropout and noise',
    short: (text) => `seed ${text}`,
    phrase: null,
    default: 1,
    limits: seedLimits,
    decides: ['weights', 'batches'],
    link: 'seed',
    option: { name: 'seed', group: 'Training', value: 'N' },
    field: 'advanced',
  }),
  permutationSeed: seedOrNone(seedLimits, {
    label: 'Permuted pixels',
    inSentence: 'order of pixels',
    help: 'Gives the network the pixels of all images in one fixed order, drawn from this seed',
    short: (text) => (text === 'no' ? 'pixels in order' : 'permuted pixels'),
    phrase: null,
    default: null,
    olderValue: null,
    decides: ['batches'],
    link: 'permute',
    perRun: 'in links',
    option: { name: 'permute', group: 'Data', value: 'SEED', byDefault: ': in order' },
  }),
  method: choice(trainingMethods, shortNames, {
    label: 'Method',
    help: 'Training method',
    short: (text) => text,
    phrase: null,
    default: 'adversarial',
    link: null,
    perRun: 'always',
    option: { name: 'method', group: 'Method', value: 'METHOD' },
  }),
  /** On the [0, 1] scale of a pixel: the ε of FGSM. */
  trainingEpsilon: real({
    label: 'Training ε',
    description: 'Largest change of a pixel in training; pixels go from 0 to 1.',
    help: 'Largest change of a pixel in training, on the scale 0 to 1',
    short: (text) => `ε ${text}`,
    phrase: (epsilon) => `training ε ${epsilon}`,
    default: 0.08,
    limits: epsilonLimits,
    step: 0.01,
    methods: methodsWith('epsilon'),
    link: 'eps',
    perRun: 'always',
    option: { name: 'epsilon', group: 'Method', value: 'E' },
  }),
  /** The code of the paper's author does not clip (dfa-torch, Main.lua). */
  clipTrainingImages: toggle(
    { no: 'No', yes: 'To 0–1' },
    {
      label: 'Clip training images',
      inSentence: 'clipping of training images',
      description:
        'Keep perturbed pixels between 0 and 1. The code of the paper’s author does not.',
      help: 'Whether perturbed training images are clipped to 0 to 1',
      short: (text) => (text === 'yes' ? 'clipped' : 'unclipped'),
      phrase: (clips) => `training images ${clips ? 'clipped' : 'not clipped'}`,
      default: false,
      methods: methodsWith('epsilon'),
      link: 'clip',
      option: {
        name: 'clip',
        group: 'Method',
        help: 'Clip perturbed images back to 0 to 1, in training and in attacks alike. Default: neither is clipped, as in the code of the paper’s author.',
      },
      field: 'advanced',
    },
  ),
  pgdSteps: whole({
    label: 'PGD steps',
    help: 'Steps of PGD for each batch',
    short: (text) => `${text} steps`,
    phrase: (steps) => `${steps} PGD steps in training`,
    default: 7,
    limits: { min: 1, max: 200 },
    methods: methodsWith('pgd'),
    link: 'pgd-steps',
    option: { name: 'pgd-steps', group: 'Method', value: 'N' },
    field: 'advanced',
  }),
  /** On the [0, 1] scale of a pixel. */
  pgdStepSize: real({
    label: 'PGD step size',
    description: 'Largest change of a pixel in one step.',
    help: 'Largest change of a pixel in one PGD step',
    short: (text) => `step size ${text}`,
    phrase: (size) => `of ${size}`,
    default: 0.02,
    limits: epsilonLimits,
    step: 0.01,
    methods: methodsWith('pgd'),
    link: 'pgd-size',
    option: {
      name: 'pgd-step-size',
      group: 'Method',
      value: 'A',
      byDefault: ' 2.5 × epsilon / steps',
    },
    field: 'advanced',
  }),
  cleanLossWeight: real({
    label: 'Clean-loss weight',
    description: 'α of α · clean loss + (1 − α) · adversarial loss.',
    help: 'Weight of the clean loss (Goodfellow’s α)',
    short: (text) => `α ${text}`,
    phrase: (weight) => `clean loss weighted ${weight}`,
    default: 0.5,
    limits: { min: 0, max: 1 },
    step: 0.1,
    methods: methodsWith('cleanLoss'),
    link: 'clean-weight',
    option: { name: 'clean-loss-weight', group: 'Method', value: 'W' },
    field: 'advanced',
  }),
  /** Of Zhang et al. (2019), who write it 1 / λ. Their program for MNIST has 1, that for CIFAR-10 has 6. */
  tradesBeta: real({
    label: 'TRADES β',
    description:
      'Weight of the divergence of outputs. The authors use 1 for MNIST, 6 for CIFAR-10.',
    help: 'Weight of the divergence between outputs on x and x̃ (β of TRADES)',
    short: (text) => `β ${text}`,
    phrase: (weight) => `divergence weighted ${weight}`,
    default: 1,
    olderValue: 1,
    limits: { min: 0, max: 100 },
    step: 1,
    methods: methodsWith('divergence'),
    link: 'trades-beta',
    option: { name: 'trades-beta', group: 'Method', value: 'B' },
    field: 'advanced',
  }),
  inputDropoutRate: real({
    label: 'Input dropout rate',
    inSentence: 'input dropout',
    help: 'Probability that a pixel is dropped',
    short: (text) => `input ${text}`,
    phrase: (rate) => `input dropout ${rate}`,
    default: 0.1,
    limits: dropoutLimits,
    step: 0.05,
    methods: methodsWith('dropout'),
    link: 'drop-input',
    option: { name: 'input-dropout', group: 'Method', value: 'P' },
    field: 'advanced',
  }),
  hiddenDropoutRate: real({
    label: 'Hidden dropout rate',
    inSentence: 'hidden dropout',
    help: 'Probability that a hidden unit is dropped',
    short: (text) => `hidden ${text}`,
    phrase: (rate) => `hidden dropout ${rate}`,
    default: 0.5,
    limits: dropoutLimits,
    step: 0.05,
    methods: methodsWith('dropout'),
    link: 'drop-hidden',
    option: { name: 'hidden-dropout', group: 'Method', value: 'P' },
    field: 'advanced',
  }),
};

export type Settings = typeof settings;
export type SettingKey = keyof Settings;
export const settingKeys = Object.keys(settings) as SettingKey[];

/** Keys of the settings of one kind. */
export type KeysOfKind<Kind extends string> = {
  [Key in SettingKey]: Settings[Key]['kind'] extends Kind ? Key : never;
}[SettingKey];
export type NumberKey = KeysOfKind<'real' | 'whole'>;

/** A row without the type of its values, for code that treats all settings alike. */
export function rowOf(key: SettingKey): Setting<unknown> {
  return settings[key] as unknown as Setting<unknown>;
}

/** One value for each setting, in the table's order; the caller says what they are together. */
export function mapSettings(valueOf: (key: SettingKey) => unknown): Record<SettingKey, unknown> {
  const entries = settingKeys.map((key) => [key, valueOf(key)]);
  return Object.fromEntries(entries) as Record<SettingKey, unknown>;
}

/** Whether a run reads a setting at all. */
export function isSettingUsed(
  key: SettingKey,
  { method, networkType }: { readonly method: string; readonly networkType: string },
): boolean {
  const { methods, networkTypes: types } = rowOf(key);
  return (methods?.includes(method) ?? true) && (types?.includes(networkType) ?? true);
}

/** [400, 400] as "2 × 400", [400, 300] as "400-300". */
export function describeLayers(hiddenLayers: readonly number[]): string {
  const [units] = hiddenLayers;
  if (units === undefined) return 'no hidden layer';
  const isEven = hiddenLayers.every((other) => other === units);
  return isEven ? `${hiddenLayers.length} × ${units}` : hiddenLayers.join('-');
}

export function describeEpochs(epochs: number): string {
  return epochs === 1 ? '1 epoch' : `${epochs} epochs`;
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
