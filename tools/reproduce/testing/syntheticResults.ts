import type { Recipes, RunResult } from '../../../src/domain/reproduction.ts';
import { chooseRecipes } from '../choose.ts';
import { allTestJobs, allTrialJobs, type Job } from '../jobs.ts';
import { fullPlan, type Plan } from '../plans/plan.ts';
import { type AllFindings, type Findings, plans, summarize } from '../plans/studies.ts';

/** A possible result of a run. @param images number of wrong images of 10,000 after the last epoch */
export function resultOf({ id, config, data, attacks }: Job, images: number): RunResult {
  const errorRate = images / 10_000;
  return {
    version: 1,
    id,
    config,
    data,
    engine: 'SIMD: none at all',
    curve: Array.from({ length: config.epochs }, (_, i) => ({
      epoch: i + 1,
      trainLoss: 1 / (i + 1),
      // The best epoch is never the last one.
      errorRate: i + 1 === config.epochs ? errorRate : errorRate / 2,
    })),
    last: {
      errorRate,
      attacks: attacks.map((attack, i) => ({ attack, errorRate: 0.1 * (i + 1) })),
    },
    times: { trainSeconds: 100, cpuSeconds: 120, finishedAt: '2026-01-01T00:00:00.000Z' },
  };
}

/** The recipes of a plan if every trial has the same error: the first one of each entry. */
export function firstRecipes(plan: Plan = fullPlan): Recipes {
  const results = allTrialJobs(plan).map((job) => resultOf(job, 200));
  return chooseRecipes(plan, new Map(results.map((result) => [result.id, result])));
}

/**
 * Synthetic findings of all plans.
 *
 * @param resultFor a run's result; null if it was not made
 * @param recipesFor a plan's recipes; null if none is chosen
 */
export function findingsWith(
  resultFor: (job: Job) => RunResult | null,
  recipesFor: (plan: Plan) => Recipes | null = firstRecipes,
): AllFindings {
  const findingsOf = (plan: Plan): Findings => {
    const recipes = recipesFor(plan);
    const results = new Map(
      allTestJobs(plan, recipes).flatMap((job) => {
        const result = resultFor(job);
        return result === null ? [] : [[job.id, result] as const];
      }),
    );
    return summarize({ plan, recipes, results, robustness: new Map() });
  };
  return {
    mnist: findingsOf(plans.mnist),
    permuted: findingsOf(plans.permuted),
    cifar: findingsOf(plans.cifar),
    cifarSample: findingsOf(plans.cifarSample),
    superseded: { fewerTrials: [], roundedSigns: [] },
  };
}
