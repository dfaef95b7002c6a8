import { describe, expect, it } from 'vitest';
import { dropThreshold, hashAt, hashKey, mix32, seededGenerator, uniformWithin } from './random.ts';

const key = hashKey(1, 'dropout', 10, 2);
const sample = Array.from({ length: 20_000 }, (_, i) => hashAt(key, i));

describe('the counter-based hash', () => {
  it('agrees with the published lowbias32', () => {
    // From the C definition x ^= x >> 16; x *= 0x7feb352d; x ^= x >> 15; x *= 0x846ca68b; x ^= x >> 16.
    const inC = (x: bigint): bigint => {
      const m = 0xffffffffn;
      x ^= x >> 16n;
      x = (x * 0x7feb352dn) & m;
      x ^= x >> 15n;
      x = (x * 0x846ca68bn) & m;
      return x ^ (x >> 16n);
    };
    for (const value of [0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff]) {
      expect(mix32(value)).toBe(Number(inC(BigInt(value))));
    }
  });

  it('drops units at the given rate', () => {
    for (const rate of [0, 0.1, 0.5, 0.9]) {
      const dropped = sample.filter((hash) => hash < dropThreshold(rate)).length / sample.length;
      expect(Math.abs(dropped - rate)).toBeLessThan(0.012);
    }
  });

  it('has balanced, uncorrelated signs', () => {
    const signs = sample.map((hash) => (hash & 1) * 2 - 1);
    const mean = signs.reduce((a, b) => a + b, 0) / signs.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    for (const lag of [1, 784]) {
      const products = signs.slice(lag).map((sign, i) => sign * signs[i]!);
      expect(Math.abs(products.reduce((a, b) => a + b, 0) / products.length)).toBeLessThan(0.03);
    }
  });

  it('depends on each of seed, stream, step and layer', () => {
    const keys = [
      hashKey(1, 'dropout', 10, 2),
      hashKey(2, 'dropout', 10, 2),
      hashKey(1, 'noise', 10, 2),
      hashKey(1, 'dropout', 11, 2),
      hashKey(1, 'dropout', 10, 3),
    ].map(String);
    expect(new Set(keys).size).toBe(5);
  });
});

describe('the seeded generator', () => {
  it('repeats for equal arguments and differs for others', () => {
    const draw = (...args: Parameters<typeof seededGenerator>) => {
      const generator = seededGenerator(...args);
      return Array.from({ length: 4 }, () => generator.next()).join();
    };
    expect(draw(1, 'batchOrder', 0)).toBe(draw(1, 'batchOrder', 0));
    const others = [
      draw(1, 'batchOrder', 1),
      draw(2, 'batchOrder', 0),
      draw(1, 'initialWeights', 0),
    ];
    expect(new Set([draw(1, 'batchOrder', 0), ...others]).size).toBe(4);
  });

  it('draws uniformly within the bound', () => {
    const generator = seededGenerator(5, 'initialWeights', 0);
    const values = Array.from({ length: 10_000 }, () => uniformWithin(generator, 0.25));
    expect(Math.max(...values)).toBeLessThan(0.25);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.25);
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(variance).toBeCloseTo(0.25 ** 2 / 3, 3);
  });
});
