import { readKernels } from '../../src/cli/readKernels.ts'; // first: sets a flag before anything looks at WebAssembly
import { startThread } from '../../src/cli/startThread.ts';
import type { ImageSet } from '../../src/data/imageSet.ts';
import { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { layerShapes, makeNetwork } from '../../src/engine/network.ts';
import { type AttackKind, makeAttack } from '../../src/lab/readings.ts';
import { decodeNetwork } from '../../src/shared/networkFile.ts';
import { pretrainedAttackEpsilon } from '../../src/shared/pretrained.ts';

/**
 * The engine that networks are pretrained and measured with: the build without relaxed SIMD, which rounds
 * alike on every machine. The number of threads changes no result.
 */
export function createReproducibleBackend(threads: number): Promise<SimdBackend> {
  return SimdBackend.create(readKernels, { build: 'plain', threads, startThread });
}

/** Error rates of a network as its file holds it, on all images, clean and under one of the page's attacks. */
export async function measureFile(
  backend: SimdBackend,
  file: Uint8Array,
  test: ImageSet,
  kind: AttackKind,
): Promise<{ clean: number; adversarial: number }> {
  const { config, layers } = decodeNetwork(file);
  const shapes = layerShapes(config, test.features, test.classes);
  const parameters = layers.map((layer) => layer.parameters);
  const network = makeNetwork(backend, shapes, parameters, config.loss);
  try {
    const attack = makeAttack(kind, pretrainedAttackEpsilon);
    const breathe = () => Promise.resolve();
    const scores = await evaluate(backend, network, test, test.count, attack, breathe);
    return { clean: scores.clean.errorRate, adversarial: scores.adversarial.errorRate };
  } finally {
    backend.free(...network.layers.map((layer) => layer.parameters));
  }
}
