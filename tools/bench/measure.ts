import type { Page } from 'playwright';
import { trainingCost } from '../../src/domain/cost.ts';
import {
  defaultConfig,
  type OptimizerName,
  type RunConfig,
} from '../../src/domain/settings/config.ts';
import { type BenchMethod, type Entry, hasThreads, labelOf } from './contenders.ts';
import { median } from './statistics.ts';

/** A contender that has been started in the page. */
export interface StartedEntry extends Entry {
  readonly contender: number;
  readonly device: string;
}

/** One network at one batch size. */
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

/** Number of images from which the batches are taken. */
const imageCount = 4096;
/** Number of steps whose results are compared. The second one starts from an updated optimizer state. */
const comparedSteps = 2;
/**
 * Largest allowed relative difference of the updates. Sums in another order differ by 1e-6; a pixel whose input
 * gradient is so near zero that its sign differs adds up to 1e-3; anything else is a bug.
 */
const tolerance = 2e-3;
/** Intended duration of a block of steps. */
const blockMs = 250;
/** WebGL may be rendered in software, so it gets one step per block, and at most this many blocks. */
const slowRounds = 3;

/** Learning rates with which all optimizers change the weights by about the same amount. */
const learningRates: Record<OptimizerName, number> = {
  sgd: 0.1,
  momentum: 0.05,
  rmsprop: 5e-4,
  adam: 5e-4,
};

function configOf(setting: Setting, method: BenchMethod, optimizer: OptimizerName): RunConfig {
  return {
    ...defaultConfig,
    hiddenLayers: [...setting.hiddenLayers],
    batchSize: setting.batchSize,
    method,
    optimizer,
    learningRate: learningRates[optimizer],
    learningRateDecay: 1,
  };
}

interface Candidate {
  readonly entry: StartedEntry;
  readonly method: BenchMethod;
  readonly config: RunConfig;
  readonly session: number;
  readonly difference: number;
  readonly blocks: number[];
  steps: number;
}

/** Times training steps of the contenders in the page. */
export class Meter {
  readonly #page: Page;
  readonly #entries: readonly StartedEntry[];
  readonly #optimizer: OptimizerName;
  readonly #rounds: number;

  constructor(
    page: Page,
    entries: readonly StartedEntry[],
    optimizer: OptimizerName,
    rounds: number,
  ) {
    this.#page = page;
    this.#entries = entries;
    this.#optimizer = optimizer;
    this.#rounds = rounds;
  }

  /** Takes steps. @returns the milliseconds that they took */
  #run({ contender }: StartedEntry, session: number, steps: number): Promise<number> {
    return this.#page.evaluate(([c, s, n]) => window.bench.run(c, s, n), [
      contender,
      session,
      steps,
    ] as const);
  }

  #remember({ contender }: StartedEntry, session: number): Promise<number> {
    return this.#page.evaluate(([c, s]) => window.bench.remember(c, s), [
      contender,
      session,
    ] as const);
  }

  /**
   * Starts the same training in all contenders and compares their weights after the first steps.
   *
   * @throws Error if a contender's result differs from the first one's
   */
  async #prepare(setting: Setting, method: BenchMethod): Promise<Candidate[]> {
    const config = configOf(setting, method, this.#optimizer);
    const candidates: Candidate[] = [];
    let start = -1;
    let reference = -1;
    for (const entry of this.#entries) {
      const session = await this.#page.evaluate(
        ([contender, run, count]) => window.bench.prepare(contender, run, count),
        [entry.contender, config, imageCount - (imageCount % setting.batchSize)] as const,
      );
      if (start < 0) start = await this.#remember(entry, session);
      await this.#run(entry, session, comparedSteps);
      const result = await this.#remember(entry, session);
      if (reference < 0) reference = result;
      const difference = await this.#page.evaluate(
        ([a, b, s]) => window.bench.difference(a, b, s),
        [result, reference, start] as const,
      );
      if (!(difference <= tolerance)) {
        throw new Error(
          `${labelOf(entry)} computes something else: after ${comparedSteps} ${method} steps of ` +
            `${setting.hiddenLayers.join('-')} at batch ${setting.batchSize} its weights differ from ` +
            `${labelOf(this.#entries[0]!)}'s by ${difference.toExponential(1)} of the change; at most ` +
            `${tolerance} is expected.`,
        );
      }
      candidates.push({ entry, method, config, session, difference, blocks: [], steps: 1 });
    }
    await this.#page.evaluate(() => window.bench.forget());
    return candidates;
  }

  /** Warms up, and chooses the number of steps per block. */
  async #calibrate(candidate: Candidate): Promise<void> {
    const { entry, session } = candidate;
    if (!hasThreads(entry.name)) return;
    await this.#run(entry, session, 2);
    const steps = 3;
    const milliseconds = await this.#run(entry, session, steps);
    candidate.steps = Math.max(1, Math.round(blockMs / (milliseconds / steps)));
  }

  /**
   * Times all contenders and methods at one setting, in interleaved blocks, so that other load on the machine affects
   * all of them.
   */
  async measure(setting: Setting, methods: readonly BenchMethod[]): Promise<Measurement[]> {
    const candidates: Candidate[] = [];
    for (const method of methods) candidates.push(...(await this.#prepare(setting, method)));
    for (const candidate of candidates) await this.#calibrate(candidate);
    for (let round = 0; round < this.#rounds; round++) {
      // Every round starts with another candidate, so that none always follows the same one.
      const first = (round * 5) % candidates.length;
      for (const candidate of [...candidates.slice(first), ...candidates.slice(0, first)]) {
        const { entry, session, steps, blocks } = candidate;
        if (!hasThreads(entry.name) && round >= slowRounds) continue;
        blocks.push((await this.#run(entry, session, steps)) / steps);
      }
    }
    for (const { entry, session } of candidates) {
      await this.#page.evaluate(([c, s]) => window.bench.dispose(c, s), [
        entry.contender,
        session,
      ] as const);
    }
    return candidates.map(({ entry, method, config, blocks, difference }) => {
      const milliseconds = median(blocks);
      const operations = 2 * trainingCost(config) * setting.batchSize;
      const gflops = operations / milliseconds / 1e6;
      const { name, threads } = entry;
      return { name, threads, method, milliseconds, blocks, gflops, difference };
    });
  }
}
