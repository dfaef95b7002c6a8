import { readKernels } from '../../train/readKernels.ts'; // first, because it sets a flag before WebAssembly is used
import { startThread } from '../../train/startThread.ts';
import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Robustness, RunResult } from '../../../src/domain/reproduction.ts';
import { SimdBackend } from '../../../src/engine/backends/simd/backend.ts';
import { readRunImages } from '../images.ts';
import type { Job } from '../jobs.ts';
import { networkFile, sha256Of } from '../networks.ts';
import type { Plan } from '../plans/plan.ts';
import type { Store } from '../store.ts';
import { measureRobustness, type Measures } from './measure.ts';

/** The first test images, on which strong attacks are affordable. */
const images = 1000;
/** Widest hidden layer of a network that gets every measurement: the cost is the product of neighboring widths. */
const affordableUnits = 400;
/** Where the strongest attack on wider networks is run: the perturbation of the claim about adversarial examples. */
const claimed = { epsilon: 0.1, clip: true };

/**
 * All networks get FGSM and PGD, and the first seed of an entry the strongest attack and certificates; if its layers are
 * wide, the strongest attack at one ε and no certificate.
 */
export function measuresOf(plan: Plan, { config }: Pick<RunResult, 'config'>): Measures | null {
  const { perturbations, certified = [] } = plan;
  if (perturbations === undefined) return null;
  const isFirst = config.seed === 1;
  const isAffordable = Math.max(...config.hiddenLayers) <= affordableUnits;
  return {
    images,
    perturbations: perturbations.map(({ epsilon, clip }) => ({
      epsilon,
      clip,
      withStrongest:
        isFirst && (isAffordable || (epsilon === claimed.epsilon && clip === claimed.clip)),
    })),
    certified: isFirst && isAffordable ? certified : [],
  };
}

/** Whether everything was measured; a plan may have got further perturbations since. */
function isMeasured(found: Robustness, { perturbations, certified }: Measures) {
  const attacked = perturbations.every(({ epsilon, clip, withStrongest }) =>
    found.attacks.some(
      (one) =>
        one.epsilon === epsilon && one.clip === clip && (!withStrongest || one.strongest !== null),
    ),
  );
  return (
    attacked && certified.every((epsilon) => found.certified.some((one) => one.epsilon === epsilon))
  );
}

export interface AttackSettings {
  readonly store: Store;
  readonly directory: string;
  /** Folder with the trained networks. */
  readonly cache: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly write: (line: string) => void;
}

/** The file of a run's network; null if it is not there, or another one. */
async function findNetwork(
  { id, weights }: RunResult,
  cache: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (weights === undefined) return null;
  const bytes = await readFile(networkFile(cache, id)).catch(() => null);
  if (bytes === null || sha256Of(bytes) !== weights) return null;
  return new Uint8Array(bytes);
}

/**
 * Measures the networks of finished runs that were not measured yet. What is finished stays if it is stopped.
 *
 * @returns the ids of runs whose network is not kept here
 * @throws the signal's reason if it is aborted
 */
export async function attackNetworks(
  plan: Plan,
  jobs: readonly Job[],
  { store, directory, cache, threads, signal, write }: AttackSettings,
): Promise<string[]> {
  const missing: string[] = [];
  const yieldToEventLoop = async () => {
    await setImmediate();
    signal.throwIfAborted();
  };
  let sets: Awaited<ReturnType<typeof readRunImages>> | null = null;
  for (const job of jobs) {
    const result = await store.read(job);
    const measures = result && measuresOf(plan, result);
    if (!result || !measures) continue;
    const known = await store.readRobustness(result);
    if (known && isMeasured(known, measures)) continue;
    const file = await findNetwork(result, cache);
    if (file === null) {
      missing.push(result.id);
      continue;
    }
    sets ??= await readRunImages(result.config, directory);
    const backend = await SimdBackend.create(readKernels, { threads, startThread });
    try {
      const found = await measureRobustness(
        backend,
        result,
        file,
        sets,
        measures,
        yieldToEventLoop,
      );
      await store.writeRobustness(found);
      write(`${result.id}: measured in ${Math.round(found.seconds)} s`);
    } finally {
      backend.dispose();
    }
  }
  return missing;
}
