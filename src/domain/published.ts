import type { RunConfig } from './settings/config.ts';

/**
 * The published results of adversarial back-propagation: Arild Nøkland, "Improving Back-Propagation by Adding an
 * Adversarial Gradient", 2015. All of the paper's figures on the page come from here, and from its abstract: the full
 * text was not read. The second version of the abstract (2016) added the sentence about CIFAR-10.
 */
export const paper = {
  author: 'Nøkland 2015',
  name: 'arXiv 1510.04189',
  url: 'https://arxiv.org/abs/1510.04189',
} as const;

export interface PublishedError {
  readonly networkType: RunConfig['networkType'];
  readonly method: RunConfig['method'];
  /** Test error on permutation-invariant MNIST without attack, 0 to 1. */
  readonly errorRate: number;
}

/** All numbers of the abstract; tanh units, resistance to attacks and CIFAR-10 are only described in words. */
export const publishedErrors: readonly PublishedError[] = [
  { networkType: 'logistic', method: 'plain', errorRate: 0.016 },
  { networkType: 'logistic', method: 'adversarial', errorRate: 0.0095 },
  { networkType: 'relu', method: 'plain', errorRate: 0.014 },
  { networkType: 'relu', method: 'adversarial', errorRate: 0.0078 },
];

/** The abstract's test error for this network and method on MNIST, 0 to 1; null if it states none. */
export function findPublishedError({
  networkType,
  method,
}: Pick<RunConfig, 'networkType' | 'method'>): number | null {
  const found = publishedErrors.find(
    (one) => one.networkType === networkType && one.method === method,
  );
  return found?.errorRate ?? null;
}

/** "1.40 % → 0.78 %": the abstract's errors of plain and adversarial back-propagation for a network. */
export function describePublished(networkType: 'logistic' | 'relu'): string {
  return (['plain', 'adversarial'] as const)
    .map((method) => `${(100 * findPublishedError({ networkType, method })!).toFixed(2)} %`)
    .join(' → ');
}

/**
 * The code that the paper's author published for a later paper. Its learning rate does not fall by default, and it logs
 * the test error of every epoch.
 */
export const laterCode = {
  name: 'dfa-torch',
  url: 'https://github.com/anokland/dfa-torch',
  hiddenLayers: [800, 800],
  epochs: 300,
} as const;

/** A reproduction whose author describes the paper's network: its README, and the settings in its mnist.py. */
export const anotherReproduction = {
  name: 'github.com/MatthieuCourbariaux/AdversarialGradient',
  hiddenLayers: [400, 400],
  /** The paper's test error, as its README has it. */
  described: '0.80 %',
  /** Its own test error. */
  found: '0.93 %',
  recipe:
    'Adam at a rate of 1e-4, batches of 32, 50,000 training images, and the epoch of 150 with the lowest validation error',
} as const;
