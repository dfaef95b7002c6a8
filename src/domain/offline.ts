/** What the page and its service worker must name alike. */

/** The cache of the data files. Their readers check each entry by its SHA-256, so the name needs no version. */
export const dataCacheName = 'data';

/**
 * Begins the name of the Web Lock that an open page holds; the address of one of its scripts follows. As long as it is
 * held, the service worker does not delete that script's version of the site.
 */
export const pageLockPrefix = 'page ';

/**
 * What the page asks of the service worker. `activate` skips waiting; `store data` fetches the data files; `check data`
 * only reports whether they are in the cache.
 */
export type Command = 'activate' | 'delete old versions' | 'store data' | 'check data';

/** What the service worker reports to its pages. */
export interface Report {
  /** The first version of the site, a newer version, or the data files. */
  readonly about: 'site' | 'update' | 'data';
  /** Why it could not be stored; null if it is. */
  readonly problem: string | null;
}
