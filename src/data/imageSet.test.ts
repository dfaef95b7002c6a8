import { expect, it } from 'vitest';
import { copyImage, makeImageSet, orderPixels, selectImages } from './imageSet.ts';

const images = { count: 2, rows: 1, columns: 3, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) };

it('joins images and labels', () => {
  expect(makeImageSet(images, Uint8Array.of(9, 0))).toEqual({
    pixels: images.pixels,
    labels: Uint8Array.of(9, 0),
    count: 2,
    features: 3,
    classes: 10,
  });
});

it('refuses labels of another count', () => {
  expect(() => makeImageSet(images, Uint8Array.of(9))).toThrow('expected 2, found 1');
});

it('refuses a label that is not a class', () => {
  expect(() => makeImageSet(images, Uint8Array.of(9, 10))).toThrow(
    'Label 1 is not a class: expected 0 to 9, found 10',
  );
});

it('permutes pixels for networks by the seed, but not for display', () => {
  const set = makeImageSet(images, Uint8Array.of(9, 0));
  expect(orderPixels(set, null)).toBe(set);
  const ordered = orderPixels(set, 5);
  const target = new Uint8Array(5);
  copyImage(ordered, 1, target, 1);
  expect([...target]).toEqual([0, ...[...ordered.pixelOrder!].map((pixel) => 4 + pixel), 0]);
  expect(ordered.pixels).toBe(set.pixels);
  expect(selectImages(ordered, 1, 1).images).toEqual(Float32Array.of(4 / 255, 5 / 255, 6 / 255));
});
