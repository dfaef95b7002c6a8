import { defaultConfig } from '../../../src/domain/settings/config.ts';
import { type Entry, mnist, type Plan, type Schedule } from './plan.ts';

/**
 * Tests whether it matters to a fully connected network which pixels are neighbors, with the page's default network and
 * recipe on pixels in order and on permuted pixels. Nothing is tuned; both get the same recipe.
 *
 * The random initial weights do not depend on the order of the pixels, so the errors over many seeds must have the same
 * distribution. Ten seeds each, because five could not exclude a difference of a tenth of a percent.
 */
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const { epochs, learningRate, learningRateDecay, hiddenLayers } = defaultConfig;
const schedule: Schedule = {
  epochs,
  finalRate: learningRateDecay ** (epochs - 1),
  trialEpochs: epochs,
};
const recipe = { learningRate, hiddenLayers };

function entry(method: Entry['method'], isPermuted: boolean): Entry {
  return {
    id: `${isPermuted ? 'permuted' : 'ordered'}-${method}`,
    networkType: 'relu',
    method,
    seeds,
    schedule,
    trials: [],
    recipe,
    isPermuted,
  };
}

export const permutedPlan: Plan = {
  name: 'permuted',
  data: mnist,
  entries: [
    entry('adversarial', false),
    entry('adversarial', true),
    entry('plain', false),
    entry('plain', true),
  ],
  attacks: [{ kind: 'fgsm', epsilon: 0.08, clip: true }],
};
