import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Report } from '../../domain/offline.ts';
import { keepOffline, offline } from './keepOffline.ts';

/** The page's side of a service worker. */
class FakeContainer extends EventTarget {
  controller: object | null = null;
  readonly active = { postMessage: vi.fn() };
  readonly waiting = { postMessage: vi.fn() };
  readonly registration = Object.assign(new EventTarget(), {
    active: this.active,
    installing: null,
    waiting: null as FakeContainer['waiting'] | null,
  });
  readonly ready = Promise.resolve(this.registration);
  readonly register = vi.fn(() => Promise.resolve(this.registration));
  startMessages = (): void => undefined;

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
  it('keeps the site, then its data, and says when the next load may use threads', async () => {
    const container = openPage();
    await keepOffline(lab(false));
    expect(offline.getState()).toMatchObject({ kept: 'page', isIsolatedNext: true });
    expect(container.active.postMessage.mock.calls).toEqual([
      ['delete old versions'],
      ['keep data'],
    ]);
    container.report({ about: 'data', problem: null });
    expect(offline.getState()).toMatchObject({ kept: 'page and data', problem: null });
  });

  it('leaves the data on a slow connection', async () => {
    const container = openPage({ connection: { effectiveType: '3g' } });
    await keepOffline(lab(false));
    expect(container.active.postMessage.mock.calls).toEqual([['delete old versions']]);
  });

  it('says why the data are not kept', async () => {
    const container = openPage();
    await keepOffline(lab(false));
    container.report({ about: 'data', problem: 'no room' });
    expect(offline.getState()).toMatchObject({ kept: 'page', problem: 'no room' });
  });

  it('says why nothing is kept: an installation that fails, or a browser that refuses one', async () => {
    const container = openPage();
    Object.assign(container, { ready: new Promise(() => undefined) });
    void keepOffline(lab(false));
    container.report({ about: 'site', problem: 'no room' });
    expect(offline.getState()).toMatchObject({ kept: 'nothing', problem: 'no room' });
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
    expect(offline.getState().kept).toBe('nothing');
  });
});

describe('a new version', () => {
  it.each([
    ['takes over for the next load', false, [['take over']]],
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

  it('is not the first one of a page', async () => {
    const container = openPage();
    await keepOffline(lab(false));
    container.dispatchEvent(new Event('controllerchange'));
    expect(offline.getState().hasNewVersion).toBe(false);
    container.dispatchEvent(new Event('controllerchange'));
    expect(offline.getState().hasNewVersion).toBe(true);
  });
});
