import { type ByteReader, corruptFile } from './byteSource.ts';

/** Headers, and the unit that contents are padded to. */
const blockSize = 512;
/** Places in a header (POSIX.1-1988, "ustar"): first byte and length. */
const fields = {
  name: [0, 100],
  size: [124, 12],
  checksum: [148, 8],
  prefix: [345, 155],
} as const;
const typeAt = 156;
const magicAt = 257;

const remedy = 'Download it again; the archive must be whole.';

/** A regular file in an archive. */
export interface TarEntry {
  /** With its folders, as the archive has it. */
  readonly name: string;
  readonly size: number;
  /** Reads it; one that is not read is passed over. */
  readonly read: () => Promise<Uint8Array<ArrayBuffer>>;
}

function textOf(header: Uint8Array, [at, length]: readonly [number, number]): string {
  const bytes = header.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** An octal number; NaN for anything else, GNU's binary numbers above 8 GB included. */
function numberOf(header: Uint8Array, field: readonly [number, number]): number {
  const text = textOf(header, field).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : NaN;
}

/** The sum of a header's bytes, its own checksum taken as spaces. */
function sumOf(header: Uint8Array): number {
  const [from, length] = fields.checksum;
  return header.reduce((sum, byte, i) => sum + (i >= from && i < from + length ? 0x20 : byte), 0);
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header, fields.name);
  const isPosix = textOf(header, [magicAt, 6]) === 'ustar';
  const prefix = isPosix ? textOf(header, fields.prefix) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/**
 * The regular files of a tar archive, in its order. Checks each header's checksum, and that the archive
 * goes on to its end mark; folders, links and extended headers are passed over.
 *
 * @param archive its name, for messages
 * @param most bytes that one file may have, if it is read
 * @throws LabError 'data-corrupt' that says where and what was expected
 */
export async function* readTar(
  reader: ByteReader,
  archive: string,
  most: number,
): AsyncGenerator<TarEntry, void> {
  const header = new Uint8Array(blockSize);
  let count = 0;
  for (;;) {
    const found = await reader.read(header);
    if (found < blockSize) {
      const what = count === 0 && found === 0 ? 'an empty file' : `its end after ${count} files`;
      throw corruptFile(archive, 'a tar archive with an end mark', what, remedy);
    }
    if (header.every((byte) => byte === 0)) {
      await reader.skip(Infinity); // to the end: only there does gzip's checksum show
      return;
    }
    const size = numberOf(header, fields.size);
    if (numberOf(header, fields.checksum) !== sumOf(header) || Number.isNaN(size)) {
      const expected = count === 0 ? 'a tar archive' : `a header after file ${count}`;
      throw corruptFile(archive, expected, 'something else', remedy);
    }
    const type = header[typeAt]!;
    const isFile = type === 0 || type === 0x30;
    const name = nameOf(header);
    const assertWhole = (bytes: number): void => {
      if (bytes === size) return;
      const inside = `${archive}, ${name}`;
      throw corruptFile(inside, `${size} bytes`, `the archive’s end after ${bytes}`, remedy);
    };
    const rest = { bytes: size };
    if (isFile) {
      count++;
      yield {
        name,
        size,
        read: async () => {
          rest.bytes = 0;
          if (size > most) {
            const expected = `at most ${most.toLocaleString('en')} bytes`;
            throw corruptFile(`${archive}, ${name}`, expected, String(size), remedy);
          }
          const bytes = new Uint8Array(size);
          assertWhole(await reader.read(bytes));
          return bytes;
        },
      };
    }
    if (rest.bytes > 0) assertWhole(await reader.skip(rest.bytes));
    await reader.skip((blockSize - (size % blockSize)) % blockSize);
  }
}
