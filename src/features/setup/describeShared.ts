import type { RunConfig } from '../../shared/config.ts';
import { isSettingUsed } from '../../lab/settings.ts';
import type { Entry } from '../../lab/setup.ts';

type Field = Exclude<keyof RunConfig, 'method' | 'trainingEpsilon'>;

/** How each setting is called within a sentence. A run's method and ε are what a race compares. */
const names: Readonly<Record<Field, string>> = {
  networkType: 'network type',
  hiddenLayers: 'hidden layers',
  maxoutPieces: 'maxout pieces',
  loss: 'loss',
  optimizer: 'optimizer',
  learningRate: 'learning rate',
  learningRateDecay: 'rate decay',
  batchSize: 'batch size',
  epochs: 'epochs',
  trainingSetSize: 'training set size',
  seed: 'seed',
  clipTrainingImages: 'clipping of training images',
  pgdSteps: 'PGD steps',
  pgdStepSize: 'PGD step size',
  cleanLossWeight: 'clean-loss weight',
  inputDropoutRate: 'input dropout',
  hiddenDropoutRate: 'hidden dropout',
  permutationSeed: 'order of pixels',
  holdOutValidation: 'images they are measured on',
  dataSet: 'data',
};

/** What the runs of a race have in common, and in which settings they differ beside method and ε. */
export function describeShared(entries: readonly Pick<Entry, 'settings'>[]): string {
  if (entries.length === 1) return 'Add a run to race it against another method or another ε.';
  const drafts = entries.map(({ settings }) => settings.draft);
  const differ = (field: Field): boolean => {
    const users = drafts.filter((draft) => isSettingUsed(field, draft));
    return new Set(users.map((draft) => JSON.stringify(draft[field]))).size > 1;
  };
  const differences = (Object.keys(names) as Field[]).filter(differ);
  const agree = (...fields: Field[]): boolean =>
    !fields.some((field) => differences.includes(field));
  const isSameNetwork = agree('networkType', 'hiddenLayers', 'maxoutPieces', 'seed');
  const isSameOrder = agree('batchSize', 'trainingSetSize', 'seed', 'permutationSeed', 'dataSet');
  if (differences.length === 0) {
    return 'Same settings: all start from the same weights and see the same batches in the same order.';
  }
  const said = new Intl.ListFormat('en-GB').format(differences.map((field) => names[field]));
  return `Not all settings are the same: the runs differ in ${said}. ${describeStart(isSameNetwork, isSameOrder)}`;
}

function describeStart(isSameNetwork: boolean, isSameOrder: boolean): string {
  if (isSameNetwork && isSameOrder) {
    return 'All start from the same weights and see the same batches in the same order.';
  }
  if (isSameNetwork) return 'All start from the same weights, but see other batches.';
  if (isSameOrder) return 'All see the same batches, but start from other weights.';
  return 'They start from other weights and see other batches.';
}
