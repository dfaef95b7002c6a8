import { describe, expect, it } from 'vitest';
import { assertNetworkFits } from './networkSize.ts';
import { trainDefaults } from './optionTable.ts';
import { UsageError } from './usageError.ts';

describe('assertNetworkFits', () => {
  it('accepts the largest network on MNIST', () => {
    const config = {
      ...trainDefaults,
      hiddenLayers: [2048, 2048, 2048, 2048, 2048, 2048],
      optimizer: 'adam' as const,
    };
    expect(() => assertNetworkFits(config, { features: 784, classes: 10 })).not.toThrow();
  });

  it('refuses a network on images that are far too large', () => {
    const refuse = () => assertNetworkFits(trainDefaults, { features: 9_000_000, classes: 10 });
    expect(refuse).toThrow(UsageError);
    expect(refuse).toThrow(
      /images of 9000000 pixels it needs 41\d{3} MiB, and the engine has 1024/,
    );
  });

  it('counts the pieces of maxout units', () => {
    const config = { ...trainDefaults, hiddenLayers: [400] };
    const set = { features: 100_000, classes: 10 };
    expect(() => assertNetworkFits(config, set)).not.toThrow();
    const maxout = { ...config, networkType: 'maxout' as const, maxoutPieces: 8 };
    expect(() => assertNetworkFits(maxout, set)).toThrow(UsageError);
  });
});
