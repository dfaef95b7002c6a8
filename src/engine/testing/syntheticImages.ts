import type { ImageSet } from '../../data/imageSet.ts';
import { hashAt, hashKey } from '../../shared/random.ts';

/** Images that can be learnt and need no download: each class brightens its own pixels, plus noise. */
export function syntheticImages(count: number, features = 784, classes = 10): ImageSet {
  const key = hashKey(7, 'noise', 0, 0);
  const labels = Uint8Array.from({ length: count }, (_, i) => hashAt(key, i) % classes);
  const pixels = Uint8Array.from({ length: count * features }, (_, i) => {
    const noise = hashAt(key, count + i) % 128;
    const isBright = (i % features) % classes === labels[Math.floor(i / features)];
    return noise + (isBright ? 100 : 0);
  });
  return { pixels, labels, count, features, classes };
}
