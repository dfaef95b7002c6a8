import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { LabError } from '../domain/errors.ts';
import { fetchUnlessStalled, StalledError, within } from '../domain/fetchUnlessStalled.ts';
import { dataCacheName } from '../domain/offline.ts';
import type { DataFile } from './mnistFiles.ts';

/** How a file is fetched. By default the platform's functions are used. */
export interface DownloadOptions {
  /** Called with the number of bytes so far, after decompression; may start again at 0. */
  readonly onBytes: (loadedBytes: number) => void;
  readonly signal?: AbortSignal | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Null disables caching. */
  readonly caches?: Pick<CacheStorage, 'open'> | null | undefined;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Compressed data may be this much longer than the original before the download is refused. */
const compressionSlack = 65_536;

const corruptRemedy =
  'Load it again. If it stays damaged, the copy on the server is: build the site again and upload data/ in binary mode.';

function corrupt(file: DataFile, expected: string, found: string): LabError {
  const message = `The data file ${file.name} is damaged: expected ${expected}, found ${found}.`;
  return new LabError('data-corrupt', message, corruptRemedy);
}

function unreachable(url: string, why: string, cause?: unknown): LabError {
  return new LabError(
    'data-unreachable',
    `The data file ${url} could not be loaded: ${why}.`,
    'Check the connection and load it again. If you host the site yourself, check that its data/ folder was uploaded.',
    { cause },
  );
}

async function requestFile(
  url: string,
  { fetch: fetchUrl = fetch, signal }: DownloadOptions,
): Promise<Response> {
  let response: Response;
  try {
    // Our own cache holds only data that passed its checksum; the browser's may hold a damaged copy.
    const init: RequestInit = { cache: 'no-cache', ...(signal ? { signal } : {}) };
    response = await fetchUnlessStalled(url, init, fetchUrl);
  } catch (error) {
    signal?.throwIfAborted();
    const why = error instanceof StalledError ? error.message : 'the server does not answer';
    throw unreachable(url, why, error);
  }
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw unreachable(url, `the server answered ${status}`);
  }
  // Hosts of single-page sites respond to a wrong address with their start page.
  if (response.headers.get('Content-Type')?.startsWith('text/html') === true) {
    throw unreachable(url, 'expected data, found a web page');
  }
  return response;
}

/**
 * The response's body as it arrives, chunk by chunk.
 *
 * @param received every chunk is added to it, for the cache
 */
function watchBody(
  response: Response,
  url: string,
  file: DataFile,
  received: Bytes[],
  signal: AbortSignal | undefined,
): ReadableStream<Bytes> {
  const reader = response.body?.getReader();
  let receivedBytes = 0;
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const result = await reader?.read().catch((error: unknown) => {
        signal?.throwIfAborted();
        const why = error instanceof StalledError ? error.message : 'the connection broke';
        throw unreachable(url, `${why} after ${receivedBytes} bytes`, error);
      });
      if (result?.value === undefined) {
        controller.close();
        return;
      }
      received.push(result.value);
      receivedBytes += result.value.length;
      if (receivedBytes > file.byteLength + compressionSlack) {
        throw corrupt(file, `at most ${file.byteLength} bytes`, 'more');
      }
      controller.enqueue(result.value);
    },
    cancel: (reason) => reader?.cancel(reason),
  });
}

/** Decompresses a stream that starts with gzip's magic number; any other was already decompressed by the browser. */
async function gunzipIfNeeded(body: ReadableStream<Bytes>): Promise<ReadableStream<Bytes>> {
  const reader = body.getReader();
  const start: Bytes[] = [];
  const firstBytes: number[] = [];
  while (firstBytes.length < 2) {
    const { value } = await reader.read();
    if (value === undefined) break;
    start.push(value);
    firstBytes.push(...value.subarray(0, 2));
  }
  const whole = new ReadableStream<Bytes>({
    async pull(controller) {
      const value = start.shift() ?? (await reader.read()).value;
      if (value === undefined) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const isGzip = firstBytes[0] === 0x1f && firstBytes[1] === 0x8b;
  return isGzip ? whole.pipeThrough(new DecompressionStream('gzip')) : whole;
}

/** Decompresses and checks a response; memory is bounded by the expected size of the file. */
async function readChecked(
  response: Response,
  url: string,
  file: DataFile,
  received: Bytes[],
  { onBytes, signal }: DownloadOptions,
): Promise<Bytes> {
  const bytes = new Uint8Array(file.byteLength);
  const hash = sha256.create();
  let loaded = 0;
  try {
    const body = await gunzipIfNeeded(watchBody(response, url, file, received, signal));
    const reader = body.getReader();
    for (;;) {
      const { value } = await reader.read();
      if (value === undefined) break;
      if (loaded + value.length > bytes.length) {
        const error = corrupt(file, `${bytes.length} bytes`, 'more');
        await reader.cancel(error).catch(() => undefined);
        throw error;
      }
      bytes.set(value, loaded);
      hash.update(value);
      loaded += value.length;
      onBytes(loaded);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LabError) throw error;
    throw corrupt(file, 'data compressed by gzip', `an error after ${loaded} bytes`);
  }
  if (loaded !== bytes.length) throw corrupt(file, `${bytes.length} bytes`, String(loaded));
  const digest = bytesToHex(hash.digest());
  if (digest !== file.sha256) throw corrupt(file, `SHA-256 ${file.sha256}`, digest);
  return bytes;
}

/** A cache that takes longer to answer is not used: some never do, for instance on a failing disk. */
const cacheSeconds = 5;

/** The cache; null if there is none, as on plain http, in private windows and in Node, or if it does not answer. */
async function openCache(caches: DownloadOptions['caches']): Promise<Cache | null> {
  const storage =
    caches === undefined ? (globalThis as Partial<WindowOrWorkerGlobalScope>).caches : caches;
  try {
    const opening = storage?.open(dataCacheName);
    return opening ? await within(opening, cacheSeconds, null) : null;
  } catch {
    return null;
  }
}

/** Reads a file from the cache; a damaged entry is deleted. @returns null if it is not there or damaged */
async function readCached(
  cache: Cache,
  url: string,
  file: DataFile,
  options: DownloadOptions,
): Promise<Bytes | null> {
  try {
    // As a request, so that an entry whose bytes never come counts as damaged.
    const match = async () => (await cache.match(url)) ?? new Response(null);
    const response = await fetchUnlessStalled(url, {}, match);
    if (response.body === null) return null;
    return await readChecked(response, url, file, [], options);
  } catch {
    options.signal?.throwIfAborted();
    await within(cache.delete(url), cacheSeconds, false).catch(() => false);
    return null;
  }
}

/**
 * Fetches one data file, gzipped or not, and checks its size and SHA-256. Stores the response in the Cache API if
 * that works; loading does not fail if it does not.
 *
 * @returns the decompressed bytes
 * @throws LabError `data-unreachable` if it cannot be fetched, `data-corrupt` if it is not the expected file; the
 *   signal's reason if aborted
 */
export async function downloadFile(
  url: string,
  file: DataFile,
  options: DownloadOptions,
): Promise<Bytes> {
  const cache = await openCache(options.caches);
  const cached = cache && (await readCached(cache, url, file, options));
  if (cached) return cached;
  const response = await requestFile(url, options);
  const received: Bytes[] = [];
  const bytes = await readChecked(response, url, file, received, options);
  // Not awaited, because training need not wait for the disk. Fails if the quota is used up.
  cache?.put(url, new Response(new Blob(received))).catch(() => undefined);
  return bytes;
}
