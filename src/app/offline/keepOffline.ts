import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { reportError } from '../../domain/errors.ts';
import { within } from '../../domain/fetchUnlessStalled.ts';
import { type Order, pageLockPrefix, type Report } from '../../domain/offline.ts';
import type { Lab } from '../../experiment/lab.ts';

/** How often a page that stays open looks for a new version. The browser does at each load. */
const updateMs = 3_600_000;
/** A service worker that does not take over in this time will not. */
const takeOverSeconds = 5;

export interface OfflineState {
  /** What works without a connection; null until it is known. */
  readonly kept: 'nothing' | 'page' | 'page and data' | null;
  /** Why not everything is kept. */
  readonly problem: string | null;
  /** Whether a newer version than this page's is there for the next load. */
  readonly hasNewVersion: boolean;
  /** Whether the next load will be isolated from other sites, and so may use threads, as this one is not. */
  readonly isIsolatedNext: boolean;
}

const offline = createStore<OfflineState>(() => ({
  kept: null,
  problem: null,
  hasNewVersion: false,
  isIsolatedNext: false,
}));

export function useOffline<T>(select: (state: OfflineState) => T): T {
  return useStore(offline, select);
}

/** None on plain http and in some private windows. */
function findContainer(): ServiceWorkerContainer | undefined {
  return (navigator as Partial<Navigator>).serviceWorker;
}

/** Keeps this page's version of the site until the page is closed. */
export function holdVersion(): void {
  const { locks } = navigator as Partial<Navigator>;
  const forEver = () => new Promise<never>(() => undefined);
  locks
    ?.request(`${pageLockPrefix}${import.meta.url}`, { mode: 'shared' }, forEver)
    .catch(() => undefined); // blocked with all other storage, so nothing is kept either
}

/**
 * Installs the service worker, which keeps the site and its data for use without a connection, and follows its updates.
 * Never rejects.
 */
export async function keepOffline(lab: Pick<Lab, 'archive'>): Promise<void> {
  const container = findContainer();
  if (container === undefined) {
    const problem = 'On plain http and in some private windows, browsers keep no pages.';
    offline.setState({ kept: 'nothing', problem });
    return;
  }
  const wasLoadedPast = container.controller === null;
  try {
    container.addEventListener('message', ({ data }) => receive(data as Report));
    container.startMessages();
    followController(container);
    const url = new URL('service-worker.js', document.baseURI);
    const registration = await container.register(url);
    followUpdates(registration, lab);
    const { active } = await container.ready;
    offline.setState({ kept: 'page', isIsolatedNext: wasLoadedPast && !crossOriginIsolated });
    tell(active, 'delete old versions');
    if (isFast()) tell(active, 'keep data');
  } catch (thrown) {
    offline.setState({ kept: 'nothing', problem: reportError(thrown).message });
  }
}

/** The data are 10 MB. Browsers that do not know their connection are on a computer. */
function isFast(): boolean {
  const { connection } = navigator as { connection?: { readonly effectiveType?: string } };
  return (connection?.effectiveType ?? '4g') === '4g';
}

function tell(worker: ServiceWorker | null, order: Order): void {
  worker?.postMessage(order);
}

function receive({ about, problem }: Report): void {
  if (problem === null) offline.setState({ kept: 'page and data', problem });
  else if (about === 'data') offline.setState({ problem });
  // An update that fails leaves what is kept as it is.
  else if (offline.getState().kept === null) offline.setState({ kept: 'nothing', problem });
}

/** The first service worker of a page brings nothing new; each later one does. */
function followController(container: ServiceWorkerContainer): void {
  let hadController = container.controller !== null;
  container.addEventListener('controllerchange', () => {
    if (hadController) offline.setState({ hasNewVersion: true });
    hadController = true;
  });
}

function followUpdates(registration: ServiceWorkerRegistration, lab: Pick<Lab, 'archive'>): void {
  const check = (): void => {
    if (registration.waiting === null) return;
    // A page that was loaded past the service worker is as new as what waits.
    if (findContainer()?.controller) offline.setState({ hasNewVersion: true });
    void takeOverIfIdle(registration, lab);
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', check);
  });
  registration.installing?.addEventListener('statechange', check);
  let checkedMs = performance.now();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    check();
    if (performance.now() < checkedMs + updateMs) return;
    checkedMs = performance.now();
    registration.update().catch(() => undefined); // without a connection, or on a busy host: the next time
  });
  check();
}

/** The new version starts with the next load, unless an experiment is open, which then goes on with the old one. */
async function takeOverIfIdle(
  registration: ServiceWorkerRegistration,
  { archive }: Pick<Lab, 'archive'>,
): Promise<void> {
  const isBusy = await archive?.isAnyOpen().catch(() => true);
  if (isBusy === false) tell(registration.waiting, 'take over');
}

/** Reloads the page into the new version. */
export async function reloadIntoNewVersion(): Promise<void> {
  const container = findContainer();
  const registration = await container?.getRegistration();
  if (container && registration?.waiting) {
    const taken = new Promise<void>((resolve) => {
      container.addEventListener('controllerchange', () => resolve(), { once: true });
    });
    tell(registration.waiting, 'take over');
    await within(taken, takeOverSeconds, undefined);
  }
  location.reload();
}
