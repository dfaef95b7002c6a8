import type { Backend } from '../backends/backend.ts';
import type { Network } from '../network.ts';
import { Certifier } from './certifier.ts';

/** The grid of ε: gray levels of a pixel. */
const levels = 255;

/**
 * The largest ε on the grid k/255 for which an image is proven to keep a prediction, by bisection; 0 if there is none. A
 * proof for one ε holds for all smaller ones.
 *
 * @param image [features], 0 to 1, in the network's pixel order
 * @param label the prediction
 * @param yieldToEventLoop awaited after each trial; throws to stop
 */
export async function findProvenEpsilon(
  backend: Backend,
  network: Network,
  image: ArrayLike<number>,
  label: number,
  yieldToEventLoop: () => Promise<void>,
): Promise<number> {
  const certifier = await Certifier.create(backend, network, yieldToEventLoop);
  let [proven, failed] = [0, levels + 1];
  // Most networks are proven safe for a few levels only: doubling finds the range sooner than halving 255.
  for (let level = 1; failed - proven > 1; level = nextLevel(proven, failed)) {
    if (await certifier.isSafe(image, label, level / levels)) proven = level;
    else failed = level;
    await yieldToEventLoop();
  }
  return proven / levels;
}

function nextLevel(proven: number, failed: number): number {
  return failed > levels ? Math.min(levels, 2 * proven) : Math.floor((proven + failed) / 2);
}
