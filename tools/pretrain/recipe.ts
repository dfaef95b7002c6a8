import { defaultConfig, type RunConfig } from '../../src/domain/settings/config.ts';
import type { PretrainedId } from '../../src/domain/pretrained.ts';

/** The settings that the three networks share: small enough for a first visit, and trained until they converge. */
const shared: RunConfig = {
  ...defaultConfig,
  networkType: 'relu',
  hiddenLayers: [256, 128],
  loss: 'bce',
  trainingEpsilon: 0.08,
  clipTrainingImages: false,
  // Lower than the defaults, because narrow layers do not work with half of their units dropped.
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

/** A network to train, with its settings and its name on the page. */
export interface Recipe {
  readonly id: PretrainedId;
  readonly name: string;
  readonly config: RunConfig;
}

/** The networks that come with the page. The network of the last epoch is used, without regard to its test error. */
export const recipes: readonly Recipe[] = [
  { id: 'plain', name: 'Plain', config: { ...shared, method: 'plain' } },
  { id: 'dropout', name: 'Dropout', config: { ...shared, method: 'dropout' } },
  { id: 'adversarial', name: 'ABP', config: { ...shared, method: 'adversarial' } },
];
