import type { RunConfig } from '../domain/settings/config.ts';
import { settings } from '../domain/settings/settings.ts';

/** The names of the network types on the page. */
export const networkNames = Object.fromEntries(settings.networkType.labels) as Readonly<
  Record<RunConfig['networkType'], string>
>;

/** A short description of a network for gray images of 28 × 28 pixels: "784-256-128-10 ReLU". */
export function describeNetwork(config: Pick<RunConfig, 'networkType' | 'hiddenLayers'>): string {
  return `${[784, ...config.hiddenLayers, 10].join('-')} ${networkNames[config.networkType]}`;
}
