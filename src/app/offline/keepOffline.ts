import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { reportError } from '../../domain/errors.ts';
import { within } from '../../domain/fetchUnlessStalled.ts';
import { type Command, pageLockPrefix, type Report } from '../../domain/offline.ts';
import type { Lab } from '../../experiment/lab.ts';

/** How often a page that stays open checks for a new version. The browser checks at each load. */
const updateMs = 3_600_000;
/** A service worker that does not activate in this time will not. */
const activationSeconds = 5;

export interface OfflineState {
  /** What is stored for use without a connection; null until it is known. */
  readonly stored: 'nothing' | 'page' | 'page and data' | null;
  /** Why not everything is stored. */
  readonly problem: string | null;
  /** Why the newest version could not be stored, so that this one stays. */
  readonly updateProblem: string | null;
  /** Whether a newer version than this page's is there for the next load. */
  readonly hasNewVersion: boolean;
  /** Whether the next load will be isolated from other sites, and so may use threads, as this one is not. */
  readonly isIsolatedNext: boolean;
}

export const offline = createStore<OfflineState>(() => ({
  stored: null,
  problem: null,
  updateProblem: null,
  hasNewVersion: false,
  isIsolatedNext: false,
}));

export function useOffline<T>(select: (state: OfflineState) => T): T {
  return useStore(offline, select);
}

/** None on plain http and in some private windows. */
function findContainer(): ServiceWorkerContainer | undefined {
  try {
    return (navigator as Partial<Navigator>).serviceWorker;
  } catch {
    return undefined; // in a frame whose page allows it no storage
  }
}

/** Prevents the service worker from deleting this page's version of the site until the page is closed. */
export function lockVersion(): void {
  const { locks } = navigator as Partial<Navigator>;
  const untilClosed = () => new Promise<never>(() => undefined);
  locks
    ?.request(`${pageLockPrefix}${import.meta.url}`, { mode: 'shared' }, untilClosed)
    .catch(() => undefined); // blocked with all other storage, so nothing is stored either
}

/**
 * Receives the service worker's reports. Called while the page loads, because the browser checks for an update then, and
 * a report that arrives without a listener is lost.
 */
export function receiveReports(): void {
  findContainer()?.addEventListener('message', ({ data }) => receive(data as Report));
}

/**
 * Registers the service worker, which stores the site and its data for use without a connection, and follows its updates.
 * Never rejects.
 */
export async function keepOffline(lab: Pick<Lab, 'archive'>): Promise<void> {
  const container = findContainer();
  if (container === undefined) {
    const problem =
      'On plain http, in frames and in some private windows, browsers store no pages.';
    offline.setState({ stored: 'nothing', problem });
    return;
  }
  const isUncontrolled = container.controller === null;
  try {
    followController(container);
    // Chromium registers only when it is idle, which took up to a minute of training; a new version that it has stored
    // already is shown at once.
    const known = await findRegistration(container);
    if (known !== undefined) followUpdates(known, lab);
    const url = new URL('service-worker.js', document.baseURI);
    const registration = await container.register(url);
    if (registration !== known) followUpdates(registration, lab);
    const { active } = await container.ready;
    offline.setState({
      stored: 'page',
      problem: null,
      isIsolatedNext: isUncontrolled && !crossOriginIsolated,
    });
    send(active, 'delete old versions');
    send(active, isFast() ? 'store data' : 'check data');
  } catch (thrown) {
    offline.setState({ stored: 'nothing', problem: reportError(thrown).message });
  }
}

/** This site's own registration, not one of another site on its origin. */
async function findRegistration(
  container: ServiceWorkerContainer,
): Promise<ServiceWorkerRegistration | undefined> {
  const registration = await container.getRegistration().catch(() => undefined);
  const isOwn = registration?.scope === new URL('.', document.baseURI).href;
  return isOwn ? registration : undefined;
}

/** The data are 10 MB. Browsers that do not know their connection are on a computer. */
function isFast(): boolean {
  const { connection } = navigator as { connection?: { readonly effectiveType?: string } };
  return (connection?.effectiveType ?? '4g') === '4g';
}

function send(worker: ServiceWorker | null, command: Command): void {
  worker?.postMessage(command);
}

/** Checks whether training has stored the data files by now. */
export function checkStoredData(): void {
  if (offline.getState().stored === 'page') send(findContainer()?.controller ?? null, 'check data');
}

function receive({ about, problem }: Report): void {
  if (about === 'update') offline.setState({ updateProblem: problem });
  else if (problem !== null) {
    offline.setState(about === 'site' ? { stored: 'nothing', problem } : { problem });
  } else if (about === 'data') offline.setState({ stored: 'page and data', problem });
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
    // A page that the service worker does not control was loaded from the host, and is as new as the waiting version.
    if (findContainer()?.controller) offline.setState({ hasNewVersion: true });
    void activateIfIdle(registration, lab);
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

/** Activates the new version for the next load. An open experiment continues with the old version instead. */
async function activateIfIdle(
  registration: ServiceWorkerRegistration,
  { archive }: Pick<Lab, 'archive'>,
): Promise<void> {
  const isBusy = await archive?.isAnyOpen().catch(() => true);
  if (isBusy === false) send(registration.waiting, 'activate');
}

/** Reloads the page into the new version. */
export async function reloadIntoNewVersion(): Promise<void> {
  const container = findContainer();
  const registration = container && (await findRegistration(container));
  if (container && registration?.waiting) {
    const activated = new Promise<void>((resolve) => {
      container.addEventListener('controllerchange', () => resolve(), { once: true });
    });
    send(registration.waiting, 'activate');
    await within(activated, activationSeconds, undefined);
  }
  location.reload();
}
