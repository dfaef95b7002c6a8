import { type ImageSet, orderPixels } from '../../../src/data/imageSet.ts';
import { slice } from '../../../src/data/splits.ts';
import type { Robustness, RunResult } from '../../../src/domain/reproduction.ts';
import type { Backend } from '../../../src/engine/backends/backend.ts';
import { certifyImages } from '../../../src/engine/certify/certifySet.ts';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { layerShapes, makeNetwork } from '../../../src/engine/network.ts';
import { attackStrongest, type Survivors } from '../../../src/engine/strongest/strongestAttack.ts';
import { readNetwork } from '../../../src/formats/networkFile.ts';
import { sha256Of } from '../networks.ts';

/** What is measured of a network. */
export interface Measures {
  /** Number of images of the test set, the first ones. */
  readonly images: number;
  readonly perturbations: readonly {
    readonly epsilon: number;
    readonly clip: boolean;
    /** Whether the strongest attack is run, or only FGSM and PGD. */
    readonly withStrongest: boolean;
  }[];
  /** The ε of the certificates. */
  readonly certified: readonly number[];
}

/** Training images that are attacked as in training. */
const trainingImages = 10_000;
/** Fixes the random numbers of attacks. */
const seed = 1;

function errorOf(survivors: Uint8Array): number {
  const safe = survivors.reduce((sum, flag) => sum + flag, 0);
  return (survivors.length - safe) / survivors.length;
}

/**
 * Measures the network of a finished run.
 *
 * @param file the network's file
 * @param sets all images, in the pixel order of the data set
 * @param yieldToEventLoop awaited often; throws to stop
 */
export async function measureRobustness(
  backend: Backend,
  { id, config }: RunResult,
  file: Uint8Array<ArrayBuffer>,
  sets: { readonly training: ImageSet; readonly test: ImageSet },
  measures: Measures,
  yieldToEventLoop: () => Promise<void>,
): Promise<Robustness> {
  const start = performance.now();
  const { images, perturbations } = measures;
  const firstOf = (set: ImageSet, count: number) =>
    orderPixels(slice(set, 0, Math.min(count, set.count)), config.permutationSeed);
  const test = firstOf(sets.test, images);
  const training = firstOf(sets.training, trainingImages);
  const { layers, features, classes, standardization } = await readNetwork(new Blob([file]));
  const network = makeNetwork(
    backend,
    layerShapes(config, features, classes),
    layers.map(({ parameters }) => parameters),
    config.loss,
    standardization ?? null,
  );
  try {
    const attacks: Robustness['attacks'] = [];
    for (const { epsilon, clip, withStrongest } of perturbations) {
      const survivors: Survivors = await attackStrongest(
        backend,
        network,
        test,
        0,
        test.count,
        { epsilon, clip, seed },
        yieldToEventLoop,
        () => withStrongest,
      );
      attacks.push({
        epsilon,
        clip,
        fgsm: errorOf(survivors.fgsm),
        pgd: errorOf(survivors.pgd),
        marginPgd: errorOf(survivors['margin-pgd']),
        strongest: withStrongest ? errorOf(survivors.strongest) : null,
      });
    }
    const certified: Robustness['certified'] = [];
    for (const epsilon of measures.certified) {
      const safe = await certifyImages(
        backend,
        network,
        test,
        0,
        test.count,
        epsilon,
        yieldToEventLoop,
      );
      certified.push({ epsilon, share: 1 - errorOf(safe) });
    }
    const { clean, adversarial } = await evaluate(
      backend,
      network,
      training,
      training.count,
      { kind: 'fgsm', epsilon: config.trainingEpsilon, clip: config.clipTrainingImages },
      yieldToEventLoop,
    );
    const { name, device } = backend.description;
    return {
      version: 1,
      id,
      weights: sha256Of(file),
      images: test.count,
      engine: `${name}: ${device}`,
      attacks,
      certified,
      training: {
        images: training.count,
        clean: clean.errorRate,
        fgsm: adversarial.errorRate,
      },
      seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    };
  } finally {
    backend.free(...network.layers.map(({ parameters }) => parameters));
  }
}
