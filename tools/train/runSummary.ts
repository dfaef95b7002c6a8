import type { RunConfig } from '../../src/domain/settings/config.ts';
import type { Attack, RandomSignsAttack, StrongestAttack } from '../../src/domain/metrics.ts';
import type { SettingOption } from '../../src/domain/settings/settingKinds.ts';
import { describeShortly } from '../../src/domain/settings/describeSettings.ts';
import { isSettingUsed, rowOf, settingKeys } from '../../src/domain/settings/settings.ts';
import type { TrainOptions } from './options/options.ts';
import type { RunData } from './run.ts';

/** The settings of an option group that the run reads: "rmsprop, rate 0.0005, decay 0.94". */
function listSettings(config: RunConfig, group: SettingOption['group']): string {
  return settingKeys
    .filter((key) => key !== 'hiddenLayers' && rowOf(key).option?.group === group)
    .filter((key) => isSettingUsed(key, config))
    .map((key) => describeShortly(key, config[key]))
    .join(', ');
}

function shorten(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function attackLine(attacks: readonly (Attack | StrongestAttack)[]): string {
  const attack = attacks[0]!;
  if (attack.kind === 'strongest') return 'the strongest attack, after the last epoch,';
  if (attack.kind === 'random-signs') return 'random signs';
  return `${describeDirected(attack, attacks)}${attack.norm === 'l2' ? ' in l2' : ''}`;
}

function describeDirected(
  attack: Exclude<Attack, RandomSignsAttack>,
  attacks: readonly (Attack | StrongestAttack)[],
): string {
  if (attack.kind === 'fgsm') return 'FGSM';
  if (attack.kind === 'margin-pgd') return `PGD on the margin loss, ${attack.steps} steps`;
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
  const { hiddenLayers, permutationSeed } = config;
  const { features, classes } = data.training;
  const order = permutationSeed === null ? '' : `, pixels permuted (seed ${permutationSeed})`;
  const transposed = transpose ? ', transposed' : '';
  const held = data.validation ? `, ${count(data.validation.count)} held out` : '';
  const clipping = config.clipTrainingImages ? 'clipped to 0 to 1' : 'not clipped';
  return [
    `network   ${[features, ...hiddenLayers, classes].join('-')}, ${listSettings(config, 'Network')}`,
    `method    ${listSettings(config, 'Method')}`,
    `training  ${listSettings(config, 'Training')}`,
    `images    ${count(data.training.count)} to train on${held}, ${count(data.test.count)} to test${transposed}${order}`,
    `attack    ${attackLine(attacks)} on the test images; perturbed images ${clipping}`,
    `engine    ${device}`,
    '\n',
  ].join('\n');
}
