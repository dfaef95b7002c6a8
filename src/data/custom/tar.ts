import { type ByteReader, corruptFile } from './byteSource.ts';

/** Size of a header, and the unit to which contents are padded. */
const blockSize = 512;
/** Fields of a header (POSIX.1-1988, "ustar"): first byte and length. */
const fields = {
  name: [0, 100],
  size: [124, 12],
  checksum: [148, 8],
  prefix: [345, 155],
} as const;
const typeOffset = 156;
const magicOffset = 257;

const remedy = 'Download it again; the archive must be whole.';

/** A regular file in an archive. */
interface TarEntry {
  /** The path in the archive. */
  readonly name: string;
  /** Null if it was skipped. */
  readonly content: Uint8Array<ArrayBuffer> | null;
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

/** The sum of a header's bytes, with spaces in place of the checksum. */
function sumOf(header: Uint8Array): number {
  const [from, length] = fields.checksum;
  return header.reduce((sum, byte, i) => sum + (i >= from && i < from + length ? 0x20 : byte), 0);
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header, fields.name);
  const isPosix = textOf(header, [magicOffset, 6]) === 'ustar';
  const prefix = isPosix ? textOf(header, fields.prefix) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Whether bytes start with a tar header, by its checksum. */
export function looksLikeTar(start: Uint8Array): boolean {
  const header = start.subarray(0, blockSize);
  return (
    header.length === blockSize &&
    header[0] !== 0 &&
    numberOf(header, fields.checksum) === sumOf(header)
  );
}

/**
 * The regular files of a tar archive, in order. Checks the checksum of each header, and that the archive has an end
 * mark; skips folders, links and extended headers.
 *
 * @param archive name of the archive, for error messages
 * @param shouldRead whether a file's content is read rather than skipped; may throw
 * @throws LabError 'data-corrupt' saying where, what was expected and what was found
 */
export async function* readTar(
  reader: ByteReader,
  archive: string,
  shouldRead: (name: string, size: number) => boolean,
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
      await reader.skip(Infinity); // to the end, where gzip's checksum is
      return;
    }
    const size = numberOf(header, fields.size);
    if (numberOf(header, fields.checksum) !== sumOf(header) || Number.isNaN(size)) {
      const expected = count === 0 ? 'a tar archive' : `a header after file ${count}`;
      throw corruptFile(archive, expected, 'something else', remedy);
    }
    const type = header[typeOffset]!;
    const isFile = type === 0 || type === 0x30;
    const name = nameOf(header);
    const content = isFile && shouldRead(name, size) ? new Uint8Array(size) : null;
    const bytes = await (content ? reader.read(content) : reader.skip(size));
    if (bytes !== size) {
      const end = `the archive’s end after ${bytes}`;
      throw corruptFile(`${archive}, ${name}`, `${size} bytes`, end, remedy);
    }
    await reader.skip((blockSize - (size % blockSize)) % blockSize);
    if (!isFile) continue;
    count++;
    yield { name, content };
  }
}
