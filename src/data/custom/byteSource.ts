import { LabError } from '../../domain/errors.ts';

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
  return new LabError('data-corrupt', `${name}: expected ${expected}, found ${found}.`, remedy);
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

async function isGzipped(source: ByteSource): Promise<boolean> {
  const reader = new ByteReader(chunksOf(openRaw(source)));
  const start = new Uint8Array(2);
  await reader.read(start);
  await reader.close();
  return start[0] === 0x1f && start[1] === 0x8b;
}

/**
 * The bytes of a file, decompressed if they start with gzip's magic number.
 *
 * @throws LabError 'data-corrupt' if the compressed data is damaged or ends early, 'data-unreachable' if the file
 *   cannot be read
 */
export async function* readPlainOrGzipped(
  source: ByteSource,
  onRead?: OnRead,
): AsyncGenerator<Uint8Array, void> {
  const isGzip = await isGzipped(source);
  const raw = openRaw(source, onRead);
  try {
    yield* chunksOf(isGzip ? raw.pipeThrough(new DecompressionStream('gzip')) : raw);
  } catch (error) {
    if (error instanceof LabError) throw error;
    const found = 'data that is damaged or ends too early';
    throw corruptFile(source.name, 'a whole file compressed by gzip', found, 'Download it again.');
  }
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
