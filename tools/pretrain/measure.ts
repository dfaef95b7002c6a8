import { readKernels } from '../train/readKernels.ts'; // first, because it sets a flag before WebAssembly is used
import { startThread } from '../train/startThread.ts';
import type { ImageSet } from '../../src/data/imageSet.ts';
import { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { layerShapes, makeNetwork, type Network } from '../../src/engine/network.ts';
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

/** The network in a weights file, on a backend. */
export async function loadNetwork(
  backend: SimdBackend,
  file: Uint8Array<ArrayBuffer>,
): Promise<Network> {
  const { config, layers, features, classes } = await readNetwork(new Blob([file]));
  const parameters = layers.map((layer) => layer.parameters);
  return makeNetwork(backend, layerShapes(config, features, classes), parameters, config.loss);
}

/** Error rates on all images of a network decoded from its file, clean and under one of the page's attacks. */
export async function measureFile(
  backend: SimdBackend,
  file: Uint8Array<ArrayBuffer>,
  test: ImageSet,
  kind: AttackKind,
): Promise<{ clean: number; adversarial: number }> {
  const network = await loadNetwork(backend, file);
  const attack = makeAttack(kind, pretrainedAttackEpsilon);
  const noYield = () => Promise.resolve();
  const scores = await evaluate(backend, network, test, test.count, attack, noYield);
  backend.free(...network.layers.map((layer) => layer.parameters));
  return { clean: scores.clean.errorRate, adversarial: scores.adversarial.errorRate };
}
