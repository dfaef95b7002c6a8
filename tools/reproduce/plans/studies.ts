import path from 'node:path';
import { findPublishedError } from '../../../src/domain/published.ts';
import type {
  Recipes,
  Robustness,
  RunResult,
  Summary,
  SummaryRow,
} from '../../../src/domain/reproduction.ts';
import { meanAndStd } from '../../../src/domain/statistics.ts';
import { allTestJobs, testJobs } from '../jobs.ts';
import {
  readAllRobustness,
  readResults,
  readSuperseded,
  Store,
  type Superseded,
} from '../store.ts';
import { cifarPlan } from './cifarPlan.ts';
import { cifarSamplePlan } from './cifarSamplePlan.ts';
import { permutedPlan } from './permutedPlan.ts';
import { type Entry, fullPlan, type Plan } from './plan.ts';

/** The plans that docs/reproduction.md reports; each has its own folder of results. */
export const plans = {
  mnist: fullPlan,
  permuted: permutedPlan,
  cifar: cifarPlan,
  cifarSample: cifarSamplePlan,
} as const;
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
  readonly summary: Pick<Summary, 'rows'>;
  readonly results: ReadonlyMap<string, RunResult>;
  /** Of the networks of runs that were attacked, by run id. */
  readonly robustness: ReadonlyMap<string, Robustness>;
}
export type AllFindings = Readonly<Record<StudyName, Findings>> & {
  readonly superseded: Superseded;
};

function summarizeEntry(
  { data, attacks }: Plan,
  { id, seeds, networkType, method, schedule }: Entry,
  config: SummaryRow['config'],
  finished: readonly RunResult[],
  robustness: Robustness | undefined,
): SummaryRow {
  const done = finished.map((result) => result.config.seed);
  const values = finished.map(({ last }) => last.errorRate);
  const isAny = finished.length > 0;
  // Not the brief runs, which are compared with each other, and not plain back-propagation with weight decay.
  const isComparable = schedule.epochs >= 20 && data.dataSet === null && config?.weightDecay === 0;
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
    robustness: robustness
      ? {
          images: robustness.images,
          attacks: robustness.attacks,
          certified: robustness.certified,
          training: robustness.training,
        }
      : null,
    cpuSeconds: isAny ? meanAndStd(finished.map(({ times }) => times.cpuSeconds)).mean : null,
    paper: isComparable ? findPublishedError({ networkType, method }) : null,
  };
}

/** Adds the summary of the finished runs of a plan, with a row per entry in the plan's order. */
export function summarize({
  plan,
  recipes,
  results,
  robustness,
}: Omit<Findings, 'summary'>): Findings {
  const rows = plan.entries.map((entry) => {
    const jobs = testJobs(plan, entry, recipes);
    const finished = jobs.flatMap(({ id }) => results.get(id) ?? []);
    const measured = robustness.get(`${entry.id}-seed${entry.seeds[0]}`);
    return summarizeEntry(plan, entry, jobs[0]?.config ?? null, finished, measured);
  });
  return { plan, recipes, results, robustness, summary: { rows } };
}

export async function gather(plan: Plan, recipes: Recipes | null, store: Store): Promise<Findings> {
  const results = await readResults(store, allTestJobs(plan, recipes));
  return summarize({ plan, recipes, results, robustness: await readAllRobustness(store, results) });
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
    cifarSample: await gathered('cifarSample'),
    superseded: await readSuperseded(results),
  };
}

/** The rows of all plans, in their order. */
export function allRows(all: AllFindings): SummaryRow[] {
  return studyNames.flatMap((name) => all[name].summary.rows);
}
