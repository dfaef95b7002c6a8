import { fetchUnlessStalled } from '../domain/fetchUnlessStalled.ts';
import { dataCacheName, pageLockPrefix } from '../domain/offline.ts';
import { findPath, isVersioned, type Site, withHeaders } from './site.ts';

/** What a service worker has around it. */
export interface Surroundings {
  /** URL of the site's folder, with a trailing slash. */
  readonly scope: string;
  readonly caches: CacheStorage;
  readonly fetch: typeof fetch;
  readonly locks: Pick<LockManager, 'query'> | undefined;
}

/** Keeps one version of the site in a cache of its own, and answers with it. */
export class SiteKeeper {
  readonly #site: Site;
  readonly #around: Surroundings;
  /** Begins the names of this site's caches: an origin may have several copies of it. */
  readonly #prefix: string;
  readonly #name: string;

  constructor(site: Site, around: Surroundings) {
    this.#site = site;
    this.#around = around;
    this.#prefix = `site ${around.scope} `;
    this.#name = this.#prefix + site.version;
  }

  /** Keeps all files of this version, or none. @throws Error if one is missing, is another version's, or has no room */
  async install(): Promise<void> {
    const { caches } = this.#around;
    const isNew = !(await caches.has(this.#name));
    try {
      await this.#keep(this.#site.files, this.#name, this.#site.headers);
    } catch (error) {
      if (isNew) await caches.delete(this.#name);
      throw error;
    }
  }

  /** Keeps the data files, too, for training without a connection. @throws Error as `install` */
  keepData(): Promise<void> {
    return this.#keep(this.#site.data, dataCacheName, {});
  }

  /** The answer to a request, or null to leave it to the browser. */
  answer(request: Request): Promise<Response> | null {
    const path = findPath(request, this.#around.scope, this.#site);
    return path === null ? null : this.#answer(request, path);
  }

  /** Deletes other versions, except those of pages that are still open. */
  async deleteOldVersions(): Promise<void> {
    const { caches, locks } = this.#around;
    const { held = [] } = (await locks?.query()) ?? {};
    const open = held.flatMap(({ name }) =>
      name?.startsWith(pageLockPrefix) === true ? name.slice(pageLockPrefix.length) : [],
    );
    const isIn = async (cacheName: string, url: string): Promise<boolean> =>
      (await caches.match(url, { cacheName })) !== undefined;
    for (const name of await caches.keys()) {
      if (name === this.#name || !name.startsWith(this.#prefix)) continue;
      let isInUse = false;
      for (const url of open) {
        isInUse ||= (await isIn(name, url)) && !(await isIn(this.#name, url));
      }
      if (!isInUse) await caches.delete(name);
    }
  }

  async #answer(request: Request, path: string): Promise<Response> {
    const kept = await this.#match(path).catch(() => undefined);
    if (kept?.ok === true) return kept;
    const response = await this.#around.fetch(request);
    // Redirections and failures cannot be changed.
    if (response.type !== 'basic' || response.redirected) return response;
    const { status, statusText } = response;
    const headers = withHeaders(response.headers, this.#site.headers);
    return new Response(response.body, { status, statusText, headers });
  }

  /** The file of this version; of a page that another version opened, its own. */
  async #match(path: string): Promise<Response | undefined> {
    const { caches } = this.#around;
    const url = this.#around.scope + path;
    const own = await caches.match(url, { cacheName: this.#name });
    return own ?? (isVersioned(path) ? caches.match(url) : undefined);
  }

  /** One file after another, because the page has more urgent requests. */
  async #keep(files: Site['files'], cacheName: string, headers: Site['headers']): Promise<void> {
    const cache = await this.#around.caches.open(cacheName);
    for (const [path, hash] of Object.entries(files)) {
      const url = this.#around.scope + path;
      // Of an attempt that the browser ended, or loaded by the page.
      if ((await cache.match(url)) !== undefined) continue;
      const found = await this.#find(url, hash);
      const response = new Response(found.bytes, { headers: withHeaders(found.headers, headers) });
      await cache.put(url, response);
    }
  }

  /** The file with this hash: of another version, of the browser's own cache, or of the server. */
  async #find(
    url: string,
    hash: string,
  ): Promise<{ readonly bytes: ArrayBuffer; readonly headers: Headers }> {
    const { caches, fetch } = this.#around;
    const sources = [
      () => caches.match(url),
      () => fetchUnlessStalled(url, {}, fetch),
      () => fetchUnlessStalled(url, { cache: 'reload' }, fetch),
    ];
    let found = '';
    for (const get of sources) {
      const response = await get();
      if (response === undefined) continue;
      found = `the server answered ${response.status}`;
      if (!response.ok) continue;
      const bytes = await response.arrayBuffer();
      if ((await sha256(bytes)) === hash) return { bytes, headers: response.headers };
      found = 'found another file than this version’s';
    }
    throw new Error(`${url}: ${found}`);
  }
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return btoa(String.fromCharCode(...digest));
}
