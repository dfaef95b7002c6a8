import { runConfigSchema } from '../../src/domain/settings/config.ts';
import type { RunConfig } from '../../src/domain/settings/config.ts';
import { trainingCost } from '../../src/domain/cost.ts';
import type { Attack } from '../../src/domain/metrics.ts';
import { type Recipes, runIdSchema, type RunResult } from '../../src/domain/reproduction.ts';
import { common, type Entry, type Plan, type Schedule, type Trial } from './plans/plan.ts';

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
function makeJob(
  { data: { name, dataSet, training, heldOut, test }, attacks }: Plan,
  { id: entry, networkType, method, schedule, isPermuted }: Entry,
  id: string,
  recipe: Trial,
  own: Pick<RunConfig, 'epochs' | 'seed' | 'holdOutValidation'>,
): Job {
  const { epochs, seed, holdOutValidation: isTrial } = own;
  const trainingImages = isTrial ? training - heldOut : training;
  const { data: config, error } = runConfigSchema.safeParse({
    ...common,
    networkType,
    method,
    hiddenLayers: recipe.hiddenLayers,
    ...recipe.settings,
    learningRate: recipe.learningRate,
    learningRateDecay: decayOf(recipe.schedule ?? schedule, epochs),
    trainingSetSize: trainingImages,
    dataSet,
    // Different from the seed of the weights so that the two are not confused.
    permutationSeed: isPermuted ? 100 + seed : null,
    ...own,
  });
  if (error) {
    const messages = error.issues.map(({ message }) => message).join(' ');
    throw new Error(`The plan's run ${id} is not possible: ${messages}`);
  }
  const evaluated = isTrial
    ? ({ evaluatedOn: 'validation', evaluatedImages: heldOut } as const)
    : ({ evaluatedOn: 'test', evaluatedImages: test } as const);
  const data = { name, trainingImages, ...evaluated };
  return { id, entry, config, data, attacks: isTrial ? [] : attacks };
}

/** The name of a trial's run, made of everything that may differ between the entry's trials. */
function trialId(entry: Entry, trial: Trial): string {
  const { learningRate, hiddenLayers, schedule, settings = {} } = trial;
  const { trainingEpsilon, inputDropoutRate, hiddenDropoutRate } = settings;
  const parts = [entry.id, hiddenLayers.join('x'), 'rate', learningRate];
  if (schedule !== undefined) parts.push('epochs', schedule.epochs);
  if (settings.optimizer !== undefined) parts.push(settings.optimizer);
  if (settings.batchSize !== undefined) parts.push('batch', settings.batchSize);
  if (settings.weightDecay !== undefined) parts.push('weight-decay', settings.weightDecay);
  if (trainingEpsilon !== undefined) parts.push('epsilon', trainingEpsilon);
  if (inputDropoutRate !== undefined) parts.push('input-dropout', inputDropoutRate);
  if (hiddenDropoutRate !== undefined) parts.push('hidden-dropout', hiddenDropoutRate);
  return parts.join('-');
}

/** The runs of an entry's trials, on the validation split, in the order of the trials. */
export function trialJobs(plan: Plan, entry: Entry): Job[] {
  return entry.trials.map((trial) => {
    const { trialEpochs: epochs } = trial.schedule ?? entry.schedule;
    const own = { epochs, seed: 1, holdOutValidation: true };
    return makeJob(plan, entry, trialId(entry, trial), trial, own);
  });
}

/** The runs of an entry that are evaluated on the test set, one per seed; none before its recipe is chosen. */
export function testJobs(plan: Plan, entry: Entry, recipes: Recipes | null): Job[] {
  const wanted = entry.rateOf ?? entry.id;
  const recipe = entry.recipe ?? recipes?.choices.find((choice) => choice.entry === wanted);
  if (recipe === undefined) return [];
  const { epochs } = recipe.schedule ?? entry.schedule;
  const run = { ...recipe, hiddenLayers: entry.hiddenLayers ?? recipe.hiddenLayers };
  return entry.seeds.map((seed) => {
    const own = { epochs, seed, holdOutValidation: false };
    return makeJob(plan, entry, `${entry.id}-seed${seed}`, run, own);
  });
}

/** The amount of work of a whole run, in multiply-adds. */
export function workOf({ config }: Job): number {
  return trainingCost(config) * config.trainingSetSize * config.epochs;
}

export function allTrialJobs(plan: Plan): Job[] {
  return plan.entries.flatMap((entry) => trialJobs(plan, entry));
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
