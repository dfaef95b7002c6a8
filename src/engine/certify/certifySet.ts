import { type ImageSet, selectImages } from '../../data/imageSet.ts';
import { permutePixels } from '../../domain/pixelOrder.ts';
import type { Backend } from '../backends/backend.ts';
import type { Network } from '../network.ts';
import { Certifier } from './certifier.ts';

/**
 * Which images of a set are provably safe: no change of at most ε in each pixel, clipped to [0, 1], makes the network
 * predict anything but the label.
 *
 * @param yieldToEventLoop awaited after each image; throws to stop
 * @param isWanted whether to try an image, by its index in the set; the others count as not proven
 * @returns [count] 1 where it is proven; 0 where it is not, which does not mean that an attack exists
 */
export async function certifyImages(
  backend: Backend,
  network: Network,
  set: ImageSet,
  first: number,
  count: number,
  epsilon: number,
  yieldToEventLoop: () => Promise<void>,
  isWanted: (index: number) => boolean = () => true,
): Promise<Uint8Array> {
  const certifier = await Certifier.create(backend, network, yieldToEventLoop);
  const safe = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (!isWanted(first + i)) continue;
    const { images, labels } = selectImages(set, first + i, 1);
    const image = permutePixels(images, set.pixelOrder ?? null);
    safe[i] = Number(await certifier.isSafe(image, labels[0]!, epsilon));
    await yieldToEventLoop();
  }
  return safe;
}
