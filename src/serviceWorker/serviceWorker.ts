/**
 * The service worker: keeps the site for use without a connection, and sends the headers that isolate the page where its
 * host does not, so that it may use threads. The build makes one script of it (tools/build/serviceWorkerPlugin.ts).
 */
import { reportError } from '../domain/errors.ts';
import type { Order, Report } from '../domain/offline.ts';
import { SiteKeeper } from './keeper.ts';
import type { Site } from './site.ts';

declare const self: ServiceWorkerGlobalScope & { readonly site: Site };

const { registration } = self;
const keeper = new SiteKeeper(self.site, {
  scope: registration.scope,
  caches: self.caches,
  fetch: (input, init) => fetch(input, init),
  locks: (navigator as Partial<WorkerNavigator>).locks,
});

async function tellPages(report: Report): Promise<void> {
  for (const page of await self.clients.matchAll({ includeUncontrolled: true, type: 'window' })) {
    page.postMessage(report);
  }
}

async function install(): Promise<void> {
  try {
    await keeper.install();
  } catch (thrown) {
    await tellPages({ about: 'site', problem: reportError(thrown).message });
    throw thrown;
  }
}

async function activate(): Promise<void> {
  await deleteOldVersions();
  await self.clients.claim();
}

/** A version that is being installed is not old. */
async function deleteOldVersions(): Promise<void> {
  if (registration.installing === null && registration.waiting === null) {
    await keeper.deleteOldVersions();
  }
}

async function keepData(): Promise<void> {
  let problem: string | null = null;
  try {
    await keeper.keepData();
  } catch (thrown) {
    problem = reportError(thrown).message;
  }
  await tellPages({ about: 'data', problem });
}

const orders: Readonly<Record<Order, () => Promise<void>>> = {
  'take over': () => self.skipWaiting(),
  'delete old versions': deleteOldVersions,
  'keep data': keepData,
};

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => event.waitUntil(orders[event.data as Order]()));
self.addEventListener('fetch', (event) => {
  const answer = keeper.answer(event.request);
  if (answer !== null) event.respondWith(answer);
});
