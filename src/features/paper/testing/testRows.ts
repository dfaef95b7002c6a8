import { defaultConfig, type RunConfig } from '../../../domain/settings/config.ts';
import type { Attack } from '../../../domain/metrics.ts';
import { findPublishedError } from '../../../domain/published.ts';
import type { SummaryRow } from '../../../domain/reproduction.ts';

/** Attacks as in the plan. */
export const unclipped: Attack = { kind: 'fgsm', epsilon: 0.08, clip: false };
export const clipped: Attack = { kind: 'fgsm', epsilon: 0.08, clip: true };
export const pgd40: Attack = {
  kind: 'pgd',
  epsilon: 0.08,
  clip: true,
  steps: 40,
  stepSize: 0.005,
  seed: 1,
};

export const paperConfig: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [400, 400],
  epochs: 50,
};

export const otherData = {
  shape: 'color-32',
  trainingCount: 50_000,
  testCount: 10_000,
  fingerprint: '0'.repeat(64),
} as const;

/** A row with the errors of seeds 1, 2 …; without errors it has not been run. */
export function makeRow(
  entry: string,
  values: readonly number[],
  changes: Partial<RunConfig> = {},
  more: Partial<SummaryRow> = {},
): SummaryRow {
  const config = { ...paperConfig, ...changes };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length < 2 ? null : Math.sqrt(squares / (values.length - 1));
  const isRun = values.length > 0;
  return {
    entry,
    data: 'MNIST',
    seeds: values.map((_, index) => index + 1),
    missingSeeds: isRun ? [] : [1],
    config,
    clean: isRun ? { mean, deviation } : null,
    values: [...values],
    attacks: isRun
      ? [unclipped, clipped, pgd40].map((attack, index) => ({
          attack,
          spread: { mean: 0.5 + index / 10, deviation },
        }))
      : [],
    robustness: null,
    cpuSeconds: isRun ? 300 : null,
    paper: config.epochs >= 50 ? findPublishedError(config) : null,
    ...more,
  };
}
