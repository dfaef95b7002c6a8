import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { pageLockPrefix } from '../domain/offline.ts';
import type { Site } from './site.ts';
import { SiteCache } from './siteCache.ts';

const scope = 'https://host.test/lab/';
const headers = { 'Cross-Origin-Embedder-Policy': 'require-corp' };

type Texts = Readonly<Record<string, string>>;

function hashAll(texts: Texts): Site['files'] {
  const hash = (text: string) => createHash('sha256').update(text).digest('base64');
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, hash(text)]));
}

function makeSite(version: string, texts: Texts, data: Texts = {}): Site {
  return { version, files: hashAll(texts), data: hashAll(data), headers };
}

/** As much of the Cache API as a service worker uses, in memory. */
class FakeCaches {
  readonly all = new Map<string, Map<string, Response>>();
  /** How many entries fit. */
  room = Infinity;

  has = (name: string) => Promise.resolve(this.all.has(name));
  keys = () => Promise.resolve([...this.all.keys()]);
  delete = (name: string) => Promise.resolve(this.all.delete(name));
  match = (url: string, { cacheName }: { cacheName?: string } = {}) => {
    const names = cacheName === undefined ? [...this.all.keys()] : [cacheName];
    const found = names.map((name) => this.all.get(name)?.get(url)).find(Boolean);
    return Promise.resolve(found?.clone());
  };
  open = (name: string) => {
    const entries = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, entries);
    return Promise.resolve({
      match: (url: string) => Promise.resolve(entries.get(url)?.clone()),
      put: (url: string, response: Response) => {
        if (this.room-- <= 0) return Promise.reject(new DOMException('', 'QuotaExceededError'));
        entries.set(url, response);
        return Promise.resolve();
      },
    });
  };
}

/** A browser and a host that serves these texts. */
function makeBrowser(hosted: Texts) {
  const host = { texts: hosted, isReachable: true };
  const caches = new FakeCaches();
  /** The open pages' scripts, as long as each page holds its lock. */
  const open: string[] = [];
  const pages = { withoutLock: 0, isUpdating: false, hasLocks: true };
  const fetch = vi.fn((input: string | URL | Request, _init?: RequestInit) => {
    if (!host.isReachable) return Promise.reject(new TypeError('Failed to fetch'));
    const url = input instanceof Request ? input.url : String(input);
    const text = host.texts[url.slice(scope.length) || 'index.html'];
    const response = new Response(text ?? '', { status: text === undefined ? 404 : 200 });
    Object.defineProperty(response, 'type', { value: 'basic' });
    return Promise.resolve(response);
  });
  const makeSiteCache = (site: Site) =>
    new SiteCache(site, {
      scope,
      caches: caches as unknown as CacheStorage,
      fetch,
      locks: pages.hasLocks
        ? {
            query: () =>
              Promise.resolve({
                held: open.map((path) => ({ name: pageLockPrefix + scope + path })),
              }),
          }
        : undefined,
      countPages: () => Promise.resolve(open.length + pages.withoutLock),
      isUpdating: () => pages.isUpdating,
    });
  return { host, caches, open, pages, fetch, makeSiteCache };
}

const first: Texts = { 'index.html': 'one', 'assets/a-1.js': 'a1', 'assets/b-1.js': 'b' };
const next: Texts = { 'index.html': 'two', 'assets/a-2.js': 'a2', 'assets/b-1.js': 'b' };

async function read(siteCache: SiteCache, path: string): Promise<string | null> {
  const response = siteCache.respond(new Request(scope + path));
  return response === null ? null : (await response).text();
}

