import { cleanName } from '../../domain/cleanName.ts';
import { LabError } from '../../domain/errors.ts';
import { gunzip } from './gunzip.ts';

/** A file on disk, or one that was dropped on the page. */
export interface ByteSource {
  readonly name: string;
  /** Size of the file in bytes, compressed or not. */
  readonly size: number;
  /** Opens the file at its first byte, each time it is called. */
  readonly open: () => ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Called while a file is read, with the number of bytes read so far (compressed bytes, if it is compressed). */
export type OnRead = (readBytes: number) => void;

export function corruptFile(
  name: string,
  expected: string,
  found: string,
  remedy: string,
): LabError {
  return new LabError(
    'data-corrupt',
    `${cleanName(name, 200)}: expected ${expected}, found ${found}.`,
    remedy,
  );
}

/** The bytes on disk; an error of the file, or of `onRead`, is a LabError. */
function openRaw(
  { name, open }: ByteSource,
  onRead?: OnRead,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = open().getReader();
  let readBytes = 0;
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { value } = await reader.read();
        if (value === undefined) {
          controller.close();
          return;
        }
        readBytes += value.length;
        onRead?.(readBytes);
        controller.enqueue(value);
      } catch (error) {
        await reader.cancel().catch(() => undefined);
        const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
        const message = `${name} cannot be read: ${why}.`;
        throw new LabError('data-unreachable', message, 'Choose it again.');
      }
    },
    cancel: () => reader.cancel(),
  });
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value } = await reader.read();
      if (value === undefined) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A file that unpacks to more than both of these is made to fill the memory: images do not shrink as much. */
const bomb = { factor: 200, bytes: 32 * 2 ** 20 } as const;

/**
 * @param packed bytes of the file
 * @param unpacked bytes that came out of it
 * @throws LabError 'data-corrupt' if these cannot be images
 */
export function assertNoBomb(name: string, packed: number, unpacked: number): void {
  if (unpacked <= bomb.bytes || unpacked <= bomb.factor * packed) return;
  const found = `data that become ${Math.round(unpacked / packed)} times as large`;
  throw corruptFile(name, 'images', found, 'Choose the file that was published.');
}

/** The bytes of a gzipped file. */
async function* decompress(
  chunks: AsyncGenerator<Uint8Array, void>,
  name: string,
): AsyncGenerator<Uint8Array, void> {
  let [packed, unpacked] = [0, 0];
  async function* counted(): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of chunks) {
      packed += chunk.length;
      yield chunk;
    }
  }
  try {
    for await (const part of gunzip(counted())) {
      unpacked += part.length;
      assertNoBomb(name, packed, unpacked);
      yield part;
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    const found = 'data that is damaged or ends too early';
    throw corruptFile(name, 'a whole file compressed by gzip', found, 'Download it again.');
  }
}

/**
 * Opens a file for reading; its bytes are decompressed if they start with gzip's magic number, however often.
 * Reading throws LabError 'data-corrupt' if the compressed data is damaged or ends early, 'data-unreachable' if the
 * file cannot be read.
 */
export async function openReader(source: ByteSource, onRead?: OnRead): Promise<ByteReader> {
  let reader = new ByteReader(chunksOf(openRaw(source, onRead)));
  for (let layer = 0; layer < 2; layer++) {
    const start = await reader.peek(3);
    if (start[0] !== 0x1f || start[1] !== 0x8b) break;
    reader = new ByteReader(decompress(reader.chunks(), source.name));
  }
  return reader;
}

/** Reads any number of bytes from chunks of any size. */
export class ByteReader {
  readonly #chunks: AsyncGenerator<Uint8Array, void>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncGenerator<Uint8Array, void>) {
    this.#chunks = chunks;
  }

  /** Fills the target, or as much of it as there are bytes. @returns the number of bytes read */
  async read(target: Uint8Array): Promise<number> {
    let filled = 0;
    for (;;) {
      const part = await this.#take(target.length - filled);
      if (part.length === 0) return filled;
      target.set(part, filled);
      filled += part.length;
    }
  }

  /** Skips bytes. @returns the number of bytes skipped */
  async skip(count: number): Promise<number> {
    let skipped = 0;
    for (;;) {
      const { length } = await this.#take(count - skipped);
      if (length === 0) return skipped;
      skipped += length;
    }
  }

  /** The first of the bytes not read yet, at most `count`; they stay unread. */
  async peek(count: number): Promise<Uint8Array> {
    while (this.#rest.length < count) {
      const { value, done } = await this.#chunks.next();
      if (done) break;
      const joined = new Uint8Array(this.#rest.length + value.length);
      joined.set(this.#rest);
      joined.set(value, this.#rest.length);
      this.#rest = joined;
    }
    return this.#rest.subarray(0, count);
  }

  /** The next bytes, any number; null at the end. */
  async next(): Promise<Uint8Array | null> {
    const part = await this.#take(Infinity);
    return part.length === 0 ? null : part;
  }

  /** All bytes that are left. */
  async *chunks(): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) {
        const part = await this.next();
        if (part === null) return;
        yield part;
      }
    } finally {
      await this.close();
    }
  }

  /** Stops reading and closes the file. */
  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }

  /** The next bytes, at most `maxLength`; none at the end. */
  async #take(maxLength: number): Promise<Uint8Array> {
    while (this.#rest.length === 0 && maxLength > 0) {
      const { value, done } = await this.#chunks.next();
      if (done) break;
      this.#rest = value;
    }
    const part = this.#rest.subarray(0, maxLength);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}
