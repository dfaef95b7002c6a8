import { readKernels } from '../train/readKernels.ts'; // first, because it sets a flag before WebAssembly is used
import { startThread } from '../train/startThread.ts';
import type { ImageSet } from '../../src/data/imageSet.ts';
import { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { layerShapes, makeNetwork } from '../../src/engine/network.ts';
import { type AttackKind, makeAttack } from '../../src/experiment/runs/measurements.ts';
import { readNetwork } from '../../src/formats/networkFile.ts';
import { pretrainedAttackEpsilon } from '../../src/domain/pretrained.ts';

/**
 * The backend with which networks are pretrained and measured: the build without relaxed SIMD, which rounds the same
 * way on every machine. Results do not depend on the number of threads.
 */
export function createReproducibleBackend(threads: number): Promise<SimdBackend> {
  return SimdBackend.create(readKernels, { build: 'plain', threads, startThread });
}

/** Error rates on all images of a network decoded from its file, clean and under one of the page's attacks. */
export async function measureFile(
  backend: SimdBackend,
  file: Uint8Array<ArrayBuffer>,
  test: ImageSet,
  kind: AttackKind,
): Promise<{ clean: number; adversarial: number }> {
  const { config, layers } = await readNetwork(new Blob([file]));
  const shapes = layerShapes(config, test.features, test.classes);
  const parameters = layers.map((layer) => layer.parameters);
  const network = makeNetwork(backend, shapes, parameters, config.loss);
  try {
    const attack = makeAttack(kind, pretrainedAttackEpsilon);
    const noYield = () => Promise.resolve();
    const scores = await evaluate(backend, network, test, test.count, attack, noYield);
    return { clean: scores.clean.errorRate, adversarial: scores.adversarial.errorRate };
  } finally {
    backend.free(...network.layers.map((layer) => layer.parameters));
  }
}
