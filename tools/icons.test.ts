import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const folder = path.join(import.meta.dirname, '..', 'public');

interface Manifest {
  readonly icons: readonly {
    readonly src: string;
    readonly sizes: string;
    readonly type: string;
  }[];
}

it('names icons that are there, and as large as it says', () => {
  const { icons } = JSON.parse(
    readFileSync(path.join(folder, 'manifest.webmanifest'), 'utf8'),
  ) as Manifest;
  const pictures = icons.filter(({ type }) => type === 'image/png');
  expect(pictures).toHaveLength(3);
  for (const { src, sizes } of pictures) {
    const bytes = readFileSync(path.join(folder, src));
    // The header of a PNG file begins with width and height.
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, src).toBe(sizes);
  }
});
