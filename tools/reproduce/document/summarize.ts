import { findPublishedError } from '../../../src/domain/published.ts';
import type {
  Recipes,
  RunResult,
  Spread,
  Summary,
  SummaryRow,
} from '../../../src/domain/reproduction.ts';
import { testJobs } from '../jobs.ts';
import type { Entry, Plan } from '../plans/plan.ts';
import { meanAndStd } from '../../student.ts';

/** Mean and standard deviation under the names that results/summary.json has for them. */
function spreadOf(values: readonly number[]): Spread {
  const { mean, std } = meanAndStd(values);
  return { mean, deviation: std };
}

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
    cpuSeconds: isAny ? meanAndStd(finished.map(({ times }) => times.cpuSeconds)).mean : null,
    paper:
      isFull && plan.data.dataSet === null ? findPublishedError({ networkType, method }) : null,
  };
}

/**
 * Summarizes the finished runs of a plan, with a row per entry in the plan's order.
 *
 * @param recipes null before any is chosen; then only entries that need none have runs
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
