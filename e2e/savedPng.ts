import { expect, type Locator, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';

export interface SavedPng {
  readonly name: string;
  readonly bytes: Buffer;
  /** Pixels, as the browser decodes the file. */
  readonly width: number;
  readonly height: number;
  /** How many different colors are in it: 1 in a picture of nothing. */
  readonly colors: number;
}

/** Presses a button that saves a PNG, and reads the file. */
export async function savePng(button: Locator): Promise<SavedPng> {
  const page = button.page();
  const downloading = page.waitForEvent('download');
  await button.click();
  const download = await downloading;
  const bytes = await readFile(await download.path());
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  return { name: download.suggestedFilename(), bytes, ...(await decode(page, bytes)) };
}

async function decode(
  page: Page,
  bytes: Buffer,
): Promise<Pick<SavedPng, 'width' | 'height' | 'colors'>> {
  return page.evaluate(async (base64) => {
    const file = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([file], { type: 'image/png' }));
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return { width, height, colors: new Set(new Uint32Array(data.buffer)).size };
  }, bytes.toString('base64'));
}
