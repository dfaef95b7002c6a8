import path from 'node:path';
import type { Recipes, RunResult, Summary } from '../../../src/domain/reproduction.ts';
import { cifarPlan } from './cifarPlan.ts';
import { allTestJobs } from '../jobs.ts';
import { permutedPlan } from './permutedPlan.ts';
import { fullPlan, type Plan } from './plan.ts';
import { readResults, Store } from '../store.ts';
import { summarize } from '../document/summarize.ts';

/** The plans that docs/reproduction.md reports; each has its own folder of results. */
export const plans = { mnist: fullPlan, permuted: permutedPlan, cifar: cifarPlan } as const;
export type StudyName = keyof typeof plans;
export const studyNames = Object.keys(plans) as readonly StudyName[];

/** The store of a study. @param results the folder of all results */
export function storeOf(name: StudyName, results: string): Store {
  return new Store(name === 'mnist' ? results : path.join(results, plans[name].name));
}

/** A plan's current recipes and results. */
export interface Findings {
  readonly plan: Plan;
  readonly recipes: Recipes | null;
  readonly summary: Summary;
  /** Results on the test set, by run id. */
  readonly results: ReadonlyMap<string, RunResult>;
}
export type AllFindings = Readonly<Record<StudyName, Findings>>;

export async function gather(plan: Plan, recipes: Recipes | null, store: Store): Promise<Findings> {
  const results = await readResults(store, allTestJobs(plan, recipes));
  return { plan, recipes, results, summary: summarize(plan, recipes, results) };
}

/** @param results the folder of all results */
export async function gatherAll(results: string): Promise<AllFindings> {
  const gathered = async (name: StudyName): Promise<Findings> => {
    const store = storeOf(name, results);
    return gather(plans[name], await store.readRecipes(), store);
  };
  return {
    mnist: await gathered('mnist'),
    permuted: await gathered('permuted'),
    cifar: await gathered('cifar'),
  };
}

/** The rows of all studies. */
export function summaryOf(all: AllFindings): Summary {
  return { version: 1, rows: studyNames.flatMap((name) => all[name].summary.rows) };
}
