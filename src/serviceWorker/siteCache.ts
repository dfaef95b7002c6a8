import { fetchUnlessStalled } from '../domain/fetchUnlessStalled.ts';
import { dataCacheName, pageLockPrefix } from '../domain/offline.ts';
import { findPath, isVersioned, type Site, withHeaders } from './site.ts';

/** What `SiteCache` needs of the service worker. */
export interface Environment {
  /** URL of the site's folder, with a trailing slash. */
  readonly scope: string;
  readonly caches: CacheStorage;
  readonly fetch: typeof fetch;
  readonly locks: Pick<LockManager, 'query'> | undefined;
  /** How many pages of the site are open, those included that have not run their script yet. */
  readonly countPages: () => Promise<number>;
  /** Whether another version is being installed, waits or has replaced this one. */
  readonly isUpdating: () => boolean;
}

/** Stores one version of the site in a cache of its own, and responds from it. */
export class SiteCache {
  readonly #site: Site;
  readonly #environment: Environment;
  /** Begins the names of this site's caches: an origin may have several copies of it. */
  readonly #prefix: string;
  readonly #name: string;

  constructor(site: Site, environment: Environment) {
    this.#site = site;
    this.#environment = environment;
    this.#prefix = `site ${environment.scope} `;
    this.#name = this.#prefix + site.version;
  }

  /** Stores all files of this version, or none. @throws Error if one is missing, is another version's, or has no room */
  async install(): Promise<void> {
    const { caches } = this.#environment;
    const isNew = !(await caches.has(this.#name));
    try {
      await this.#store(this.#site.files, this.#name, this.#site.headers);
      // Writing to a deleted cache succeeds.
      if (!(await caches.has(this.#name))) throw new Error('the browser deleted the cache');
    } catch (error) {
      if (isNew) await caches.delete(this.#name);
      throw error;
    }
  }

  /** Stores the data files, for training without a connection. @throws Error as `install` */
  storeData(): Promise<void> {
    return this.#store(this.#site.data, dataCacheName, {});
  }

  /** Whether all data files are stored, by `storeData` or by the page that has trained. */
  async hasData(): Promise<boolean> {
    const { caches, scope } = this.#environment;
    for (const path of Object.keys(this.#site.data)) {
      if ((await caches.match(scope + path, { cacheName: dataCacheName })) === undefined)
        return false;
    }
    return true;
  }

  /** The response to a request, or null to leave it to the browser. */
  respond(request: Request): Promise<Response> | null {
    const path = findPath(request, this.#environment.scope, this.#site);
    return path === null ? null : this.#respond(request, path);
  }

  /**
   * Deletes the versions that no open page needs. Deletes none where that is not certain: without Web Locks, while a page
   * has not run the script that takes its lock, and during an update.
   */
  async deleteOldVersions(): Promise<void> {
    const { caches, isUpdating } = this.#environment;
    const scripts = await this.#findOpenScripts();
    if (scripts === null) return;
    const isIn = async (cacheName: string, url: string): Promise<boolean> =>
      (await caches.match(url, { cacheName })) !== undefined;
    for (const name of await caches.keys()) {
      if (name === this.#name || !name.startsWith(this.#prefix)) continue;
      let isInUse = false;
      for (const url of scripts) {
        isInUse ||= (await isIn(name, url)) && !(await isIn(this.#name, url));
      }
      if (isUpdating()) return;
      if (!isInUse) await caches.delete(name);
    }
  }

  /** Addresses of the open pages' scripts, by their locks; null if any page may be without a lock. */
  async #findOpenScripts(): Promise<string[] | null> {
    const { locks, scope, countPages } = this.#environment;
    if (locks === undefined) return null;
    // Counted first: where a page closes in between, nothing is deleted.
    const pageCount = await countPages();
    const { held = [] } = await locks.query();
    const scripts = held
      .flatMap(({ name }) => (name?.startsWith(pageLockPrefix) === true ? [name] : []))
      .map((name) => name.slice(pageLockPrefix.length))
      .filter((url) => url.startsWith(scope));
    return pageCount > scripts.length ? null : scripts;
  }

  async #respond(request: Request, path: string): Promise<Response> {
    const cached = await this.#match(path).catch(() => undefined);
    if (cached?.ok === true) return cached;
    const response = await this.#environment.fetch(request);
    // Redirections and failures cannot be changed.
    if (response.type !== 'basic' || response.redirected) return response;
    const { status, statusText } = response;
    const headers = withHeaders(response.headers, this.#site.headers);
    return new Response(response.body, { status, statusText, headers });
  }

  /** The file of this version; of a page that another version opened, its own. */
  async #match(path: string): Promise<Response | undefined> {
    const { caches } = this.#environment;
    const url = this.#environment.scope + path;
    const own = await caches.match(url, { cacheName: this.#name });
    return own ?? (isVersioned(path) ? caches.match(url) : undefined);
  }

  /** One file after another, because the page has more urgent requests. */
  async #store(files: Site['files'], cacheName: string, headers: Site['headers']): Promise<void> {
    const cache = await this.#environment.caches.open(cacheName);
    for (const [path, hash] of Object.entries(files)) {
      const url = this.#environment.scope + path;
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
    const { caches, fetch } = this.#environment;
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
