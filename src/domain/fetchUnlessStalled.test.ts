import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchUnlessStalled, StalledError, stallSeconds, within } from './fetchUnlessStalled.ts';

const justBefore = stallSeconds * 1000 - 1;
const url = 'https://example.test/file';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A body that brings a byte after each of these milliseconds, and then nothing, not even its end. */
function stalling(delays: readonly number[]): Response {
  const left = [...delays];
  return new Response(
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) =>
        new Promise((resolve) => {
          const delay = left.shift();
          if (delay === undefined) return;
          setTimeout(() => {
            controller.enqueue(Uint8Array.of(7));
            resolve();
          }, delay);
        }),
    }),
  );
}

/** What a promise has come to by now. */
function watch(promise: Promise<unknown>): { outcome: unknown } {
  const watched: { outcome: unknown } = { outcome: 'waiting' };
  promise.then(
    (value) => (watched.outcome = value),
    (error: unknown) => (watched.outcome = error),
  );
  return watched;
}

describe('fetchUnlessStalled', () => {
  it('passes the response on, with its status and headers', async () => {
    const answer = new Response('text', { status: 404, headers: { 'Content-Type': 'text/plain' } });
    const response = await fetchUnlessStalled(url, {}, () => Promise.resolve(answer));
    expect(response.status).toBe(404);
    expect(response.headers.get('Content-Type')).toBe('text/plain');
    expect(await response.text()).toBe('text');
  });

  it('fails where the server never answers, and ends the request', async () => {
    const fetchUrl = vi.fn<typeof fetch>(() => new Promise(() => undefined));
    const watched = watch(fetchUnlessStalled(url, {}, fetchUrl));
    await vi.advanceTimersByTimeAsync(justBefore);
    expect(watched.outcome).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect(watched.outcome).toBeInstanceOf(StalledError);
    expect(fetchUrl.mock.calls[0]![1]!.signal!.aborted).toBe(true);
  });

  it('lets a slow download continue as long as bytes arrive', async () => {
    const slow = () => Promise.resolve(stalling([justBefore, justBefore, justBefore]));
    const response = await fetchUnlessStalled(url, {}, slow);
    const watched = watch(response.arrayBuffer());
    await vi.advanceTimersByTimeAsync(3 * justBefore);
    expect(watched.outcome).toBe('waiting');
    await vi.advanceTimersByTimeAsync(stallSeconds * 1000);
    expect(watched.outcome).toBeInstanceOf(StalledError);
  });

  it('does not count the time in which nobody reads', async () => {
    const response = await fetchUnlessStalled(url, {}, () => Promise.resolve(new Response('abc')));
    await vi.advanceTimersByTimeAsync(10 * justBefore);
    expect(await response.text()).toBe('abc');
  });

  it('follows the signal of the caller', async () => {
    const controller = new AbortController();
    const fetchUrl = vi.fn<typeof fetch>(
      (_, init) =>
        new Promise((_resolve, reject) => {
          init!.signal!.addEventListener('abort', () => reject(init!.signal!.reason as Error));
        }),
    );
    const watched = watch(fetchUnlessStalled(url, { signal: controller.signal }, fetchUrl));
    controller.abort(new Error('no longer wanted'));
    await vi.advanceTimersByTimeAsync(0);
    expect(watched.outcome).toEqual(new Error('no longer wanted'));
  });
});

it('within gives up on a promise that does not settle', async () => {
  const watched = watch(within(new Promise(() => undefined), 3, null));
  await vi.advanceTimersByTimeAsync(3000);
  expect(watched.outcome).toBe(null);
  expect(await within(Promise.resolve(1), 3, null)).toBe(1);
});
