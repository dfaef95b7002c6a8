import { describe, expect, it } from 'vitest';
import { UsageError } from '../train/options/usageError.ts';
import { parseOptions } from './options.ts';

describe('parseOptions of npm run gpu', () => {
  it('measures our engines by default, on as many cores as there are', () => {
    expect(parseOptions([])).toMatchObject({
      withChromium: false,
      bench: {
        only: ['simd', 'webgl'],
        networks: [
          [400, 400],
          [2048, 2048],
        ],
        batchSizes: [64, 256, 1024],
        methods: ['adversarial', 'plain'],
        threads: null,
        rounds: 5,
      },
    });
  });

  it('reads its own option and those of the bench, which replace the defaults', () => {
    const { withChromium, bench } = parseOptions(['--chromium', '--batch', '8', '--rounds', '1'])!;
    expect(withChromium).toBe(true);
    expect(bench).toMatchObject({ batchSizes: [8], rounds: 1, only: ['simd', 'webgl'] });
  });

  it('recognizes a request for help, and refuses what it does not know', () => {
    expect(parseOptions(['--help'])).toBeNull();
    expect(() => parseOptions(['--batch', '0'])).toThrow(UsageError);
    expect(() => parseOptions(['--chrome'])).toThrow(UsageError);
  });
});
