/**
 * The service worker: stores the site for use without a connection, and sends the headers that isolate the page where its
 * host does not, so that it may use threads. The build makes one script of it (tools/build/serviceWorkerPlugin.ts).
 */
import { reportError } from '../domain/errors.ts';
import type { Command, Report } from '../domain/offline.ts';
import type { Site } from './site.ts';
import { SiteCache } from './siteCache.ts';

declare const self: ServiceWorkerGlobalScope & { readonly site: Site };

const { registration } = self;
/** Not in every browser. */
const { serviceWorker } = self as Partial<ServiceWorkerGlobalScope>;

const siteCache = new SiteCache(self.site, {
  scope: registration.scope,
  caches: self.caches,
  fetch: (input, init) => fetch(input, init),
  locks: (navigator as Partial<WorkerNavigator>).locks,
  countPages: async () => (await findPages()).length,
  isUpdating: () =>
    registration.installing !== null ||
    registration.waiting !== null ||
    serviceWorker?.state === 'redundant',
});

/** The site's open pages, not those of other sites on its origin. */
async function findPages(): Promise<readonly WindowClient[]> {
  const pages = await self.clients.matchAll({ includeUncontrolled: true, type: 'window' });
  return pages.filter(({ url }) => url.startsWith(registration.scope));
}

async function notifyPages(report: Report): Promise<void> {
  for (const page of await findPages()) page.postMessage(report);
}

/** Runs a task, and notifies the pages of its outcome. @throws what the task throws */
async function runAndReport(about: Report['about'], task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (thrown) {
    await notifyPages({ about, problem: reportError(thrown).message });
    throw thrown;
  }
  await notifyPages({ about, problem: null });
}

function install(): Promise<void> {
  const about = registration.active === null ? 'site' : 'update';
  return runAndReport(about, () => siteCache.install());
}

async function checkData(): Promise<void> {
  if (await siteCache.hasData()) await notifyPages({ about: 'data', problem: null });
}

const commands: Readonly<Record<Command, () => Promise<void>>> = {
  activate: () => self.skipWaiting(),
  'delete old versions': () => siteCache.deleteOldVersions(),
  // The page shows the failure.
  'store data': () => runAndReport('data', () => siteCache.storeData()).catch(() => undefined),
  'check data': checkData,
};

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', (event) => {
  // Pages of another version may know other commands.
  const run = (commands as Partial<typeof commands>)[event.data as Command];
  if (run !== undefined) event.waitUntil(run());
});
self.addEventListener('fetch', (event) => {
  const response = siteCache.respond(event.request);
  if (response !== null) event.respondWith(response);
});
