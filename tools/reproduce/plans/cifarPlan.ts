import type { Attack } from '../../../src/domain/metrics.ts';
import { heldOutCount } from '../../../src/domain/dataSet.ts';
import type { TrainingMethod } from '../../../src/domain/settings/config.ts';
import type { Entry, Plan, PlanData, Schedule, Trial, TrialSettings } from './plan.ts';

/**
 * Tests the abstract's claim about CIFAR-10 on all of its images, as JPEG copies: does ABP regularize fully connected
 * networks, and about as well as dropout? ε is on the [0, 1] scale of a pixel, before the network standardizes it.
 */

const cifarCopies: PlanData = {
  name: 'CIFAR-10 (JPEG copies)',
  source: 'cifar-jpeg',
  dataSet: {
    shape: 'color-32',
    trainingCount: 50_000,
    testCount: 10_000,
    fingerprint: 'f916d08aa5d13a6374bbd2efc9218bed353c7d7d68c77a340eb1638981e8d677',
  },
  training: 50_000,
  heldOut: heldOutCount(50_000),
  test: 10_000,
};

/** The rate falls to a twentieth. Width and epochs are what fits into about three hours of a core. */
export const cifarSchedule: Schedule = { epochs: 30, finalRate: 0.05, trialEpochs: 10 };
const seeds = [1, 2, 3];

function trial(learningRate: number, settings?: TrialSettings): Trial {
  return { learningRate, hiddenLayers: [400, 400], ...(settings && { settings }) };
}

/** Four recipes for plain, two for weight decay, and six for every other method. */
const plain = [2e-4, 5e-4, 1e-3, 2e-3].map((rate) => trial(rate));
const weightDecay = [0.3, 1].map((decay) => trial(5e-4, { weightDecay: decay }));
const dropout = [5e-4, 1e-3].flatMap((rate) => [
  trial(rate, { inputDropoutRate: 0.1, hiddenDropoutRate: 0.25 }),
  trial(rate, { inputDropoutRate: 0.1, hiddenDropoutRate: 0.5 }),
  trial(rate, { inputDropoutRate: 0.2, hiddenDropoutRate: 0.5 }),
]);
const perturbed = [5e-4, 1e-3].flatMap((rate) =>
  [0.005, 0.01, 0.02].map((trainingEpsilon) => trial(rate, { trainingEpsilon })),
);
const both = [5e-4, 1e-3].flatMap((rate) => [
  trial(rate, { trainingEpsilon: 0.005, inputDropoutRate: 0.1, hiddenDropoutRate: 0.25 }),
  trial(rate, { trainingEpsilon: 0.01, inputDropoutRate: 0.1, hiddenDropoutRate: 0.25 }),
  trial(rate, { trainingEpsilon: 0.01, inputDropoutRate: 0.1, hiddenDropoutRate: 0.5 }),
]);

function entry(method: TrainingMethod, trials: readonly Trial[], name: string = method): Entry {
  return {
    id: `cifar-all-${name}`,
    networkType: 'relu',
    method,
    seeds,
    schedule: cifarSchedule,
    trials,
  };
}

/** 40 steps of a sixteenth of ε, as in the other plans. */
const attacks = [0.01, 0.02].flatMap((epsilon): Attack[] => [
  { kind: 'fgsm', epsilon, clip: true },
  { kind: 'pgd', epsilon, clip: true, steps: 40, stepSize: epsilon / 16, seed: 1 },
]);

export const cifarPlan: Plan = {
  name: 'cifar10-jpeg',
  data: cifarCopies,
  entries: [
    entry('plain', plain),
    entry('plain', weightDecay, 'weight-decay'),
    entry('dropout', dropout),
    entry('adversarial', perturbed),
    // The control: random signs of the same size as ABP's perturbation.
    entry('noise', perturbed),
    entry('adversarial-dropout', both),
  ],
  attacks,
  perturbations: [0.01, 0.02].map((epsilon) => ({ epsilon, clip: true })),
};
