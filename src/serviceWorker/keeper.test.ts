import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { pageLockPrefix } from '../domain/offline.ts';
import { SiteKeeper } from './keeper.ts';
import type { Site } from './site.ts';

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
  /** How many entries there is room for. */
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

/** A browser and a host, which answers with these texts. */
function makeBrowser(hosted: Texts) {
  const host = { texts: hosted, isReachable: true };
  const caches = new FakeCaches();
  const open: string[] = [];
  const fetch = vi.fn((input: string | URL | Request, _init?: RequestInit) => {
    if (!host.isReachable) return Promise.reject(new TypeError('Failed to fetch'));
    const url = input instanceof Request ? input.url : String(input);
    const text = host.texts[url.slice(scope.length) || 'index.html'];
    const response = new Response(text ?? '', { status: text === undefined ? 404 : 200 });
    Object.defineProperty(response, 'type', { value: 'basic' });
    return Promise.resolve(response);
  });
  const makeKeeper = (site: Site) =>
    new SiteKeeper(site, {
      scope,
      caches: caches as unknown as CacheStorage,
      fetch,
      locks: {
        query: () =>
          Promise.resolve({ held: open.map((path) => ({ name: pageLockPrefix + scope + path })) }),
      },
    });
  return { host, caches, open, fetch, makeKeeper };
}

const first: Texts = { 'index.html': 'one', 'assets/a-1.js': 'a1', 'assets/b-1.js': 'b' };
const next: Texts = { 'index.html': 'two', 'assets/a-2.js': 'a2', 'assets/b-1.js': 'b' };

async function read(keeper: SiteKeeper, path: string): Promise<string | null> {
  const answer = keeper.answer(new Request(scope + path));
  return answer === null ? null : (await answer).text();
}

describe('a service worker', () => {
  it('answers without a connection, with the headers that isolate the page', async () => {
    const { host, makeKeeper } = makeBrowser(first);
    const keeper = makeKeeper(makeSite('1', first));
    await keeper.install();
    host.isReachable = false;
    expect(await read(keeper, '')).toBe('one');
    expect(await read(keeper, 'assets/a-1.js')).toBe('a1');
    const answer = await keeper.answer(new Request(scope));
    expect(answer?.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
  });

  it('asks the host for what is gone from its cache, and adds the headers', async () => {
    const { caches, makeKeeper } = makeBrowser(first);
    const keeper = makeKeeper(makeSite('1', first));
    await keeper.install();
    caches.all.clear();
    const answer = await keeper.answer(new Request(`${scope}assets/a-1.js`));
    expect(await answer?.text()).toBe('a1');
    expect(answer?.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
  });

  it('asks the host, too, where the cache throws', async () => {
    const { caches, makeKeeper } = makeBrowser(first);
    const keeper = makeKeeper(makeSite('1', first));
    caches.match = () => Promise.reject(new Error('the disk fails'));
    expect(await read(keeper, '')).toBe('one');
  });

  it('takes files of another version over, and fetches only the others', async () => {
    const { host, fetch, makeKeeper } = makeBrowser(first);
    await makeKeeper(makeSite('1', first)).install();
    host.texts = next;
    fetch.mockClear();
    await makeKeeper(makeSite('2', next)).install();
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([
      `${scope}index.html`,
      `${scope}assets/a-2.js`,
    ]);
  });

  it('loads a file past the browser’s own cache if that has another version’s', async () => {
    const { fetch, makeKeeper } = makeBrowser(next);
    fetch.mockResolvedValueOnce(new Response('one'));
    const keeper = makeKeeper(makeSite('2', next));
    await keeper.install();
    expect(await read(keeper, '')).toBe('two');
    expect(fetch.mock.calls[1]?.[1]?.cache).toBe('reload');
  });

  it.each<[string, Texts, RegExp]>([
    ['half of it is still the old version', { ...next, 'index.html': 'one' }, /index\.html: found/],
    ['a file is missing', { 'index.html': 'two' }, /a-2\.js: the server answered 404/],
  ])('keeps the old version, and nothing of the new one, if %s', async (_, hosted, message) => {
    const { host, caches, makeKeeper } = makeBrowser(first);
    const old = makeKeeper(makeSite('1', first));
    await old.install();
    const names = [...caches.all.keys()];
    host.texts = hosted;
    await expect(makeKeeper(makeSite('2', next)).install()).rejects.toThrow(message);
    expect([...caches.all.keys()]).toEqual(names);
    expect(await read(old, '')).toBe('one');
  });

  it('keeps nothing if there is no room for everything', async () => {
    const { caches, makeKeeper } = makeBrowser(first);
    caches.room = 2;
    await expect(makeKeeper(makeSite('1', first)).install()).rejects.toThrow(DOMException);
    expect([...caches.all.keys()]).toEqual([]);
  });

  it('keeps the data where the page looks for them, and not twice', async () => {
    const data = { 'data/images.bin': 'images', 'data/labels.bin': 'labels' };
    const { caches, fetch, makeKeeper } = makeBrowser({ ...first, ...data });
    const cache = await caches.open('data');
    await cache.put(`${scope}data/labels.bin`, new Response('labels'));
    const keeper = makeKeeper(makeSite('1', first, data));
    await keeper.keepData();
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([`${scope}data/images.bin`]);
    expect([...caches.all.get('data')!.keys()]).toHaveLength(2);
    await keeper.install();
    expect(await read(keeper, 'data/images.bin')).toBeNull();
  });
});

describe('a new version', () => {
  async function replace() {
    const browser = makeBrowser(first);
    await browser.makeKeeper(makeSite('1', first)).install();
    browser.host.texts = next;
    const keeper = browser.makeKeeper(makeSite('2', next));
    await keeper.install();
    return { ...browser, keeper };
  }

  it('deletes the old one, but no other site’s', async () => {
    const { caches, keeper } = await replace();
    await caches.open('site https://host.test/other/ 1');
    await caches.open('data');
    await keeper.deleteOldVersions();
    expect([...caches.all.keys()].sort()).toEqual([
      'data',
      'site https://host.test/lab/ 2',
      'site https://host.test/other/ 1',
    ]);
  });

  it('answers the pages of the old one with their own files until they are closed', async () => {
    const { caches, open, keeper } = await replace();
    open.push('assets/a-1.js');
    await keeper.deleteOldVersions();
    expect(await read(keeper, 'assets/a-1.js')).toBe('a1');
    expect(await read(keeper, '')).toBe('two');
    open.length = 0;
    await keeper.deleteOldVersions();
    expect(caches.all.size).toBe(1);
  });

  it('needs the old one no longer for a page whose scripts did not change', async () => {
    const { caches, open, keeper } = await replace();
    open.push('assets/b-1.js');
    await keeper.deleteOldVersions();
    expect(caches.all.size).toBe(1);
  });
});
