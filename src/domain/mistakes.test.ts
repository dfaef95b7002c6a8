import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countDiscordant, mistakesLength, packMistakes, unpackMistakes } from './mistakes.ts';

it('counts the images that only one of two classifiers misclassifies', () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 1 })));
  fc.assert(
    fc.property(pairs, (images) => {
      const [a, b] = [0, 1].map((which) => Uint8Array.from(images, (image) => image[which]!));
      expect(countDiscordant(packMistakes(a!), packMistakes(b!))).toEqual({
        onlyFirst: images.filter(([x, y]) => x > y).length,
        onlySecond: images.filter(([x, y]) => y > x).length,
      });
    }),
  );
});

it('takes 1,668 characters for 10,000 images', () => {
  expect(packMistakes(new Uint8Array(10_000)).length).toBe(1668);
  for (const count of [1, 8, 9, 24, 25, 1000]) {
    expect(packMistakes(new Uint8Array(count)).length).toBe(mistakesLength(count));
  }
});

it('unpacks what it packed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1 })), (flags) => {
      const packed = packMistakes(Uint8Array.from(flags));
      expect([...unpackMistakes(packed, flags.length)]).toEqual(flags);
    }),
  );
});
