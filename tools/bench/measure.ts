import { trainingCost } from '../../src/domain/cost.ts';
import { defaultConfig, type RunConfig } from '../../src/domain/settings/config.ts';
import {
  type BenchMethod,
  type ContenderName,
  entriesOf,
  type Entry,
  labelOf,
} from './contenders.ts';
import type { BenchOptions } from './options.ts';
import { median } from './statistics.ts';

/** A contender that has been started. Its index in the list is its number. */
export interface StartedEntry extends Entry {
  readonly device: string;
}

export interface Setting {
  readonly hiddenLayers: readonly number[];
  readonly batchSize: number;
}

export interface Measurement extends Entry {
  readonly method: BenchMethod;
  /** Milliseconds per step: the median over the blocks, and the value of each block. */
  readonly milliseconds: number;
  readonly blocks: readonly number[];
  /** 10⁹ floating-point operations per second, counting the matrix products only. */
  readonly gflops: number;
  /** Difference of the weights after the first steps from the first contender's, relative to their change. */
  readonly difference: number;
}

/** All measurements of a setting, in the order of the table. */
export interface SettingResult extends Setting {
  readonly measurements: readonly Measurement[];
}

/** What measures all settings finds, as soon as it does. */
export type Finding =
  | { readonly kind: 'started'; readonly contender: StartedEntry }
  | { readonly kind: 'measured'; readonly result: SettingResult }
  /** The times are worth nothing, or there are none. */
  | { readonly kind: 'failed'; readonly problem: string };

/** The contenders in their workers. They and their sessions have numbers, from 0. */
export interface Contenders {
  /** Starts the next one. @returns what it runs on */
  start(name: ContenderName, threads: number): Promise<string>;
  /** @returns the number of a new session */
  prepare(contender: number, config: RunConfig, imageCount: number): Promise<number>;
  /** Takes steps. @returns the milliseconds that they took */
  run(contender: number, session: number, steps: number): Promise<number>;
  /** @returns the difference from the first session's result, relative to the change by training */
  compare(contender: number, session: number): Promise<number>;
  /** Makes the next session that is compared the first one. */
  forget(): void;
  dispose(contender: number, session: number): Promise<void>;
}

const imageCount = 4096;
/** Number of steps whose results are compared. The second one starts from an updated optimizer state. */
const comparedSteps = 2;
/**
 * Largest allowed relative difference of the updates. Sums in another order differ by 1e-6; a pixel whose input
 * gradient is so near zero that its sign differs adds up to 1e-3; anything else is a bug.
 */
const tolerance = 2e-3;
const blockMs = 250;
/** A contender that takes longer than this for a step, such as WebGL rendered in software, gets few blocks. */
const slowMs = 1000;
const slowRounds = 3;

interface Candidate {
  readonly contender: number;
  readonly entry: Entry;
  readonly config: RunConfig;
  readonly method: BenchMethod;
  readonly session: number;
  readonly difference: number;
  readonly blocks: number[];
  /** Per block, and whether one alone is slow. */
  steps: number;
  isSlow: boolean;
}

/** Starts the same training in all contenders, compares their weights after the first steps, and adds them. */
async function prepare(
  contenders: Contenders,
  entries: readonly Entry[],
  { hiddenLayers, batchSize }: Setting,
  method: BenchMethod,
  candidates: Candidate[],
): Promise<void> {
  const config: RunConfig = {
    ...defaultConfig,
    hiddenLayers: [...hiddenLayers],
    batchSize,
    method,
    optimizer: 'rmsprop',
    learningRate: 5e-4,
    learningRateDecay: 1,
  };
  contenders.forget();
  for (const [contender, entry] of entries.entries()) {
    const usedImages = imageCount - (imageCount % batchSize);
    const session = await contenders.prepare(contender, config, usedImages);
    await contenders.run(contender, session, comparedSteps);
    const difference = await contenders.compare(contender, session);
    candidates.push({
      contender,
      entry,
      config,
      method,
      session,
      difference,
      blocks: [],
      steps: 1,
      isSlow: false,
    });
  }
}

/** Warms up, and chooses the number of steps per block. */
async function calibrate(contenders: Contenders, candidate: Candidate): Promise<void> {
  const { contender, session } = candidate;
  let milliseconds = (await contenders.run(contender, session, 2)) / 2;
  candidate.isSlow = milliseconds > slowMs;
  if (candidate.isSlow) return;
  milliseconds = (await contenders.run(contender, session, 3)) / 3;
  candidate.steps = Math.max(1, Math.round(blockMs / milliseconds));
}

/**
 * Times all contenders and methods at one setting, in interleaved blocks, so that other load on the machine affects
 * all of them.
 */
async function measureSetting(
  contenders: Contenders,
  entries: readonly Entry[],
  setting: Setting,
  { methods, rounds }: Pick<BenchOptions, 'methods' | 'rounds'>,
): Promise<Measurement[]> {
  const candidates: Candidate[] = [];
  try {
    for (const method of methods) await prepare(contenders, entries, setting, method, candidates);
    for (const one of candidates) await calibrate(contenders, one);
    for (let round = 0; round < rounds; round++) {
      // Every round starts with another candidate, so that none always follows the same one.
      const first = (round * 5) % candidates.length;
      for (const one of [...candidates.slice(first), ...candidates.slice(0, first)]) {
        if (one.isSlow && round >= slowRounds) continue;
        const { contender, session, steps } = one;
        one.blocks.push((await contenders.run(contender, session, steps)) / steps);
      }
    }
  } finally {
    for (const { contender, session } of candidates) await contenders.dispose(contender, session);
  }
  return candidates.map(({ entry: { name, threads }, method, config, blocks, difference }) => {
    const milliseconds = median(blocks);
    const operations = 2 * trainingCost(config) * setting.batchSize;
    const gflops = operations / milliseconds / 1e6;
    return { name, threads, method, milliseconds, blocks, gflops, difference };
  });
}

/** Names the measurements of a setting whose weights differ from the first contender's. */
export function findDifferences({
  hiddenLayers,
  batchSize,
  measurements,
}: SettingResult): string[] {
  return measurements
    .filter(({ difference }) => !(difference <= tolerance))
    .map(
      (one) =>
        `${labelOf(one)} computes something else: after ${comparedSteps} ${one.method} steps of ` +
        `${hiddenLayers.join('-')} at batch ${batchSize} its weights differ from ` +
        `${labelOf(measurements[0]!)}'s by ${one.difference.toExponential(1)} of the change; at ` +
        `most ${tolerance} is expected.`,
    );
}

/** Starts the contenders and measures all settings. A setting that fails does not keep the next from being measured. */
export async function measureAll(
  contenders: Contenders,
  options: BenchOptions,
  tell: (finding: Finding) => Promise<void>,
): Promise<void> {
  const entries = entriesOf(options.only, options.threads ?? navigator.hardwareConcurrency);
  for (const { name, threads } of entries) {
    const device = await contenders.start(name, threads ?? 1);
    await tell({ kind: 'started', contender: { name, threads, device } });
  }
  for (const hiddenLayers of options.networks) {
    for (const batchSize of options.batchSizes) {
      const setting = { hiddenLayers, batchSize };
      const problems: string[] = [];
      try {
        const measurements = await measureSetting(contenders, entries, setting, options);
        const result = { ...setting, measurements };
        await tell({ kind: 'measured', result });
        problems.push(...findDifferences(result));
      } catch (error) {
        problems.push(`${hiddenLayers.join('-')} at batch ${batchSize}: ${String(error)}`);
      }
      for (const problem of problems) await tell({ kind: 'failed', problem });
    }
  }
}
