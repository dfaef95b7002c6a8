import type { ImageSet } from '../../../src/data/imageSet.ts';
import { piecesOf } from '../../../src/engine/activations.ts';
import { maximumBytes } from '../../../src/engine/backends/simd/memory.ts';
import { layerShapes } from '../../../src/engine/network.ts';
import { stateCount } from '../../../src/domain/checkpoint.ts';
import type { RunConfig } from '../../../src/domain/settings/config.ts';
import { UsageError } from './usageError.ts';

const bytesPerMiB = 2 ** 20;

/**
 * Checks that the engine's memory can hold the network's weights, gradients and optimizer state, before minutes are
 * spent on drawing its initial weights: the user's images may have any size.
 *
 * @throws UsageError with the memory needed
 */
export function assertNetworkFits(
  config: RunConfig,
  { features, classes }: Pick<ImageSet, 'features' | 'classes'>,
): void {
  const parameters = layerShapes(config, features, classes).reduce(
    (sum, { fanIn, units, activation }) => sum + (fanIn + 1) * units * piecesOf(activation),
    0,
  );
  const bytes = 4 * parameters * (2 + stateCount[config.optimizer]);
  if (bytes <= maximumBytes) return;
  throw new UsageError(
    `the network does not fit: on images of ${features} pixels it needs ${Math.ceil(bytes / bytesPerMiB)} MiB, and the engine has ${maximumBytes / bytesPerMiB}; use fewer units or smaller images.`,
  );
}
