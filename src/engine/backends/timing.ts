import type { ImageSet } from '../../data/imageSet.ts';
import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import { reportError } from '../../domain/errors.ts';
import { hashAt, hashKey } from '../../domain/random.ts';
import { forward, inputGradient } from '../backprop.ts';
import { nextTask } from '../../domain/nextTask.ts';
import { Trainer } from '../trainer.ts';
import type { Backend } from './backend.ts';

/** How fast a backend trains, or why that is unknown. */
export type Timing =
  | {
      readonly kind: 'timed';
      /** Milliseconds per step, including the final synchronization. */
      readonly stepMs: number;
      /** Training loss of the first step; the same on every backend except for rounding. */
      readonly loss: number;
    }
  /** The first step did not finish in this time: shaders are compiling, or the device is very slow. */
  | { readonly kind: 'slow'; readonly budgetMs: number }
  | { readonly kind: 'failed'; readonly why: string };

/** Most milliseconds for the first step, including shader compilation, and for the timed steps. */
export interface TimingLimits {
  readonly warmUpMs: number;
  readonly stepsMs: number;
}

/** Timing takes well under a second, unless a shader compiler blocks, which cannot be interrupted. */
export const timingLimits: TimingLimits = { warmUpMs: 400, stepsMs: 120 };
/** For SIMD, whose kernels WebKit compiles when they are first called: in 0.8 to 1.5 s on two cores. */
export const simdTimingLimits: TimingLimits = { ...timingLimits, warmUpMs: 2000 };

/** Steps per block. The fastest block counts, because other load can only slow a block down. */
const blockSteps = 4;
const maxBlocks = 3;

/** The step that is timed: adversarial back-propagation on the size of network that the paper's results need. */
const timedConfig: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [400, 400],
  method: 'adversarial',
};
export const timedStep = 'an adversarial training step (784-400-400-10, 64 images)';

/** Formats milliseconds with two significant digits. */
export function formatMs(ms: number): string {
  if (ms >= 100) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

function noiseImages(count: number): ImageSet {
  const [features, classes] = [784, 10];
  const key = hashKey(1, 'noise', 0, 0);
  return {
    count,
    features,
    classes,
    pixels: Uint8Array.from({ length: count * features }, (_, i) => hashAt(key, i) & 255),
    labels: Uint8Array.from({ length: count }, (_, i) => i % classes),
  };
}

/**
 * Times a few training steps on a backend, and frees everything it makes there.
 *
 * @param options.config another network, for tests
 * @param options.now a clock in milliseconds, for tests
 */
export async function timeSteps(
  backend: Backend,
  options: {
    readonly limits?: TimingLimits;
    readonly config?: RunConfig;
    readonly now?: () => number;
  } = {},
): Promise<Timing> {
  const { limits = timingLimits, config = timedConfig, now = () => performance.now() } = options;
  const slow: Timing = { kind: 'slow', budgetMs: limits.warmUpMs };
  let timer: ReturnType<typeof setTimeout> | undefined;
  // For a device that stops responding: its fence would be polled for a minute.
  const timeout = new Promise<Timing>((resolve) => {
    timer = setTimeout(() => resolve(slow), 2 * (limits.warmUpMs + limits.stepsMs));
  });
  try {
    return await Promise.race([timeWithinLimits(backend, config, limits, now), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

async function timeWithinLimits(
  backend: Backend,
  config: RunConfig,
  limits: TimingLimits,
  now: () => number,
): Promise<Timing> {
  let trainer: Trainer | null = null;
  try {
    const start = now();
    const images = noiseImages(config.batchSize);
    trainer = new Trainer(backend, config, images);
    const loss = await warmUp(backend, trainer, images, () => now() - start > limits.warmUpMs);
    if (loss === null) return { kind: 'slow', budgetMs: limits.warmUpMs };
    const deadline = now() + limits.stepsMs;
    let stepMs = Infinity;
    for (let block = 0; block < maxBlocks && (block === 0 || now() < deadline); block++) {
      stepMs = Math.min(stepMs, await timeBlock(backend, trainer, deadline, now));
    }
    return { kind: 'timed', stepMs, loss };
  } catch (error) {
    return { kind: 'failed', why: reportError(error).message };
  } finally {
    trainer?.dispose();
  }
}

/**
 * Takes the first step, for which a GPU's shaders are compiled. Parts of the step come first, because a compiler
 * cannot be interrupted, but can be kept from starting.
 *
 * @returns the step's training loss; null if time is up
 */
async function warmUp(
  backend: Backend,
  trainer: Trainer,
  set: ImageSet,
  isTimeUp: () => boolean,
): Promise<number | null> {
  const { network } = trainer;
  const indices = Uint32Array.from({ length: set.count }, (_, i) => i);
  const parts: (() => void)[] = [
    () => forward(backend, network, backend.loadImages(set, indices)),
    () => {
      const pass = forward(backend, network, backend.loadImages(set, indices));
      inputGradient(backend, network, pass, backend.loadLabels(set, indices));
    },
  ];
  for (const part of parts) {
    backend.scope(part);
    await nextTask();
    if (isTimeUp()) return null;
  }
  trainer.trainStep();
  const loss = await trainer.takeTrainLoss();
  return isTimeUp() ? null : loss;
}

/** @returns milliseconds per step of one block, which ends early at the deadline */
async function timeBlock(
  backend: Backend,
  trainer: Trainer,
  deadline: number,
  now: () => number,
): Promise<number> {
  const start = now();
  let steps = 0;
  let previous = Promise.resolve();
  do {
    trainer.trainStep();
    // Two steps in flight, as in a run.
    const current = backend.finished();
    current.catch(() => undefined); // a rejection is handled where it is awaited
    await previous;
    previous = current;
    steps++;
  } while (steps < blockSteps && now() < deadline);
  await previous; // the time must include the last fence, because submitted work is not yet done
  return (now() - start) / steps;
}
