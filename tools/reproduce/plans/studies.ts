import path from 'node:path';
import { findPublishedError } from '../../../src/domain/published.ts';
import type { Recipes, RunResult, Summary, SummaryRow } from '../../../src/domain/reproduction.ts';
import { meanAndStd } from '../../../src/domain/statistics.ts';
import { allTestJobs, testJobs } from '../jobs.ts';
import { readResults, Store } from '../store.ts';
import { cifarPlan } from './cifarPlan.ts';
import { permutedPlan } from './permutedPlan.ts';
import { type Entry, fullPlan, type Plan } from './plan.ts';

/** The plans that docs/reproduction.md reports; each has its own folder of results. */
export const plans = { mnist: fullPlan, permuted: permutedPlan, cifar: cifarPlan } as const;
export type StudyName = keyof typeof plans;
export const studyNames = Object.keys(plans) as readonly StudyName[];

/** The store of a study. @param results the folder of all results */
export function storeOf(name: StudyName, results: string): Store {
  return new Store(name === 'mnist' ? results : path.join(results, plans[name].name));
}

export interface Findings {
  readonly plan: Plan;
  /** Null before any is chosen; then only entries that need none have runs. */
  readonly recipes: Recipes | null;
  readonly summary: Summary;
  readonly results: ReadonlyMap<string, RunResult>;
}
export type AllFindings = Readonly<Record<StudyName, Findings>>;

function summarizeEntry(
  { data, attacks }: Plan,
  { id, seeds, networkType, method, schedule }: Entry,
  config: SummaryRow['config'],
  finished: readonly RunResult[],
): SummaryRow {
  const done = finished.map((result) => result.config.seed);
  const values = finished.map(({ last }) => last.errorRate);
  const isAny = finished.length > 0;
  const isComparable = schedule.epochs >= 50 && data.dataSet === null;
  return {
    entry: id,
    data: data.name,
    seeds: done,
    missingSeeds: seeds.filter((seed) => !done.includes(seed)),
    config,
    clean: isAny ? meanAndStd(values) : null,
    values,
    attacks: isAny
      ? attacks.map((attack, i) => ({
          attack,
          spread: meanAndStd(finished.map(({ last }) => last.attacks[i]!.errorRate)),
        }))
      : [],
    cpuSeconds: isAny ? meanAndStd(finished.map(({ times }) => times.cpuSeconds)).mean : null,
    paper: isComparable ? findPublishedError({ networkType, method }) : null,
  };
}

/** Adds the summary of the finished runs of a plan, with a row per entry in the plan's order. */
export function summarize({ plan, recipes, results }: Omit<Findings, 'summary'>): Findings {
  const rows = plan.entries.map((entry) => {
    const jobs = testJobs(plan, entry, recipes);
    const finished = jobs.flatMap(({ id }) => results.get(id) ?? []);
    return summarizeEntry(plan, entry, jobs[0]?.config ?? null, finished);
  });
  return { plan, recipes, results, summary: { version: 1, rows } };
}

export async function gather(plan: Plan, recipes: Recipes | null, store: Store): Promise<Findings> {
  const results = await readResults(store, allTestJobs(plan, recipes));
  return summarize({ plan, recipes, results });
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

export function summaryOf(all: AllFindings): Summary {
  return { version: 1, rows: studyNames.flatMap((name) => all[name].summary.rows) };
}
