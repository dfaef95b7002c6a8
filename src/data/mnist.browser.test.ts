import { beforeEach, expect, it, vi } from 'vitest';
import { loadMnist } from './mnist.ts';

const dataUrl = new URL('/data/mnist/', location.origin).href;

// Other tests of this browser load the same files.
beforeEach(() => caches.delete('data'));

it('loads the served training set, and from the cache the second time', async () => {
  const onProgress = vi.fn();
  const fetchUrl = vi.fn<typeof fetch>((...request) => fetch(...request));
  const options = { dataUrl, onProgress, fetch: fetchUrl };
  const first = await loadMnist('training', options);
  expect(first).toMatchObject({ count: 60_000, features: 784 });
  expect([...first.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
  // Bytes that travel, not those of the unpacked images.
  expect(onProgress).toHaveBeenLastCalledWith(9_829_469, 9_829_469);
  expect(fetchUrl).toHaveBeenCalledTimes(2);

  const name = `${dataUrl}train-images-idx3-ubyte.bin`;
  await vi.waitFor(async () => expect(await caches.match(name)).toBeDefined(), 10_000);
  const second = await loadMnist('training', options);
  expect(second.labels).toEqual(first.labels);
  expect(fetchUrl).toHaveBeenCalledTimes(2);
});
