import type { RunConfig } from '../shared/config.ts';
import type { Attack } from '../shared/metrics.ts';
import type { TrainOptions } from './options.ts';
import type { RunData } from './run.ts';

function networkLine({ networkType, hiddenLayers, maxoutPieces, loss }: RunConfig, data: RunData) {
  const { features, classes } = data.training;
  const pieces = networkType === 'maxout' ? ` of ${maxoutPieces} pieces` : '';
  return `${[features, ...hiddenLayers, classes].join('-')} ${networkType}${pieces}, ${loss}`;
}

function methodLine(config: RunConfig): string {
  const epsilon = `ε ${config.trainingEpsilon}`;
  const dropout = `dropout ${config.inputDropoutRate} / ${config.hiddenDropoutRate}`;
  switch (config.method) {
    case 'plain':
      return 'plain';
    case 'dropout':
      return dropout;
    case 'adversarial-dropout':
      return `${config.method} ${epsilon}, ${dropout}`;
    case 'pgd':
      return `pgd ${epsilon}, ${config.pgdSteps} steps of ${shorten(config.pgdStepSize)}`;
    case 'mixed':
      return `mixed ${epsilon}, clean-loss weight ${config.cleanLossWeight}`;
    case 'adversarial':
    case 'noise':
      return `${config.method} ${epsilon}`;
  }
}

/** A computed number, rounded to four significant digits. */
function shorten(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function attackLine(attacks: readonly Attack[]): string {
  const attack = attacks[0]!;
  if (attack.kind === 'fgsm') return 'FGSM';
  if (attack.kind === 'random-signs') return 'random signs';
  const sizes = [...new Set(attacks.map((a) => (a.kind === 'pgd' ? shorten(a.stepSize) : '')))];
  return `PGD, ${attack.steps} steps of ${sizes.join(', ')}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A readable summary of the run that is about to start, in a few lines. */
export function describeRun(
  { config, attacks, transpose }: Pick<TrainOptions, 'config' | 'attacks' | 'transpose'>,
  data: RunData,
  device: string,
): string {
  const { optimizer, learningRate, learningRateDecay, batchSize, seed, permutationSeed } = config;
  const order = permutationSeed === null ? '' : `, pixels permuted (seed ${permutationSeed})`;
  const transposed = transpose ? ', transposed' : '';
  const held = data.validation ? `, ${count(data.validation.count)} held out` : '';
  const clipping = config.clipTrainingImages ? 'clipped to 0 to 1' : 'not clipped';
  return [
    `network   ${networkLine(config, data)}; ${methodLine(config)}; seed ${seed}`,
    `training  ${optimizer} ${learningRate}, decay ${learningRateDecay}, batch ${batchSize}`,
    `images    ${count(data.training.count)} to train on${held}, ${count(data.test.count)} to test${transposed}${order}`,
    `attack    ${attackLine(attacks)} on the test images; perturbed images ${clipping}`,
    `engine    ${device}`,
    '\n',
  ].join('\n');
}
