import { inflateSync } from 'fflate';
import { assertNoBomb, corruptFile } from './byteSource.ts';
import { crc32 } from './crc32.ts';

/** Signatures of its records (PKWARE's APPNOTE, 4.3). */
const signatures = {
  entry: 0x02014b50,
  local: 0x04034b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
};
const remedy = 'Download it again; the archive must be whole.';

/** A file in an archive. */
export interface ZipEntry {
  /** The path in the archive. */
  readonly name: string;
  /** Its size, as the archive says. */
  readonly size: number;
  /** @throws LabError if it is damaged */
  readonly read: () => Uint8Array;
}

export function isZip(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x4b && (start[2] === 3 || start[2] === 5);
}

/** Number and place of the entries in the central directory at the archive's end. */
function findDirectory(view: DataView, archive: string): { count: number; at: number } {
  // A comment of up to 65,535 bytes may follow.
  let end = view.byteLength - 22;
  const first = Math.max(0, end - 0xffff);
  while (end >= first && view.getUint32(end, true) !== signatures.end) end--;
  if (end < first) throw corruptFile(archive, 'a whole zip archive', 'no end of it', remedy);
  const [count, at] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)];
  if (count !== 0xffff && at !== 0xffff_ffff) return { count, at };
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== signatures.locator64) return { count, at };
  const end64 = Number(view.getBigUint64(locator + 8, true));
  if (end64 + 56 > view.byteLength || view.getUint32(end64, true) !== signatures.end64) {
    throw corruptFile(archive, 'a whole zip archive', 'a damaged end', remedy);
  }
  return {
    count: Number(view.getBigUint64(end64 + 32, true)),
    at: Number(view.getBigUint64(end64 + 48, true)),
  };
}

/**
 * The files of a zip archive, stored or deflated, by its central directory.
 *
 * @throws LabError 'data-corrupt' saying what was expected and what was found
 */
export function* listZip(bytes: Uint8Array, archive: string): Generator<ZipEntry, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { count, at: start } = findDirectory(view, archive);
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== signatures.entry) {
      throw corruptFile(archive, `${count} files in it`, `its end after ${i}`, remedy);
    }
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
    const sum = view.getUint32(at + 16, true);
    const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const [nameLength, extra, comment] = [28, 30, 32].map((o) => view.getUint16(at + o, true));
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength!));
    at += 46 + nameLength! + extra! + comment!;
    if (name.endsWith('/')) continue;
    const file = `${archive}, ${name}`;
    const read = (): Uint8Array => {
      if (flags & 1)
        throw corruptFile(file, 'a file without a password', 'one', 'Unpack it first.');
      if ((method !== 0 && method !== 8) || size === 0xffff_ffff) {
        throw corruptFile(
          file,
          'a file stored or deflated',
          `method ${method}`,
          'Unpack it first.',
        );
      }
      if (local + 30 > bytes.length || view.getUint32(local, true) !== signatures.local) {
        throw corruptFile(file, 'a file', 'something else', remedy);
      }
      const data = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const content = bytes.subarray(data, data + packed);
      assertNoBomb(file, content.length, size);
      const whole = method === 0 ? content : inflate(content, size);
      if (whole?.length !== size || crc32(whole) !== sum) {
        throw corruptFile(file, 'a whole file', 'damaged data', remedy);
      }
      return whole;
    };
    yield { name, size, read };
  }
}

/** Null if it is damaged. Never makes more bytes than were announced, nor takes much longer than they need. */
function inflate(content: Uint8Array, size: number): Uint8Array | null {
  if (content.length > 2 * size + 1024) return null; // compressed data are hardly ever larger
  try {
    return inflateSync(content, { out: new Uint8Array(size) });
  } catch {
    return null;
  }
}
