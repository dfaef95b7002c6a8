import type { Attack } from '../../../src/domain/metrics.ts';
import { heldOutCount } from '../../../src/domain/dataSet.ts';
import type { Entry, Plan, PlanData, Schedule, Trial, TrialSettings } from './plan.ts';

/**
 * Tests the abstract's claim about CIFAR-10 on a part of the data: fully connected networks, trained by plain
 * back-propagation, dropout and ABP. ε is on the [0, 1] scale of a pixel, before the network standardizes it.
 */

const cifarSample: PlanData = {
  name: 'CIFAR-10 sample',
  source: 'cifar',
  dataSet: {
    shape: 'color-32',
    trainingCount: 5000,
    testCount: 1000,
    fingerprint: 'e6fb7fdaffd12982b31c2571a13736b7d59e7eb648d3ffd01e85302d5203c2a0',
  },
  training: 5000,
  heldOut: heldOutCount(5000),
  test: 1000,
};

const seeds = [1, 2, 3, 4, 5];
/** The command line's decay of 0.94. A trial is as long as a run, because runs are short. */
const schedule: Schedule = { epochs: 20, finalRate: 0.94 ** 19, trialEpochs: 20 };

function trial(learningRate: number, settings?: TrialSettings): Trial {
  return { learningRate, hiddenLayers: [400, 400], ...(settings && { settings }) };
}

/** Six recipes for every method; those of plain differ in the learning rate only. */
const rates = [1e-4, 2e-4, 3e-4, 5e-4, 1e-3, 2e-3].map((rate) => trial(rate));
const dropouts = [3e-4, 5e-4, 1e-3].flatMap((rate) =>
  [0.25, 0.5].map((hiddenDropoutRate) => trial(rate, { hiddenDropoutRate })),
);
const epsilons = [2e-4, 5e-4].flatMap((rate) =>
  [0.005, 0.01, 0.02].map((trainingEpsilon) => trial(rate, { trainingEpsilon })),
);

function entry(method: Entry['method'], trials: readonly Trial[]): Entry {
  return { id: `cifar10-${method}`, networkType: 'relu', method, seeds, schedule, trials };
}

/** PGD's step size is a sixteenth of ε, as in the plan for MNIST. */
const attacks = [0.01, 0.02].flatMap((epsilon): Attack[] => [
  { kind: 'fgsm', epsilon, clip: true },
  { kind: 'pgd', epsilon, clip: true, steps: 40, stepSize: epsilon / 16, seed: 1 },
]);

export const cifarSamplePlan: Plan = {
  name: 'cifar10-sample',
  data: cifarSample,
  entries: [
    entry('plain', rates),
    entry('dropout', dropouts),
    entry('adversarial', epsilons),
    // The control: random signs of the same size as ABP's perturbation.
    entry('noise', epsilons),
  ],
  attacks,
};
