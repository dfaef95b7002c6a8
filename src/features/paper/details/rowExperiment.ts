import { trainAlike } from '../../../experiment/setup/settingsDraft.ts';
import { limits, type RunConfig } from '../../../domain/settings/config.ts';
import { comparisonOf } from '../../../domain/settings/methods.ts';
import { trainingCost } from '../../../domain/cost.ts';

/** An experiment that is ready to be opened. */
export interface RowExperiment {
  readonly configs: readonly RunConfig[];
  /** Seconds of one processor core for all runs together, or null when nothing comparable was timed. */
  readonly coreSeconds: number | null;
}

export interface TimedRow {
  readonly config: RunConfig | null;
  readonly cpuSeconds: number | null;
}

/** If an experiment takes longer than this, a shorter one of about `shortSeconds` is offered as well. */
const longSeconds = 300;
const shortSeconds = 120;

/** The experiment with a row's settings; its runs differ only in their method. */
export function makeRowExperiment(config: RunConfig, timed: readonly TimedRow[]): RowExperiment {
  const configs = comparisonOf(config.method).map((method) => ({ ...config, method }));
  return { configs, coreSeconds: estimateSeconds(configs, config, timed) };
}

/**
 * The same experiment with fewer epochs and, if the decay per epoch allows it, the same final learning rate.
 * Null when the full experiment is short or its time is unknown.
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

/** The decay per epoch with which fewer epochs end at the same learning rate as all of them. */
function steepen({ learningRateDecay, epochs: all }: RunConfig, epochs: number): number {
  if (epochs < 2) return learningRateDecay;
  const decay = learningRateDecay ** ((all - 1) / (epochs - 1));
  const { min, max } = limits.learningRateDecay;
  return Math.min(max, Math.max(min, Number(decay.toPrecision(4))));
}

/** Core seconds: each run's time from a row with its settings, otherwise scaled from another row by arithmetic. */
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
