import {
  type ByteReader,
  type ByteSource,
  corruptFile,
  openReader,
  type OnRead,
} from './byteSource.ts';
import { isSystemFile, toPath } from './paths.ts';
import { looksLikeTar, readTar } from './tar.ts';
import { isZip, listZip } from './zip.ts';

/** Most bytes of all files that are read, after decompression. */
export const maxBytes = 2 ** 30;
/** Enough to recognize a file. */
const startBytes = 1024;
/** Archives within archives; `data.zip` with `train.tar.gz` in it is of depth 2. */
const maxDepth = 3;

const remedy = 'Unpack it, and choose the files in it.';

/** A file, of those chosen or in an archive. */
export interface WalkedFile {
  /** Its path with "/"; an archive's name comes first. */
  readonly path: string;
  /** Its first bytes, decompressed. */
  readonly start: Uint8Array;
  /** All bytes, decompressed. Call it before the next file is asked for, or not at all. */
  readonly read: () => Promise<Uint8Array>;
}

/** Counts what was read, because a small file can hold any number of bytes. */
class Budget {
  #left = maxBytes;

  take(count: number, path: string): void {
    this.#left -= count;
    if (this.#left >= 0) return;
    const expected = `at most ${(maxBytes / 2 ** 20).toLocaleString('en-US')} MB of data`;
    throw corruptFile(path, expected, 'more', 'Choose the files of one data set.');
  }
}

const packers: readonly (readonly [name: string, ...start: readonly number[]])[] = [
  ['an xz archive', 0xfd, 0x37, 0x7a, 0x58, 0x5a],
  ['a Zstandard archive', 0x28, 0xb5, 0x2f, 0xfd],
  ['a bzip2 archive', 0x42, 0x5a, 0x68],
  ['a RAR archive', 0x52, 0x61, 0x72, 0x21],
  ['a 7-Zip archive', 0x37, 0x7a, 0xbc, 0xaf],
  ['a file packed by “compress”', 0x1f, 0x9d],
];

/** What a file in a compressed format is that is not read here. */
export function findPacker(start: Uint8Array): string | null {
  return packers.find(([, ...magic]) => magic.every((byte, i) => start[i] === byte))?.[0] ?? null;
}

/**
 * All files, and those in archives (tar and zip, gzipped or not), one after the other; system files are left out.
 *
 * @throws LabError if a file cannot be read, or is damaged
 */
export async function* walkFiles(
  sources: readonly ByteSource[],
  leaveOut: (path: string, why: string) => void,
  onRead?: OnRead,
): AsyncGenerator<WalkedFile, void> {
  const budget = new Budget();
  let before = 0;
  for (const source of sources) {
    const path = toPath(source.name);
    if (isSystemFile(path)) leaveOut(path, 'a system file');
    else
      yield* walkOne({ ...source, name: path }, 0, budget, leaveOut, (n) => onRead?.(before + n));
    before += source.size;
    onRead?.(before);
  }
}

async function* walkOne(
  source: ByteSource,
  depth: number,
  budget: Budget,
  leaveOut: (path: string, why: string) => void,
  onRead?: OnRead,
): AsyncGenerator<WalkedFile, void> {
  const { name: path } = source;
  const reader = await openReader(source, onRead);
  try {
    const start = await reader.peek(startBytes);
    const isTar = looksLikeTar(start) || /\.(tar|tgz|tar *(\(\d+\)|-\d+)?\.gz)$/i.test(path);
    if (!isTar && !isZip(start)) {
      yield { path, start, read: () => readRest(reader, path, budget) };
      return;
    }
    if (depth >= maxDepth) throw corruptFile(path, 'files', 'archives in archives', remedy);
    for await (const { name, read } of isTar
      ? walkTar(reader, path)
      : walkZip(await readRest(reader, path, budget), path)) {
      const inside = `${path}/${toPath(name)}`;
      if (isSystemFile(toPath(name))) {
        leaveOut(inside, 'a system file');
        continue;
      }
      const bytes = read();
      budget.take(bytes.length, inside);
      yield* walkOne(sourceOfBytes(inside, bytes), depth + 1, budget, leaveOut);
    }
  } finally {
    await reader.close();
  }
}

interface Packed {
  readonly name: string;
  readonly read: () => Uint8Array;
}

async function* walkTar(reader: ByteReader, path: string): AsyncGenerator<Packed, void> {
  const isWanted = (name: string, size: number): boolean => {
    if (isSystemFile(toPath(name))) return false;
    if (size <= maxBytes) return true;
    throw corruptFile(`${path}, ${name}`, 'a smaller file', `${size} bytes`, remedy);
  };
  for await (const { name, content } of readTar(reader, path, isWanted)) {
    yield { name, read: () => content ?? new Uint8Array(0) };
  }
}

async function* walkZip(bytes: Uint8Array, path: string): AsyncGenerator<Packed, void> {
  for (const { name, size, read } of listZip(bytes, path)) {
    if (size > maxBytes && !isSystemFile(toPath(name))) {
      throw corruptFile(`${path}, ${name}`, 'a smaller file', `${size} bytes`, remedy);
    }
    yield await Promise.resolve({ name, read });
  }
}

async function readRest(reader: ByteReader, path: string, budget: Budget): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const part = await reader.next();
    if (part === null) break;
    budget.take(part.length, path);
    length += part.length;
    parts.push(part);
  }
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(length);
  let at = 0;
  while (parts.length > 0) {
    const part = parts.shift()!; // freed as soon as it is copied
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function sourceOfBytes(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    open: () =>
      new ReadableStream({
        start: (controller) => {
          if (bytes.length > 0) controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
          controller.close();
        },
      }),
  };
}
