/** A download that brings no byte for this long has stalled: the connection is open, and nothing will come. */
export const stallSeconds = 20;

/** The reason with which a stalled download fails. */
export class StalledError extends Error {
  constructor() {
    super(`nothing arrived for ${stallSeconds} seconds`);
    this.name = 'StalledError';
  }
}

/**
 * `fetch`, but it fails where nothing arrives for `stallSeconds`, before the response or in the middle of its body. Time
 * in which nobody reads the body does not count.
 *
 * @throws StalledError, also from the body; what `fetch` throws
 */
export async function fetchUnlessStalled(
  url: string | URL,
  init: RequestInit = {},
  fetchUrl: typeof fetch = fetch,
): Promise<Response> {
  const controller = new AbortController();
  const abort = () => controller.abort(init.signal?.reason);
  if (init.signal?.aborted === true) abort();
  init.signal?.addEventListener('abort', abort);
  const release = () => init.signal?.removeEventListener('abort', abort);

  /** Rejects when the time is over, whether or not the promise listens to the signal. */
  function unlessStalled<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = new StalledError();
        reject(error);
        controller.abort(error);
      }, stallSeconds * 1000);
      promise.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  let response: Response;
  try {
    response = await unlessStalled(fetchUrl(url, { ...init, signal: controller.signal }));
  } catch (error) {
    release();
    throw error;
  }
  if (response.body === null) {
    release();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(stream) {
      try {
        const { value } = await unlessStalled(reader.read());
        if (value !== undefined) {
          stream.enqueue(value);
          return;
        }
        stream.close();
      } catch (error) {
        stream.error(error);
      }
      release();
    },
    cancel(reason) {
      release();
      return reader.cancel(reason);
    },
  });
  return new Response(body, response);
}

/** The promise's result, or `otherwise` where it takes longer than `seconds`. */
export function within<T, U>(promise: Promise<T>, seconds: number, otherwise: U): Promise<T | U> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(otherwise), seconds * 1000);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
