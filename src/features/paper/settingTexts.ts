import { isSettingUsed } from '../../lab/settings.ts';
import type { RunConfig } from '../../shared/config.ts';
import { formatCount } from '../../ui/format.ts';

/** Settings as a few words say them, in the order in which they matter to a result. */

/** [400, 400] as "2 × 400", [400, 300] as "400-300". */
export function describeLayers({ hiddenLayers }: Pick<RunConfig, 'hiddenLayers'>): string {
  const [units] = hiddenLayers;
  if (units === undefined) return 'no hidden layer';
  const isEven = hiddenLayers.every((other) => other === units);
  return isEven ? `${hiddenLayers.length} × ${units}` : hiddenLayers.join('-');
}

export function describeEpochs(epochs: number): string {
  return epochs === 1 ? '1 epoch' : `${epochs} epochs`;
}

/** "2 × 400, 50 epochs". */
export function describeSize(config: RunConfig): string {
  return `${describeLayers(config)}, ${describeEpochs(config.epochs)}`;
}

const optimizerNames: Readonly<Record<RunConfig['optimizer'], string>> = {
  sgd: 'SGD',
  momentum: 'momentum',
  rmsprop: 'RMSprop',
  adam: 'Adam',
};

/** What each setting of a run may be called; seed, method and data are told apart elsewhere. */
const texts: readonly [field: keyof RunConfig, say: (config: RunConfig) => string][] = [
  ['hiddenLayers', describeLayers],
  ['maxoutPieces', ({ maxoutPieces }) => `${maxoutPieces} pieces`],
  ['epochs', ({ epochs }) => describeEpochs(epochs)],
  ['trainingSetSize', ({ trainingSetSize }) => `${formatCount(trainingSetSize)} training images`],
  [
    'holdOutValidation',
    ({ holdOutValidation }) =>
      holdOutValidation ? 'validation images held out' : 'no validation images held out',
  ],
  ['loss', ({ loss }) => (loss === 'bce' ? 'sigmoid outputs' : 'softmax outputs')],
  ['optimizer', ({ optimizer }) => optimizerNames[optimizer]],
  ['learningRate', ({ learningRate }) => `learning rate ${learningRate}`],
  ['learningRateDecay', ({ learningRateDecay }) => `× ${learningRateDecay} an epoch`],
  ['batchSize', ({ batchSize }) => `batches of ${batchSize}`],
  ['trainingEpsilon', ({ trainingEpsilon }) => `training ε ${trainingEpsilon}`],
  [
    'clipTrainingImages',
    ({ clipTrainingImages }) => `training images ${clipTrainingImages ? 'clipped' : 'not clipped'}`,
  ],
  ['pgdSteps', ({ pgdSteps }) => `${pgdSteps} PGD steps in training`],
  ['pgdStepSize', ({ pgdStepSize }) => `of ${pgdStepSize}`],
  ['cleanLossWeight', ({ cleanLossWeight }) => `clean loss weighted ${cleanLossWeight}`],
  ['inputDropoutRate', ({ inputDropoutRate }) => `input dropout ${inputDropoutRate}`],
  ['hiddenDropoutRate', ({ hiddenDropoutRate }) => `hidden dropout ${hiddenDropoutRate}`],
];

/** All settings that the run reads, but its seed. */
export function describeSettings(config: RunConfig): string {
  return texts
    .filter(([field]) => isSettingUsed(field, config))
    .filter(([field]) => field !== 'holdOutValidation' || config.holdOutValidation)
    .map(([, say]) => say(config))
    .join(', ');
}

/** The settings of a run that are others than a row's, as the run has them; the seed does not count. */
export function listDifferences(run: RunConfig, row: RunConfig): string[] {
  return texts
    .filter(([field]) => isSettingUsed(field, run))
    .filter(([field]) => JSON.stringify(run[field]) !== JSON.stringify(row[field]))
    .map(([, say]) => say(run));
}
