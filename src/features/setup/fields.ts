import { limits, type RunConfig } from '../../shared/config.ts';
import type { TextSetting } from '../../lab/settings.ts';
import { formatCount } from '../../ui/format.ts';
import { networkNames } from '../../ui/networks.ts';

/** How a number of the settings is asked for. */
export interface NumberFieldLook {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** What an arrow key adds or takes away. */
  readonly step: number;
  readonly description?: string;
}

export const numberFields: Record<Exclude<TextSetting, 'hiddenLayers'>, NumberFieldLook> = {
  trainingEpsilon: {
    label: 'Training ε',
    ...limits.epsilon,
    step: 0.01,
    description: 'Largest change of a pixel in training; pixels go from 0 to 1.',
  },
  pgdSteps: { label: 'PGD steps', ...limits.pgdSteps, step: 1 },
  pgdStepSize: {
    label: 'PGD step size',
    ...limits.epsilon,
    step: 0.01,
    description: 'Largest change of a pixel in one step.',
  },
  cleanLossWeight: {
    label: 'Clean-loss weight',
    ...limits.cleanLossWeight,
    step: 0.1,
    description: 'α of α · clean loss + (1 − α) · adversarial loss.',
  },
  maxoutPieces: { label: 'Maxout pieces', ...limits.maxoutPieces, step: 1 },
  inputDropoutRate: { label: 'Input dropout rate', ...limits.dropoutRate, step: 0.05 },
  hiddenDropoutRate: { label: 'Hidden dropout rate', ...limits.dropoutRate, step: 0.05 },
  learningRate: { label: 'Learning rate', ...limits.learningRate, step: 0.0001 },
  learningRateDecay: {
    label: 'Rate decay',
    ...limits.learningRateDecay,
    step: 0.01,
    description: 'Factor after each epoch.',
  },
  batchSize: { label: 'Batch size', ...limits.batchSize, step: 1, description: 'Images per step.' },
  epochs: { label: 'Epochs', ...limits.epochs, step: 1 },
  trainingSetSize: {
    label: 'Training set size',
    ...limits.trainingSetSize,
    step: 1000,
  },
  seed: {
    label: 'Seed',
    ...limits.seed,
    step: 1,
    description: 'Equal settings and seeds give equal runs.',
  },
};

/** The same for the data that there are. @param available training images */
export function numberFieldOf(
  field: Exclude<TextSetting, 'hiddenLayers'>,
  available: number,
): NumberFieldLook {
  const look = numberFields[field];
  if (field !== 'trainingSetSize') return look;
  const description = `Uses the first so many of the ${formatCount(available)} images.`;
  return { ...look, max: available, description };
}

/** How a setting of a few values is asked for. */
export interface ChoiceFieldLook<Value> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
}

export type ChoiceSetting = 'networkType' | 'loss' | 'optimizer' | 'clipTrainingImages';

export const choiceFields: {
  readonly [Key in ChoiceSetting]: ChoiceFieldLook<RunConfig[Key]>;
} = {
  networkType: {
    label: 'Network type',
    options: (['logistic', 'tanh', 'relu', 'maxout'] as const).map((value) => ({
      value,
      label: networkNames[value],
    })),
  },
  loss: {
    label: 'Outputs and loss',
    options: [
      { value: 'bce', label: 'Sigmoid, binary cross-entropy' },
      { value: 'ce', label: 'Softmax, cross-entropy' },
    ],
  },
  optimizer: {
    label: 'Optimizer',
    options: [
      { value: 'sgd', label: 'SGD' },
      { value: 'momentum', label: 'Momentum' },
      { value: 'rmsprop', label: 'RMSprop' },
      { value: 'adam', label: 'Adam' },
    ],
  },
  clipTrainingImages: {
    label: 'Clip training images',
    options: [
      { value: false, label: 'No, as in the paper' },
      { value: true, label: 'To 0–1' },
    ],
  },
};

/** Fields that stand under Advanced. */
export const advancedNumbers = [
  'learningRate',
  'learningRateDecay',
  'batchSize',
  'epochs',
  'trainingSetSize',
  'seed',
  'pgdSteps',
  'pgdStepSize',
  'cleanLossWeight',
  'inputDropoutRate',
  'hiddenDropoutRate',
] as const;
