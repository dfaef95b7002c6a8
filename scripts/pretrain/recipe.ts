import { defaultConfig, type RunConfig } from '../../src/shared/config.ts';
import type { PretrainedId } from '../../src/shared/pretrained.ts';

/** What the three networks have in common: small enough for a first visit, trained until they learn no more. */
const shared: RunConfig = {
  ...defaultConfig,
  networkType: 'relu',
  hiddenLayers: [256, 128],
  loss: 'bce',
  trainingEpsilon: 0.08,
  clipTrainingImages: false,
  // Milder than the defaults: layers this narrow do not stand half of their units gone.
  inputDropoutRate: 0.1,
  hiddenDropoutRate: 0.25,
  optimizer: 'rmsprop',
  learningRate: 1e-3,
  learningRateDecay: 0.8,
  batchSize: 64,
  epochs: 16,
  trainingSetSize: 60_000,
  holdOutValidation: false,
  seed: 1,
};

/** A network to train: its settings and what the page calls it. */
export interface Recipe {
  readonly id: PretrainedId;
  readonly name: string;
  readonly config: RunConfig;
}

/** The networks that come with the page. The last epoch's network is kept, whatever its test error. */
export const recipes: readonly Recipe[] = [
  { id: 'plain', name: 'Plain', config: { ...shared, method: 'plain' } },
  { id: 'dropout', name: 'Dropout', config: { ...shared, method: 'dropout' } },
  { id: 'adversarial', name: 'Adversarial', config: { ...shared, method: 'adversarial' } },
];
