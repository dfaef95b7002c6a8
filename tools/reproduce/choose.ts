import type { Choice, Recipes, RunResult } from '../../src/domain/reproduction.ts';
import { allTrialJobs, trialJobs } from './jobs.ts';
import type { Entry, Plan, PlanData } from './plans/plan.ts';
import { canonical, readResults, type Store } from './store.ts';

const rule =
  'The lowest error rate on the validation split after the last epoch; of equal ones the first in the plan.';

function chooseFor(
  entry: Entry,
  results: ReadonlyMap<string, RunResult>,
  data: PlanData,
): Choice | null {
  const trials: Choice['trials'] = [];
  for (const { trial, job } of trialJobs(entry, data)) {
    const result = results.get(job.id);
    if (!result) return null;
    const { learningRate, hiddenLayers, epochs } = job.config;
    const { errorRate } = result.last;
    const { settings } = trial;
    const own = { learningRate, hiddenLayers, ...(settings && { settings }) };
    trials.push({ id: job.id, ...own, epochs, errorRate });
  }
  const best = trials.reduce((a, b) => (b.errorRate < a.errorRate ? b : a));
  const { learningRate, hiddenLayers, settings } = best;
  const own = { learningRate, hiddenLayers, ...(settings && { settings }) };
  return { entry: entry.id, ...own, trials };
}

/** The recipes that follow from the finished trials, for every entry whose trials are all finished. */
export function chooseRecipes(plan: Plan, results: ReadonlyMap<string, RunResult>): Recipes {
  const choices = plan.entries.flatMap((entry) =>
    entry.trials.length === 0 ? [] : (chooseFor(entry, results, plan.data) ?? []),
  );
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
    if (!again || canonical(again) !== canonical(choice)) {
      throw new Error(
        `${store.recipesFile} has another recipe for ${choice.entry} than the one that follows from the trials. Recipes are chosen once, before the test set is used; to choose again, move the results away.`,
      );
    }
  }
  if (chosen.choices.length === 0) return null;
  if (existing?.choices.length !== chosen.choices.length) await store.writeRecipes(chosen);
  return chosen;
}
