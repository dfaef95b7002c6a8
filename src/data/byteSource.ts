import { LabError } from '../shared/errors.ts';

/** A file that a person has: on the disk of a machine, or dropped on the page. */
export interface ByteSource {
  readonly name: string;
  /** Bytes of the file as it lies, compressed or not. */
  readonly size: number;
  /** Starts to read it from its first byte. */
  readonly open: () => ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Called while a file is read with how many of its own bytes, compressed or not, were read. */
export type OnRead = (readBytes: number) => void;

export function corruptFile(
  name: string,
  expected: string,
  found: string,
  remedy: string,
): LabError {
  return new LabError('data-corrupt', `${name}: expected ${expected}, found ${found}.`, remedy);
}

async function* readAsItLies(
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

/** Takes chunks until there are two bytes, or no more. */
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
    const found = 'data that are damaged or end too early';
    throw corruptFile(name, 'a whole file compressed by gzip', found, 'Download it again.');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * The bytes of a file, decompressed if they start with gzip's magic number.
 *
 * @throws LabError 'data-corrupt' where the compressed data are damaged or end early, 'data-unreachable'
 *   where the file cannot be read
 */
export async function* readPlainOrGzipped(
  source: ByteSource,
  onRead: OnRead = () => undefined,
): AsyncGenerator<Uint8Array, void> {
  const chunks = readAsItLies(source, onRead);
  const { start, isGzip } = await takeStart(chunks);
  const whole = chain(start, chunks);
  yield* isGzip ? decompress(whole, source.name) : whole;
}

/** Takes exactly as many bytes as are asked for from chunks of any size. */
export class ByteReader {
  readonly #chunks: AsyncGenerator<Uint8Array, void>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncGenerator<Uint8Array, void>) {
    this.#chunks = chunks;
  }

  /** Fills the target as far as there are bytes. @returns how many there were */
  async read(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length && (await this.#hasMore())) {
      const part = this.#take(target.length - filled);
      target.set(part, filled);
      filled += part.length;
    }
    return filled;
  }

  /** Passes over bytes. @returns how many there were */
  async skip(count: number): Promise<number> {
    let skipped = 0;
    while (skipped < count && (await this.#hasMore())) {
      skipped += this.#take(count - skipped).length;
    }
    return skipped;
  }

  /** Reads no more; the file is closed. */
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

  #take(most: number): Uint8Array {
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}

/**
 * All bytes of a file, decompressed if it is gzipped.
 *
 * @param most a small .gz can hold any number of bytes: more than this are refused
 * @throws LabError as `readPlainOrGzipped`, and 'data-corrupt' for too many bytes
 */
export async function readAll(
  source: ByteSource,
  most: number,
  onRead?: OnRead,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readPlainOrGzipped(source, onRead)) {
    length += chunk.length;
    if (length > most) {
      const expected = `at most ${most.toLocaleString('en')} bytes`;
      throw corruptFile(source.name, expected, 'more', 'Choose the file that was published.');
    }
    parts.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
