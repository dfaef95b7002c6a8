import type { RunConfig } from '../domain/settings/config.ts';
import { classCountOf } from '../domain/dataSet.ts';
import { settings } from '../domain/settings/settings.ts';
import { formatEpoch } from './format.ts';

/** The names of the network types on the page. */
export const networkNames = Object.fromEntries(settings.networkType.labels) as Readonly<
  Record<RunConfig['networkType'], string>
>;

/** A short description of a network for gray images of 28 × 28 pixels: "784-256-128-10 ReLU". */
export function describeNetwork(
  config: Pick<RunConfig, 'networkType' | 'hiddenLayers' | 'dataSet'>,
): string {
  const outputs = classCountOf(config.dataSet);
  return `${[784, ...config.hiddenLayers, outputs].join('-')} ${networkNames[config.networkType]}`;
}

/** Stands where a network’s numbers would. */
export const divergedNote = 'Its training diverged: its outputs are not finite numbers.';

/** "after epoch 1.25", "before training", "pretrained". */
export function describeMoment(step: number, stepsPerEpoch: number | null): string {
  if (stepsPerEpoch === null) return 'pretrained';
  return step === 0 ? 'before training' : `after epoch ${formatEpoch(step / stepsPerEpoch)}`;
}
