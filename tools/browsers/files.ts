import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An IDX file of unsigned bytes. */
export function encodeIdx(sizes: readonly number[], elements: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length, 0);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, elements]);
}

/** Images whose class is a bright bar, and their labels. */
function makePart(count: number, name: string): NamedBytes[] {
  const labels = Uint8Array.from({ length: count }, (_, i) => (i * 7) % 10);
  const pixels = new Uint8Array(count * 784);
  labels.forEach((label, i) => {
    const row = i * 784 + (2 + 2 * label) * 28;
    pixels.fill(230, row + 4, row + 24);
  });
  return [
    { name: `${name}-images-idx3-ubyte`, bytes: encodeIdx([count, 28, 28], pixels) },
    { name: `${name}-labels-idx1-ubyte`, bytes: encodeIdx([count], labels) },
  ];
}

/** 800 images to train on and 200 to test on. */
export const idxFiles = [...makePart(800, 'train'), ...makePart(200, 't10k')];

/** Writes files for as long as they are used. */
export async function withFiles(
  files: readonly NamedBytes[],
  use: (paths: readonly string[]) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lab-files-'));
  try {
    const paths = files.map(({ name }) => path.join(folder, name));
    await Promise.all(files.map(({ bytes }, i) => writeFile(paths[i]!, bytes)));
    await use(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