describe('a service worker', () => {
  it('responds without a connection, with the headers that isolate the page', async () => {
    const { host, makeSiteCache } = makeBrowser(first);
    const siteCache = makeSiteCache(makeSite('1', first));
    await siteCache.install();
    host.isReachable = false;
    expect(await read(siteCache, '')).toBe('one');
    expect(await read(siteCache, 'assets/a-1.js')).toBe('a1');
    const response = await siteCache.respond(new Request(scope));
    expect(response?.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
  });

  it('fetches from the host what is missing in its cache, and adds the headers', async () => {
    const { caches, makeSiteCache } = makeBrowser(first);
    const siteCache = makeSiteCache(makeSite('1', first));
    await siteCache.install();
    caches.all.clear();
    const response = await siteCache.respond(new Request(`${scope}assets/a-1.js`));
    expect(await response?.text()).toBe('a1');
    expect(response?.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
  });

  it('fetches from the host if the cache throws', async () => {
    const { caches, makeSiteCache } = makeBrowser(first);
    const siteCache = makeSiteCache(makeSite('1', first));
    caches.match = () => Promise.reject(new Error('the disk fails'));
    expect(await read(siteCache, '')).toBe('one');
  });

  it('copies the files that another version has, and fetches only the others', async () => {
    const { host, fetch, makeSiteCache } = makeBrowser(first);
    await makeSiteCache(makeSite('1', first)).install();
    host.texts = next;
    fetch.mockClear();
    await makeSiteCache(makeSite('2', next)).install();
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([
      `${scope}index.html`,
      `${scope}assets/a-2.js`,
    ]);
  });

  it('bypasses the HTTP cache if that has a file of another version', async () => {
    const { fetch, makeSiteCache } = makeBrowser(next);
    fetch.mockResolvedValueOnce(new Response('one'));
    const siteCache = makeSiteCache(makeSite('2', next));
    await siteCache.install();
    expect(await read(siteCache, '')).toBe('two');
    expect(fetch.mock.calls[1]?.[1]?.cache).toBe('reload');
  });

  it.each<[string, Texts, RegExp]>([
    ['half of it is still the old version', { ...next, 'index.html': 'one' }, /index\.html: found/],
    ['a file is missing', { 'index.html': 'two' }, /a-2\.js: the server answered 404/],
  ])(
    'keeps the old version and stores nothing of the new one if %s',
    async (_, hosted, message) => {
      const { host, caches, makeSiteCache } = makeBrowser(first);
      const old = makeSiteCache(makeSite('1', first));
      await old.install();
      const names = [...caches.all.keys()];
      host.texts = hosted;
      await expect(makeSiteCache(makeSite('2', next)).install()).rejects.toThrow(message);
      expect([...caches.all.keys()]).toEqual(names);
      expect(await read(old, '')).toBe('one');
    },
  );

  it('stores nothing if not everything fits', async () => {
    const { caches, makeSiteCache } = makeBrowser(first);
    caches.room = 2;
    await expect(makeSiteCache(makeSite('1', first)).install()).rejects.toThrow(DOMException);
    expect([...caches.all.keys()]).toEqual([]);
  });

  it('stores the data in the page’s cache, without fetching them twice', async () => {
    const data = { 'data/images.bin': 'images', 'data/labels.bin': 'labels' };
    const { caches, fetch, makeSiteCache } = makeBrowser({ ...first, ...data });
    const cache = await caches.open('data');
    await cache.put(`${scope}data/labels.bin`, new Response('labels'));
    const siteCache = makeSiteCache(makeSite('1', first, data));
    expect(await siteCache.hasData()).toBe(false);
    await siteCache.storeData();
    expect(await siteCache.hasData()).toBe(true);
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([`${scope}data/images.bin`]);
    expect([...caches.all.get('data')!.keys()]).toHaveLength(2);
    await siteCache.install();
    expect(await read(siteCache, 'data/images.bin')).toBeNull();
  });
});

describe('an installation', () => {
  it('fails if its cache is deleted meanwhile', async () => {
    const { caches, fetch, makeSiteCache } = makeBrowser(first);
    const respond = fetch.getMockImplementation()!;
    fetch.mockImplementation((...args) => {
      caches.all.clear();
      return respond(...args);
    });
    await expect(makeSiteCache(makeSite('1', first)).install()).rejects.toThrow(/deleted/);
  });
});

describe('a new version', () => {
  async function replace() {
    const browser = makeBrowser(first);
    await browser.makeSiteCache(makeSite('1', first)).install();
    browser.host.texts = next;
    const siteCache = browser.makeSiteCache(makeSite('2', next));
    await siteCache.install();
    return { ...browser, siteCache };
  }

  it('deletes the old one, but no other site’s', async () => {
    const { caches, siteCache } = await replace();
    await caches.open('site https://host.test/other/ 1');
    await caches.open('data');
    await siteCache.deleteOldVersions();
    expect([...caches.all.keys()].sort()).toEqual([
      'data',
      'site https://host.test/lab/ 2',
      'site https://host.test/other/ 1',
    ]);
  });

  it('serves the pages of the old one their own files until they are closed', async () => {
    const { caches, open, siteCache } = await replace();
    open.push('assets/a-1.js');
    await siteCache.deleteOldVersions();
    expect(await read(siteCache, 'assets/a-1.js')).toBe('a1');
    expect(await read(siteCache, '')).toBe('two');
    open.length = 0;
    await siteCache.deleteOldVersions();
    expect(caches.all.size).toBe(1);
  });

  it('deletes the old one although a page is open whose scripts did not change', async () => {
    const { caches, open, siteCache } = await replace();
    open.push('assets/b-1.js');
    await siteCache.deleteOldVersions();
    expect(caches.all.size).toBe(1);
  });

  it.each<[string, Partial<ReturnType<typeof makeBrowser>['pages']>]>([
    ['a page has not run its script yet', { withoutLock: 1 }],
    ['the browser has no locks', { hasLocks: false }],
    ['a third version is being installed', { isUpdating: true }],
  ])('deletes nothing while %s', async (_, state) => {
    const { caches, pages, makeSiteCache } = await replace();
    Object.assign(pages, state);
    await makeSiteCache(makeSite('2', next)).deleteOldVersions();
    expect(caches.all.size).toBe(2);
  });

  it('deletes nothing once another installation has started', async () => {
    const { caches, pages, siteCache } = await replace();
    const { keys } = caches;
    caches.keys = () => {
      pages.isUpdating = true;
      return keys();
    };
    await siteCache.deleteOldVersions();
    expect(caches.all.size).toBe(2);
  });
});
