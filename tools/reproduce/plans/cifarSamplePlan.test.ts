import path from 'node:path';
import { expect, it } from 'vitest';
import { presetOf } from '../../../src/experiment/setup/presets.ts';
import { trainDefaults } from '../../train/options/optionTable.ts';
import { cifarSamplePlan } from './cifarSamplePlan.ts';
import { allTestJobs, allTrialJobs } from '../jobs.ts';
import { storeOf } from './studies.ts';

const results = path.join(import.meta.dirname, '..', '..', '..', 'results');

it('gives every method the same number of trials and epochs, on held-out images', () => {
  const budgets = cifarSamplePlan.entries.map(({ trials, schedule }) => [
    trials.length,
    schedule.trialEpochs,
  ]);
  expect(new Set(budgets.map(String))).toEqual(new Set(['6,20']));
  for (const { config, attacks } of allTrialJobs(cifarSamplePlan)) {
    expect(config).toMatchObject({ trainingSetSize: 4000, holdOutValidation: true, seed: 1 });
    expect(attacks).toEqual([]);
  }
});

it('chose the recipes that the page’s preset for CIFAR-10 has', async () => {
  const recipes = await storeOf('cifarSample', results).readRecipes();
  const jobs = allTestJobs(cifarSamplePlan, recipes).filter(({ config }) => config.seed === 1);
  const { shared, runs } = presetOf('cifar10');
  const settingsOf = (config: object) => {
    const { method, hiddenLayers, learningRate, learningRateDecay, epochs } = {
      ...trainDefaults,
      ...config,
    };
    const common = { method, hiddenLayers, learningRate, learningRateDecay, epochs };
    const { trainingEpsilon, inputDropoutRate, hiddenDropoutRate } = {
      ...trainDefaults,
      ...config,
    };
    if (method === 'plain') return common;
    return method === 'dropout'
      ? { ...common, inputDropoutRate, hiddenDropoutRate }
      : { ...common, trainingEpsilon };
  };
  // The fourth run has a larger ε, which the trials could not distinguish from the third's.
  expect(runs.slice(0, 3).map((run) => settingsOf({ ...shared, ...run }))).toEqual(
    jobs.slice(0, 3).map(({ config }) => settingsOf(config)),
  );
});
