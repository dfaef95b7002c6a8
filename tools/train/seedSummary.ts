import { meanAndStd, meanInterval, minSeeds } from '../../src/domain/statistics.ts';
import type { EpochResult } from './report.ts';

/** The mean over seeds of a rate, 0 to 1, with its 95 % interval; null with fewer than three seeds. */
export interface SeedMean {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** What the last epochs of all seeds show. */
export interface SeedSummary {
  /** Those that were trained to their end. */
  readonly seeds: readonly number[];
  /** Seeds that diverged; absent if none did. */
  readonly diverged?: readonly number[];
  readonly testError: SeedMean;
  readonly adversarialError: Readonly<Record<string, SeedMean>>;
  readonly certifiedAccuracy?: Readonly<Record<string, SeedMean>>;
  readonly validationError?: SeedMean;
}

/**
 * @param results the last epoch of each seed that was trained to its end
 * @param diverged the seeds that were not
 */
export function summarizeSeeds(
  seeds: readonly number[],
  results: readonly EpochResult[],
  diverged: readonly number[] = [],
): SeedSummary {
  const tests = results.flatMap(({ test }) => test ?? []);
  const over = (rates: readonly Readonly<Record<string, number>>[]): Record<string, SeedMean> =>
    Object.fromEntries(
      Object.keys(rates[0] ?? {}).map((key) => [key, average(rates.map((one) => one[key]!))]),
    );
  const certified = tests.flatMap(({ certifiedAccuracy: one }) => (one ? [one] : []));
  const validation = results.flatMap(({ validationError }) => validationError ?? []);
  return {
    seeds,
    ...(diverged.length > 0 && { diverged }),
    testError: average(tests.map(({ testError }) => testError)),
    adversarialError: over(tests.map(({ adversarialError }) => adversarialError)),
    ...(certified.length > 0 && { certifiedAccuracy: over(certified) }),
    ...(validation.length > 0 && { validationError: average(validation) }),
  };
}

function average(values: readonly number[]): SeedMean {
  const interval = values.length < minSeeds ? null : meanInterval(values);
  if (interval === null) return { mean: meanAndStd(values).mean, low: null, high: null };
  const { mean, reach } = interval;
  return { mean, low: Math.max(0, mean - reach), high: Math.min(1, mean + reach) };
}

const intervalWords = 'mean and 95 % interval by Student’s t';

/** The summary in one line: "5 seeds, mean and 95 % interval: test error 1.39 % (1.35 to 1.43), …" */
export function describeSeeds(summary: SeedSummary): string {
  const {
    seeds,
    diverged = [],
    testError,
    validationError,
    adversarialError,
    certifiedAccuracy,
  } = summary;
  const list = (rates: Readonly<Record<string, SeedMean>> | undefined, name: string): string[] =>
    Object.entries(rates ?? {}).map(([epsilon, mean]) => `${name} ${epsilon} ${describe(mean)}`);
  const parts = [
    `test error ${describe(testError)}`,
    ...(validationError ? [`validation error ${describe(validationError)}`] : []),
    ...list(adversarialError, 'error under attack at ε'),
    ...list(certifiedAccuracy, 'provably safe at ε'),
  ];
  const all = seeds.length + diverged.length;
  const of = diverged.length > 0 ? ` of ${all}` : '';
  const failed = diverged.length > 0 ? ` (diverged: ${diverged.join(', ')})` : '';
  const count = `${seeds.length === 1 && all === 1 ? 'one' : seeds.length}${of} seed${all === 1 ? '' : 's'}${failed}`;
  const what = seeds.length === 1 ? '' : seeds.length < minSeeds ? ', mean' : `, ${intervalWords}`;
  return `${count}${what}: ${parts.join(', ')}`;
}

function describe({ mean, low, high }: SeedMean): string {
  const percent = (rate: number): string => (100 * rate).toFixed(2);
  const interval = low === null || high === null ? '' : ` (${percent(low)} to ${percent(high)})`;
  return `${percent(mean)} %${interval}`;
}
