import { Gunzip } from 'fflate';
import { crc32 } from './crc32.ts';

/** Compressed bytes that are decompressed at a time: at most about a thousand times as many come out. */
const stepBytes = 16_384;
/** CRC-32 and length of the data, at a member's end. */
const trailerBytes = 8;
/** Compressed bytes that are kept: a trailer, and the header after it with a file's name in it. */
const keptBytes = 2048;

/**
 * Decompresses gzip with any number of members, as parallel compressors and `cat` make them (RFC 1952, 2.2). The
 * browser's own DecompressionStream takes only one. Checks every member's checksum and length.
 *
 * @throws Error if the data is damaged or ends too early
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let output: Uint8Array[] = [];
  let [sum, length, received] = [0, 0, 0];
  let tail: Uint8Array = new Uint8Array(0); // the last compressed bytes
  const inflater = new Gunzip((data) => {
    if (data.length === 0) return;
    sum = crc32(data, sum);
    length += data.length;
    output.push(data);
  });
  /** @param end where the member ends, counted from the start of `tail` */
  const check = (end: number): void => {
    if (end < trailerBytes) throw new Error('It ends too early.');
    const trailer = new DataView(tail.buffer, tail.byteOffset + end - trailerBytes, trailerBytes);
    if (trailer.getUint32(0, true) !== sum || trailer.getUint32(4, true) !== length >>> 0) {
      throw new Error('Its checksum is wrong.');
    }
    [sum, length] = [0, 0];
  };
  inflater.onmember = (offset) => check(offset - (received - tail.length));
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += stepBytes) {
      const part = chunk.slice(from, from + stepBytes);
      received += part.length;
      const kept = tail.subarray(-keptBytes);
      tail = new Uint8Array(kept.length + part.length);
      tail.set(kept);
      tail.set(part, kept.length);
      inflater.push(part);
      yield* output;
      output = [];
    }
  }
  inflater.push(new Uint8Array(0), true);
  yield* output;
  check(tail.length);
}
