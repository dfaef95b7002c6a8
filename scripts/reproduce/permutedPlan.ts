import { defaultConfig } from '../../src/shared/config.ts';
import { type Entry, mnist, type Plan, type Schedule } from './plan.ts';

/**
 * Does it matter to a fully connected network which pixels are neighbours? The page's default network
 * and recipe, on pixels in order and permuted. Nothing is tuned: both get the same recipe.
 *
 * Before training, permuted pixels are as likely with any weights as pixels in order, so that the errors of
 * many seeds must have one distribution. Ten seeds each, as five would leave a tenth of a percent open.
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
    ...{ id: `${isPermuted ? 'permuted' : 'ordered'}-${method}`, networkType: 'relu', method },
    ...{ seeds, schedule, trials: [], recipe, isPermuted },
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
