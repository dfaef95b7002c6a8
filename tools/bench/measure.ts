import type { Page } from 'playwright';
import { trainingCost } from '../../src/domain/cost.ts';
import { defaultConfig, type RunConfig } from '../../src/domain/settings/config.ts';
import { type BenchMethod, type Entry, labelOf } from './contenders.ts';
import type { BenchOptions } from './options.ts';
import { median } from './statistics.ts';

/** A contender that has been started in the page, where its index in the list is its number. */
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
  /** The machine's load average over the last minute, at the end; it includes the bench's own threads. */
  readonly load: number;
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
/** WebGL may be rendered in software, so it gets one step per block, and at most this many blocks. */
const slowRounds = 3;

interface Candidate {
  readonly contender: number;
  readonly entry: Entry;
  readonly config: RunConfig;
  readonly method: BenchMethod;
  readonly session: number;
  readonly difference: number;
  readonly blocks: number[];
  steps: number;
}

/** Takes steps. @returns the milliseconds that they took */
function run(page: Page, contender: number, session: number, steps: number): Promise<number> {
  return page.evaluate((args) => window.bench.run(...args), [contender, session, steps] as const);
}

/**
 * Starts the same training in all contenders and compares their weights after the first steps.
 *
 * @throws Error if a contender's result differs from the first one's
 */
async function prepare(
  page: Page,
  entries: readonly Entry[],
  { hiddenLayers, batchSize }: Setting,
  method: BenchMethod,
): Promise<Candidate[]> {
  const config: RunConfig = {
    ...defaultConfig,
    hiddenLayers: [...hiddenLayers],
    batchSize,
    method,
    optimizer: 'rmsprop',
    learningRate: 5e-4,
    learningRateDecay: 1,
  };
  const candidates: Candidate[] = [];
  for (const [contender, entry] of entries.entries()) {
    const session = await page.evaluate((args) => window.bench.prepare(...args), [
      contender,
      config,
      imageCount - (imageCount % batchSize),
    ] as const);
    await run(page, contender, session, comparedSteps);
    const difference = await page.evaluate((args) => window.bench.compare(...args), [
      contender,
      session,
    ] as const);
    if (!(difference <= tolerance)) {
      throw new Error(
        `${labelOf(entry)} computes something else: after ${comparedSteps} ${method} steps of ` +
          `${hiddenLayers.join('-')} at batch ${batchSize} its weights differ from ` +
          `${labelOf(entries[0]!)}'s by ${difference.toExponential(1)} of the change; at most ` +
          `${tolerance} is expected.`,
      );
    }
    candidates.push({
      contender,
      entry,
      config,
      method,
      session,
      difference,
      blocks: [],
      steps: 1,
    });
  }
  await page.evaluate(() => window.bench.forget());
  return candidates;
}

/** Warms up, and chooses the number of steps per block. */
async function calibrate(page: Page, candidate: Candidate): Promise<void> {
  const { contender, session } = candidate;
  await run(page, contender, session, 2);
  const milliseconds = (await run(page, contender, session, 3)) / 3;
  candidate.steps = Math.max(1, Math.round(blockMs / milliseconds));
}

/**
 * Times all contenders and methods at one setting, in interleaved blocks, so that other load on the machine affects
 * all of them.
 */
export async function measureSetting(
  page: Page,
  entries: readonly Entry[],
  setting: Setting,
  { methods, rounds }: Pick<BenchOptions, 'methods' | 'rounds'>,
): Promise<Measurement[]> {
  const isSlow = ({ entry }: Candidate) => entry.threads === null;
  const candidates: Candidate[] = [];
  for (const method of methods) {
    candidates.push(...(await prepare(page, entries, setting, method)));
  }
  for (const one of candidates) if (!isSlow(one)) await calibrate(page, one);
  for (let round = 0; round < rounds; round++) {
    // Every round starts with another candidate, so that none always follows the same one.
    const first = (round * 5) % candidates.length;
    for (const one of [...candidates.slice(first), ...candidates.slice(0, first)]) {
      if (isSlow(one) && round >= slowRounds) continue;
      one.blocks.push((await run(page, one.contender, one.session, one.steps)) / one.steps);
    }
  }
  for (const { contender, session } of candidates) {
    await page.evaluate((args) => window.bench.dispose(...args), [contender, session] as const);
  }
  return candidates.map(({ entry: { name, threads }, method, config, blocks, difference }) => {
    const milliseconds = median(blocks);
    const operations = 2 * trainingCost(config) * setting.batchSize;
    const gflops = operations / milliseconds / 1e6;
    return { name, threads, method, milliseconds, blocks, gflops, difference };
  });
}
