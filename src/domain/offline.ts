/** What the page and its service worker must name alike. */

/** The cache of the data files. Their readers check each entry by its SHA-256, so the name needs no version. */
export const dataCacheName = 'data';

/**
 * Begins the name of the Web Lock that an open page holds; the address of one of its scripts follows. As long as it is
 * held, the service worker keeps that script's version of the site.
 */
export const pageLockPrefix = 'page ';

/** What the page tells the service worker to do. */
export type Order = 'take over' | 'delete old versions' | 'keep data';

/** What the service worker tells the page. */
export interface Report {
  readonly about: 'site' | 'data';
  /** Why it could not be kept; null if it is. */
  readonly problem: string | null;
}
