import { LabError } from '../../domain/errors.ts';

/** A file on disk, or one that was dropped on the page. */
export interface ByteSource {
  readonly name: string;
  /** Size of the file in bytes, compressed or not. */
  readonly size: number;
  /** Opens the file at its first byte. */
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
  return new LabError('data-corrupt', `${name}: expected ${expected}, found ${found}.`, remedy);
}

async function* readRaw(
  { name, open }: ByteSource,
  onRead: OnRead,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let readBytes = 0;
  try {
    const reader = open().getReader();
    try {
      for (;;) {
        const { value } = await reader.read();
        if (value === undefined) return;
        readBytes += value.length;
        onRead(readBytes);
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw new LabError('data-unreachable', `${name} cannot be read: ${why}.`, 'Choose it again.');
  }
}

function streamOf(
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    pull: async (controller) => {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => void chunks.return(undefined),
  });
}

/** Reads chunks until two bytes are available, or the end. */
async function takeStart(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void>): Promise<{
  start: Uint8Array<ArrayBuffer>[];
  isGzip: boolean;
}> {
  const start: Uint8Array<ArrayBuffer>[] = [];
  const bytes: number[] = [];
  while (bytes.length < 2) {
    const { value, done } = await chunks.next();
    if (done) break;
    start.push(value);
    bytes.push(...value.subarray(0, 2));
  }
  return { start, isGzip: bytes[0] === 0x1f && bytes[1] === 0x8b };
}

async function* chain<T>(
  start: readonly T[],
  rest: AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  try {
    yield* start;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

async function* decompress(
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void>,
  name: string,
): AsyncGenerator<Uint8Array, void> {
  const reader = streamOf(chunks).pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { value } = await reader.read();
      if (value === undefined) return;
      yield value;
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    const found = 'data that is damaged or ends too early';
    throw corruptFile(name, 'a whole file compressed by gzip', found, 'Download it again.');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * The bytes of a file, decompressed if they start with gzip's magic number.
 *
 * @throws LabError 'data-corrupt' if the compressed data is damaged or ends early, 'data-unreachable' if the file
 *   cannot be read
 */
export async function* readPlainOrGzipped(
  source: ByteSource,
  onRead: OnRead = () => undefined,
): AsyncGenerator<Uint8Array, void> {
  const chunks = readRaw(source, onRead);
  const { start, isGzip } = await takeStart(chunks);
  const whole = chain(start, chunks);
  yield* isGzip ? decompress(whole, source.name) : whole;
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
    while (filled < target.length && (await this.#hasMore())) {
      const part = this.#take(target.length - filled);
      target.set(part, filled);
      filled += part.length;
    }
    return filled;
  }

  /** Skips bytes. @returns the number of bytes skipped */
  async skip(count: number): Promise<number> {
    let skipped = 0;
    while (skipped < count && (await this.#hasMore())) {
      skipped += this.#take(count - skipped).length;
    }
    return skipped;
  }

  /** Stops reading and closes the file. */
  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }

  async #hasMore(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done) return false;
      this.#rest = value;
    }
    return true;
  }

  #take(maxLength: number): Uint8Array {
    const part = this.#rest.subarray(0, maxLength);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}

/**
 * All bytes of a file, decompressed if it is gzipped.
 *
 * @param maxBytes most bytes to accept after decompression, because a small .gz file can hold any number
 * @throws LabError like `readPlainOrGzipped`, and 'data-corrupt' for too many bytes
 */
export async function readAll(
  source: ByteSource,
  maxBytes: number,
  onRead?: OnRead,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readPlainOrGzipped(source, onRead)) {
    length += chunk.length;
    if (length > maxBytes) {
      const expected = `at most ${maxBytes.toLocaleString('en')} bytes`;
      throw corruptFile(source.name, expected, 'more', 'Choose the file that was published.');
    }
    parts.push(chunk);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
