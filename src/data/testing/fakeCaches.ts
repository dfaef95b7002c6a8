/** The part of a Cache that the loader uses, in memory. */
class FakeCache {
  readonly #entries = new Map<string, Response>();

  match = (url: string): Promise<Response | undefined> =>
    Promise.resolve(this.#entries.get(url)?.clone());

  put = (url: string, response: Response): Promise<void> => {
    this.#entries.set(url, response);
    return Promise.resolve();
  };

  delete = (url: string): Promise<boolean> => Promise.resolve(this.#entries.delete(url));
}

/** A CacheStorage with a single cache, because Node has none. */
export class FakeCaches implements Pick<CacheStorage, 'open'> {
  readonly stored = new FakeCache();

  open(): Promise<Cache> {
    return Promise.resolve(this.stored as unknown as Cache);
  }
}
