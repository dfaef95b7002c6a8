import { trainAlike } from '../../experiment/setup/settingsDraft.ts';
import { limits, type RunConfig, type TrainingMethod } from '../../domain/settings/config.ts';
import { trainingCost } from '../../domain/cost.ts';

/** A race that is ready to be opened. */
export interface RowExperiment {
  readonly configs: readonly RunConfig[];
  /** Seconds of one processor core that its runs take together; null where nothing comparable was timed. */
  readonly coreSeconds: number | null;
}

/** A row whose time is known. */
export interface TimedRow {
  readonly config: RunConfig | null;
  readonly cpuSeconds: number | null;
}

/** A race that takes longer has a shorter one beside it, of about `shortSeconds`. */
const longSeconds = 300;
const shortSeconds = 120;

/** What a row's method is raced with: plain, ABP, and where it is neither, itself. */
const rivals: Readonly<Record<TrainingMethod, readonly TrainingMethod[]>> = {
  plain: ['plain', 'adversarial'],
  adversarial: ['plain', 'adversarial'],
  dropout: ['plain', 'dropout', 'adversarial'],
  'adversarial-dropout': ['plain', 'adversarial', 'adversarial-dropout'],
  noise: ['plain', 'noise', 'adversarial'],
  pgd: ['plain', 'adversarial', 'pgd'],
  mixed: ['plain', 'adversarial', 'mixed'],
};

/** The race with a row's settings, the same ones for all of its runs: they differ in their method alone. */
export function makeRowExperiment(config: RunConfig, timed: readonly TimedRow[]): RowExperiment {
  const configs = rivals[config.method].map((method) => ({ ...config, method }));
  return { configs, coreSeconds: estimateSeconds(configs, config, timed) };
}

/**
 * The same race with fewer epochs, whose learning rate falls as far if a factor an epoch can do that; null where the whole one is short or its time
 * is not known.
 */
export function shortenExperiment({ configs, coreSeconds }: RowExperiment): RowExperiment | null {
  const [first] = configs;
  if (first === undefined || coreSeconds === null || coreSeconds <= longSeconds) return null;
  const epochs = Math.max(1, Math.floor((first.epochs * shortSeconds) / coreSeconds));
  if (epochs >= first.epochs) return null;
  return {
    configs: configs.map((config) => ({
      ...config,
      epochs,
      learningRateDecay: steepen(config, epochs),
    })),
    coreSeconds: (coreSeconds * epochs) / first.epochs,
  };
}

/** The factor an epoch with which fewer epochs end at the learning rate at which all of them do. */
function steepen({ learningRateDecay, epochs: all }: RunConfig, epochs: number): number {
  if (epochs < 2) return learningRateDecay;
  const decay = learningRateDecay ** ((all - 1) / (epochs - 1));
  const { min, max } = limits.learningRateDecay;
  return Math.min(max, Math.max(min, Number(decay.toPrecision(4))));
}

/** Seconds of a core: of each run as a row of its very settings was timed, else by the arithmetic of another. */
function estimateSeconds(
  configs: readonly RunConfig[],
  own: RunConfig,
  timed: readonly TimedRow[],
): number | null {
  const speeds = timed.flatMap(({ config, cpuSeconds }) =>
    config === null || cpuSeconds === null || config.dataSet !== null
      ? []
      : [{ config, secondsPerUnit: cpuSeconds / workOf(config) }],
  );
  const find = (wanted: RunConfig) => speeds.find(({ config }) => trainAlike(config, wanted));
  const likely =
    find(own) ?? speeds.find(({ config }) => config.networkType === own.networkType) ?? speeds[0];
  if (likely === undefined) return null;
  const secondsOf = (config: RunConfig): number =>
    (find(config) ?? likely).secondsPerUnit * workOf(config);
  return configs.reduce((sum, config) => sum + secondsOf(config), 0);
}

/** Multiply-adds of a whole run. */
function workOf(config: RunConfig): number {
  return trainingCost(config) * config.epochs * config.trainingSetSize;
}

/** "about 40 seconds", "about 9 minutes", "about 2.5 hours". */
export function describeSeconds(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(10, 10 * Math.round(seconds / 10))} seconds`;
  const minutes = seconds / 60;
  if (minutes < 90) return `about ${Math.round(minutes)} minutes`;
  return `about ${Number((minutes / 60).toFixed(1))} hours`;
}
