import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ByteSource } from '../../src/data/custom/byteSource.ts';
import { UsageError } from './options/usageError.ts';

/** Describes in a few words why a file or a directory cannot be read. */
export function describeError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'ENOTDIR') return 'it is not a directory';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  return code ?? message;
}

/**
 * Opens a file on disk.
 *
 * @throws UsageError if it is not a regular file, because reading a pipe or a device might never end
 */
export async function openFile(file: string): Promise<ByteSource> {
  const found = await stat(file).catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read: ${describeError(error)}.`);
  });
  if (!found.isFile()) throw new UsageError(`${file} is not a file.`);
  return {
    name: file,
    size: found.size,
    open: () => Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array<ArrayBuffer>>,
  };
}
