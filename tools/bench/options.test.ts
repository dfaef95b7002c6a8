import { describe, expect, it } from 'vitest';
import { UsageError } from '../train/options/usageError.ts';
import { parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('measures everything by default', () => {
    const options = parseOptions([])!;
    expect(options.only).toEqual(['simd', 'simd-dense', 'tfjs-wasm', 'jax-js', 'webgl']);
    expect(options.networks).toEqual([
      [400, 400],
      [800, 800],
    ]);
    expect(options.batchSizes).toEqual([64, 256]);
  });

  it('reads options that restrict the measurement', () => {
    const options = parseOptions(
      '--only simd,jax-js --hidden 30/20,10 --batch 8 --method plain --threads 3 --rounds 2 --json'.split(
        ' ',
      ),
    );
    expect(options).toEqual({
      only: ['simd', 'jax-js'],
      networks: [[30], [20, 10]],
      batchSizes: [8],
      methods: ['plain'],
      threads: 3,
      rounds: 2,
      json: true,
    });
  });

  it('leaves the number of threads to the machine that measures', () =>
    expect(parseOptions([])!.threads).toBeNull());

  it('recognizes a request for help', () => expect(parseOptions(['--help'])).toBeNull());

  it.each([
    [
      ['--only', 'torch'],
      '--only: expected simd, simd-dense, tfjs-wasm, jax-js, webgl, found "torch".',
    ],
    [['--batch', '64,'], '--batch: expected whole numbers from 1 to 1024, found "".'],
    [['--batch', '0'], '--batch: expected whole numbers from 1 to 1024, found "0".'],
    [['--rounds', '1.5'], '--rounds: expected whole numbers from 1 to 1000, found "1.5".'],
    [['--slow'], "Unknown option '--slow'"],
  ])('refuses %j with a one-line message', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});
