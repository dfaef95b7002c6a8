import type { ImageSet } from '../../data/imageSet.ts';
import { hashAt, hashKey } from '../../domain/random.ts';

/** Noise images that can be learned without a download: each class has its own brighter pixels. */
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
