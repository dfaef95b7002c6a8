import { findPublishedError } from '../../src/shared/published.ts';
import type { Recipes, RunResult, Summary, SummaryRow } from '../../src/shared/reproduction.ts';
import { testJobs } from './jobs.ts';
import type { Entry, Plan } from './plan.ts';
import { spreadOf } from '../student.ts';

function summarizeEntry(
  plan: Plan,
  entry: Entry,
  recipes: Recipes | null,
  results: ReadonlyMap<string, RunResult>,
): SummaryRow {
  const { id, seeds, networkType, method } = entry;
  const jobs = testJobs(plan, entry, recipes);
  const finished = jobs.flatMap((job) => results.get(job.id) ?? []);
  const done = finished.map(({ config }) => config.seed);
  const values = finished.map(({ last }) => last.errorRate);
  const isFull = entry.schedule.epochs >= 50;
  const isAny = finished.length > 0;
  return {
    entry: id,
    data: plan.data.name,
    seeds: done,
    missingSeeds: seeds.filter((seed) => !done.includes(seed)),
    config: jobs[0]?.config ?? null,
    clean: isAny ? spreadOf(values) : null,
    values,
    attacks: isAny
      ? plan.attacks.map((attack, i) => ({
          attack,
          spread: spreadOf(finished.map(({ last }) => last.attacks[i]!.errorRate)),
        }))
      : [],
    cpuSeconds: isAny ? spreadOf(finished.map(({ times }) => times.cpuSeconds)).mean : null,
    paper:
      isFull && plan.data.dataSet === null ? findPublishedError({ networkType, method }) : null,
  };
}

/**
 * What the finished runs of a plan give, entry by entry in the plan's order.
 *
 * @param recipes null before they are chosen: then only entries that need none are run
 * @param results by run id
 */
export function summarize(
  plan: Plan,
  recipes: Recipes | null,
  results: ReadonlyMap<string, RunResult>,
): Summary {
  const row = (entry: Entry) => summarizeEntry(plan, entry, recipes, results);
  return { version: 1, rows: plan.entries.map(row) };
}
