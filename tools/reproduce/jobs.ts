import { runConfigSchema, type RunConfig } from '../../src/domain/settings/config.ts';
import { trainingCost } from '../../src/domain/cost.ts';
import type { Attack } from '../../src/domain/metrics.ts';
import { type Recipes, runIdSchema, type RunResult } from '../../src/domain/reproduction.ts';
import {
  common,
  type Entry,
  type Plan,
  type PlanData,
  type Schedule,
  type Trial,
} from './plans/plan.ts';

/** A run to make. Its result is the file `<id>.json`. */
export interface Job {
  readonly id: string;
  readonly entry: string;
  readonly config: RunConfig;
  /** The data that it is trained and evaluated on, as its result must state it. */
  readonly data: RunResult['data'];
  /** Attacks on the evaluated images, after the last epoch. */
  readonly attacks: readonly Attack[];
}

/** Factor of the learning rate after each epoch, with which the last epoch has `finalRate` of the first one's rate. */
export function decayOf({ finalRate }: Schedule, epochs: number): number {
  if (epochs === 1) return 1;
  return Number((finalRate ** (1 / (epochs - 1))).toPrecision(6));
}

/** @throws Error naming the run and every invalid field */
function checked(id: string, config: RunConfig): RunConfig {
  const { data, error } = runConfigSchema.safeParse(config);
  if (data) return data;
  const messages = error.issues.map(({ message }) => message).join(' ');
  throw new Error(`The plan's run ${id} is not possible: ${messages}`);
}

/** The name of a trial's run, made of everything that may differ between the entry's trials. */
function trialId(entry: Entry, { learningRate, hiddenLayers, settings = {} }: Trial): string {
  const { trainingEpsilon, inputDropoutRate, hiddenDropoutRate } = settings;
  const parts = [entry.id, hiddenLayers.join('x'), 'rate', learningRate];
  if (trainingEpsilon !== undefined) parts.push('epsilon', trainingEpsilon);
  if (inputDropoutRate !== undefined) parts.push('input-dropout', inputDropoutRate);
  if (hiddenDropoutRate !== undefined) parts.push('hidden-dropout', hiddenDropoutRate);
  return parts.join('-');
}

/** The runs of an entry's trials, on the validation split. */
export function trialJobs(
  entry: Entry,
  { name, dataSet, training, heldOut }: PlanData,
): { trial: Trial; job: Job }[] {
  const { networkType, method, schedule, trials } = entry;
  return trials.map((trial) => {
    const { learningRate, hiddenLayers, settings } = trial;
    const id = trialId(entry, trial);
    const config = checked(id, {
      ...common,
      networkType,
      method,
      hiddenLayers: [...hiddenLayers],
      ...settings,
      learningRate,
      learningRateDecay: decayOf(schedule, schedule.trialEpochs),
      epochs: schedule.trialEpochs,
      trainingSetSize: training - heldOut,
      holdOutValidation: true,
      dataSet,
      seed: 1,
    });
    const data: Job['data'] = {
      name,
      trainingImages: training - heldOut,
      evaluatedOn: 'validation',
      evaluatedImages: heldOut,
    };
    return { trial, job: { id, entry: entry.id, config, data, attacks: [] } };
  });
}

/** The recipe of an entry; null before it is chosen. */
function recipeOf(entry: Entry, recipes: Recipes | null): Trial | null {
  if (entry.recipe) return entry.recipe;
  const wanted = entry.rateOf ?? entry.id;
  const choice = recipes?.choices.find((candidate) => candidate.entry === wanted);
  if (choice === undefined) return null;
  const { learningRate, hiddenLayers, settings } = choice;
  return { learningRate, hiddenLayers, ...(settings && { settings }) };
}

/** The seed of a run's permutation, different from the seed of its weights so that the two are not confused. */
const permutationSeedOf = (seed: number): number => 100 + seed;

/** The runs of an entry that are evaluated on the test set, one per seed; none before its recipe is chosen. */
export function testJobs(plan: Plan, entry: Entry, recipes: Recipes | null): Job[] {
  const { networkType, method, schedule, seeds, isPermuted = false } = entry;
  const { name, dataSet, training, test } = plan.data;
  const recipe = recipeOf(entry, recipes);
  if (recipe === null) return [];
  return seeds.map((seed) => {
    const id = `${entry.id}-seed${seed}`;
    const config = checked(id, {
      ...common,
      networkType,
      method,
      hiddenLayers: [...(entry.hiddenLayers ?? recipe.hiddenLayers)],
      ...recipe.settings,
      learningRate: recipe.learningRate,
      learningRateDecay: decayOf(schedule, schedule.epochs),
      epochs: schedule.epochs,
      trainingSetSize: training,
      holdOutValidation: false,
      dataSet,
      permutationSeed: isPermuted ? permutationSeedOf(seed) : null,
      seed,
    });
    const data: Job['data'] = {
      name,
      trainingImages: training,
      evaluatedOn: 'test',
      evaluatedImages: test,
    };
    return { id, entry: entry.id, config, data, attacks: plan.attacks };
  });
}

/** The amount of work of a whole run, in multiply-adds. */
export function workOf({ config }: Job): number {
  return trainingCost(config) * config.trainingSetSize * config.epochs;
}

/** All trials of a plan, in its order. */
export function allTrialJobs(plan: Plan): Job[] {
  return plan.entries.flatMap((entry) => trialJobs(entry, plan.data).map(({ job }) => job));
}

/**
 * All runs of a plan that are evaluated on the test set and have their recipe, in the plan's order.
 *
 * @throws Error if two would have the same name
 */
export function allTestJobs(plan: Plan, recipes: Recipes | null): Job[] {
  const jobs = plan.entries.flatMap((entry) => testJobs(plan, entry, recipes));
  const seen = new Set<string>();
  for (const { id } of jobs) {
    if (!runIdSchema.safeParse(id).success) throw new Error(`${id} cannot be the name of a run.`);
    if (seen.has(id)) throw new Error(`The plan has two runs of the name ${id}.`);
    seen.add(id);
  }
  return jobs;
}
