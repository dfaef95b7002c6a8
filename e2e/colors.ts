import type { Locator } from '@playwright/test';

/** A place of an element, from 0 to 1 across and down. */
export type Place = readonly [x: number, y: number];

/** The colors that are seen at places of an element: "255,255,255". */
export async function readColors(element: Locator, places: readonly Place[]): Promise<string[]> {
  const picture = (await element.screenshot()).toString('base64');
  return element.evaluate(
    async (_, { picture, places }) => {
      const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const { width, height } = bitmap;
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const context = canvas.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(bitmap, 0, 0);
      return places.map(([x, y]) =>
        context
          .getImageData(Math.floor(x * (width - 1)), Math.floor(y * (height - 1)), 1, 1)
          .data.slice(0, 3)
          .join(),
      );
    },
    { picture, places },
  );
}
