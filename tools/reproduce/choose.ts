import { isDeepStrictEqual } from 'node:util';
import type { Choice, Recipes, RunResult } from '../../src/domain/reproduction.ts';
import { allTrialJobs, trialJobs } from './jobs.ts';
import type { Entry, Plan } from './plans/plan.ts';
import { readResults, type Store } from './store.ts';

const rule =
  'The recipe with the lowest error rate on the validation split after the last epoch is chosen; of equal ones, the first in the plan.';

/** Null if a trial is missing, or there are none. */
function chooseFor(
  plan: Plan,
  entry: Entry,
  results: ReadonlyMap<string, RunResult>,
): Choice | null {
  const trials: Choice['trials'] = [];
  for (const [i, { id, config }] of trialJobs(plan, entry).entries()) {
    const result = results.get(id);
    if (!result) return null;
    const { learningRate, hiddenLayers, epochs } = config;
    const { schedule, settings } = entry.trials[i]!;
    const own = { ...(schedule && { schedule }), ...(settings && { settings }) };
    const { errorRate } = result.last;
    trials.push({ id, learningRate, hiddenLayers, ...own, epochs, errorRate });
  }
  if (trials.length === 0) return null;
  const best = trials.reduce((a, b) => (b.errorRate < a.errorRate ? b : a));
  const { id: _, epochs: __, errorRate: ___, ...recipe } = best;
  return { entry: entry.id, ...recipe, trials };
}

/** The recipes that follow from the finished trials, for every entry whose trials are all finished. */
export function chooseRecipes(plan: Plan, results: ReadonlyMap<string, RunResult>): Recipes {
  const choices = plan.entries.flatMap((entry) => chooseFor(plan, entry, results) ?? []);
  return { version: 1, rule, choices };
}

/**
 * Chooses recipes from the finished trials and stores them. Each recipe is chosen once; existing ones do not change.
 *
 * @returns null if there is no recipe yet
 * @throws Error if an existing recipe does not follow from the trials
 */
export async function chooseAndStoreRecipes(plan: Plan, store: Store): Promise<Recipes | null> {
  const results = await readResults(store, allTrialJobs(plan));
  const chosen = chooseRecipes(plan, results);
  const existing = await store.readRecipes();
  for (const choice of existing?.choices ?? []) {
    const again = chosen.choices.find(({ entry }) => entry === choice.entry);
    if (!isDeepStrictEqual(again, choice)) {
      throw new Error(
        `${store.recipesFile} has another recipe for ${choice.entry} than the one that follows from the trials. Recipes are chosen once, before the test set is used; to choose again, move the results away.`,
      );
    }
  }
  if (chosen.choices.length === 0) return null;
  if (existing?.choices.length !== chosen.choices.length) await store.writeRecipes(chosen);
  return chosen;
}
