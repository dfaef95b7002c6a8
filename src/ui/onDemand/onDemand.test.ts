import { expect, it, vi } from 'vitest';
import { onDemand, preloadParts } from './onDemand.tsx';

const Content = (): null => null;

it('loads one part after the other, each when the page is idle, and not those that wait for their press', async () => {
  const order: string[] = [];
  const part = (name: string, isPreloaded?: boolean) =>
    onDemand(
      name,
      () => {
        order.push(name);
        return Promise.resolve(Content);
      },
      isPreloaded === undefined ? {} : { isPreloaded },
    );
  part('first');
  part('place', false);
  onDemand('broken', () => Promise.reject(new Error('no connection')));
  part('last');
  await preloadParts(() => {
    order.push('idle');
    return Promise.resolve();
  });
  expect(order).toEqual(['idle', 'first', 'idle', 'idle', 'last']);
});

it('loads its code once, and again after a failure', async () => {
  const load = vi
    .fn<() => Promise<typeof Content>>()
    .mockRejectedValueOnce(new Error('no connection'))
    .mockResolvedValue(Content);
  const { preload } = onDemand('Part', load, { isPreloaded: false });
  await expect(preload()).rejects.toThrow('no connection');
  await preload();
  await preload();
  expect(load).toHaveBeenCalledTimes(2);
});
