import type { RunConfig } from '../shared/config.ts';

/** The network types as the page calls them. */
export const networkNames: Readonly<Record<RunConfig['networkType'], string>> = {
  logistic: 'Logistic',
  relu: 'ReLU',
  tanh: 'Tanh',
  maxout: 'Maxout',
};

/** A network for grey images of 28 × 28 pixels in a few words: "784-256-128-10 ReLU". */
export function describeNetwork(config: Pick<RunConfig, 'networkType' | 'hiddenLayers'>): string {
  return `${[784, ...config.hiddenLayers, 10].join('-')} ${networkNames[config.networkType]}`;
}
