import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Report } from '../../domain/offline.ts';
import { checkStoredData, keepOffline, offline, receiveReports } from './keepOffline.ts';

/** The page's side of a service worker. */
class FakeContainer extends EventTarget {
  controller: object | null = null;
  readonly active = { postMessage: vi.fn() };
  readonly waiting = { postMessage: vi.fn() };
  readonly registration = Object.assign(new EventTarget(), {
    scope: 'https://host.test/lab/',
    active: this.active,
    installing: null,
    waiting: null as FakeContainer['waiting'] | null,
  });
  readonly ready = Promise.resolve(this.registration);
  readonly register = vi.fn(() => Promise.resolve(this.registration));
  readonly getRegistration = vi.fn(() =>
    Promise.resolve(this.controller === null ? undefined : this.registration),
  );

  report(data: Report): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

function openPage({ connection }: { connection?: object } = {}): FakeContainer {
  const container = new FakeContainer();
  vi.stubGlobal('navigator', { serviceWorker: container, connection });
  vi.stubGlobal(
    'document',
    Object.assign(new EventTarget(), { baseURI: 'https://host.test/lab/', hidden: false }),
  );
  vi.stubGlobal('crossOriginIsolated', false);
  receiveReports();
  return container;
}

const lab = (isOpen: boolean) =>
  ({ archive: { isAnyOpen: () => Promise.resolve(isOpen) } }) as Parameters<typeof keepOffline>[0];

beforeEach(() => {
  offline.setState(offline.getInitialState());
  return () => {
    vi.unstubAllGlobals();
  };
});

describe('keepOffline', () => {
  it('stores the site, then its data, and knows when the next load may use threads', async () => {
    const container = openPage();
    await keepOffline(lab(false));
    expect(offline.getState()).toMatchObject({ stored: 'page', isIsolatedNext: true });
    expect(container.active.postMessage.mock.calls).toEqual([
      ['delete old versions'],
      ['store data'],
    ]);
    container.report({ about: 'data', problem: null });
    expect(offline.getState()).toMatchObject({ stored: 'page and data', problem: null });
  });

  it('only checks for the data on a slow connection', async () => {
    const container = openPage({ connection: { effectiveType: '3g' } });
    await keepOffline(lab(false));
    expect(container.active.postMessage.mock.calls).toEqual([
      ['delete old versions'],
      ['check data'],
    ]);
  });

  it('shows why the data are not stored', async () => {
    const container = openPage();
    await keepOffline(lab(false));
    container.report({ about: 'data', problem: 'no room' });
    expect(offline.getState()).toMatchObject({ stored: 'page', problem: 'no room' });
  });

  it('shows why nothing is stored: an installation that fails, or a browser that refuses one', async () => {
    const container = openPage();
    Object.assign(container, { ready: new Promise(() => undefined) });
    void keepOffline(lab(false));
    container.report({ about: 'site', problem: 'no room' });
    expect(offline.getState()).toMatchObject({ stored: 'nothing', problem: 'no room' });
    container.register.mockRejectedValue(new Error('The operation is insecure.'));
    await keepOffline(lab(false));
    expect(offline.getState().problem).toBe('The operation is insecure.');
  });

  it.each([
    ['no service workers', {}],
    [
      'a frame without storage',
      {
        get serviceWorker() {
          throw new DOMException('', 'SecurityError');
        },
      },
    ],
  ])('works in a browser with %s', async (_, navigator) => {
    vi.stubGlobal('navigator', navigator);
    await keepOffline(lab(false));
    expect(offline.getState().stored).toBe('nothing');
  });
});

describe('checkStoredData', () => {
  it('asks again after training may have stored the data', async () => {
    const container = openPage({ connection: { effectiveType: '3g' } });
    await keepOffline(lab(false));
    container.controller = container.active;
    container.active.postMessage.mockClear();
    checkStoredData();
    expect(container.active.postMessage.mock.calls).toEqual([['check data']]);
    container.report({ about: 'data', problem: null });
    checkStoredData();
    expect(container.active.postMessage).toHaveBeenCalledOnce();
  });
});

describe('a new version', () => {
  it('that could not be stored is a problem until a later attempt succeeds', async () => {
    const container = openPage();
    // The browser checks for it before the page registers the service worker.
    container.report({ about: 'update', problem: 'index.html: found another file' });
    await keepOffline(lab(false));
    container.report({ about: 'data', problem: null });
    expect(offline.getState()).toMatchObject({
      stored: 'page and data',
      problem: null,
      updateProblem: 'index.html: found another file',
    });
    container.report({ about: 'update', problem: null });
    expect(offline.getState().updateProblem).toBeNull();
  });

  it.each([
    ['activates for the next load', false, [['activate']]],
    ['waits while a tab has an experiment open', true, []],
  ])('%s', async (_, isOpen, orders) => {
    const container = openPage();
    container.controller = {};
    container.registration.waiting = container.waiting;
    await keepOffline(lab(isOpen));
    await new Promise((resolve) => setTimeout(resolve));
    expect(container.waiting.postMessage.mock.calls).toEqual(orders);
    expect(offline.getState().hasNewVersion).toBe(true);
  });

  it('is shown before the browser finds time to register the service worker', async () => {
    const container = openPage();
    container.controller = {};
    container.registration.waiting = container.waiting;
    container.register.mockReturnValue(new Promise(() => undefined));
    void keepOffline(lab(true));
    await vi.waitFor(() => expect(offline.getState().hasNewVersion).toBe(true));
  });

  it('of another site on the same origin is none of this page', async () => {
    const container = openPage();
    container.controller = {};
    container.registration.waiting = container.waiting;
    container.registration.scope = 'https://host.test/';
    container.register.mockReturnValue(new Promise(() => undefined));
    void keepOffline(lab(true));
    await vi.waitFor(() => expect(container.register).toHaveBeenCalled());
    expect(offline.getState().hasNewVersion).toBe(false);
  });

  it('is not the first one of a page', async () => {
    const container = openPage();
    await keepOffline(lab(false));
    container.dispatchEvent(new Event('controllerchange'));
    expect(offline.getState().hasNewVersion).toBe(false);
    container.dispatchEvent(new Event('controllerchange'));
    expect(offline.getState().hasNewVersion).toBe(true);
  });
});
