import type { Locator } from '@playwright/test';

/** Whether the edges of a region are another color than the page, at its top, where nothing is written. */
export async function readShadows(
  region: Locator,
  y = 2,
): Promise<{ left: boolean; right: boolean }> {
  const picture = (await region.screenshot()).toString('base64');
  return region.evaluate(
    async (_, { picture, y }) => {
      const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const { width, height } = bitmap;
      const context = Object.assign(document.createElement('canvas'), { width, height }).getContext(
        '2d',
        { willReadFrequently: true },
      )!;
      context.drawImage(bitmap, 0, 0);
      const red = (x: number) => context.getImageData(x, y, 1, 1).data[0]!;
      const style = getComputedStyle(document.body).backgroundColor;
      const page = Number(/\d+/.exec(style)![0]);
      const isShadow = (x: number) => Math.abs(red(x) - page) > 20;
      return { left: isShadow(1), right: isShadow(width - 2) };
    },
    { picture, y },
  );
}
