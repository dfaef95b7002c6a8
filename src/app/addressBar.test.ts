import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLab } from '../experiment/lab.ts';
import { LabError } from '../domain/errors.ts';
import type { ClientEvent, TrainingClient } from '../worker/client.ts';
import { type AddressBar, followLink, openLink } from './addressBar.ts';

/** A client that does nothing but count its calls. */
function createFakeClient() {
  const never = (): Promise<never> => new Promise(() => undefined);
  const untilAborted = (_first: number, _count: number, signal?: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new LabError('canceled', 'Gone.', 'Again.')));
    });
  let listener: (event: ClientEvent) => void = () => undefined;
  const client = {
    start: vi.fn(),
    load: never,
    resume: vi.fn(),
    pause: vi.fn(),
    reset: vi.fn(),
    setAttack: vi.fn(),
    terminate: vi.fn(),
    classify: never,
    inspectStep: never,
    inspect: never,
    measureDirections: never,
    freeze: never,
    measure: never,
    measureTraining: never,
    bound: never,
    provenEpsilon: never,
    checkpoint: never,
    attack: never,
    useData: () => Promise.resolve(null),
    testImages: vi.fn(untilAborted),
    subscribe: (heard: (event: ClientEvent) => void) => {
      listener = heard;
      return () => undefined;
    },
  } satisfies TrainingClient;
  return { client, emit: (event: ClientEvent) => listener(event) };
}

/** An address bar with one entry; it records what is written, can go back, and can simulate a pasted link. */
function createBar(hash = '', state: unknown = null) {
  const listeners = new Set<() => void>();
  const location = { hash, pathname: '/lab/', search: '?x' };
  const hashOf = (url: string): string => (url.includes('#') ? url.slice(url.indexOf('#')) : '');
  let entries = [{ hash, state }];
  let at = 0;
  const open = (index: number): void => {
    entries[at] = { hash: location.hash, state: history.state };
    at = index;
    [location.hash, history.state] = [entries[at]!.hash, entries[at]!.state];
    for (const listener of listeners) listener();
  };
  const history = {
    state,
    pushState: vi.fn((mark: unknown, _title: string, url: string) => {
      entries[at] = { hash: location.hash, state: history.state };
      entries = [...entries.slice(0, ++at), { hash: hashOf(url), state: null }];
      history.state = structuredClone(mark);
      location.hash = hashOf(url);
    }),
    replaceState: vi.fn((mark: unknown, _title: string, url: string) => {
      history.state = structuredClone(mark);
      location.hash = hashOf(url);
    }),
  };
  const bar: AddressBar = {
    location,
    history,
    addEventListener: (_, listener) => listeners.add(listener),
    removeEventListener: (_, listener) => listeners.delete(listener),
  };
  return {
    bar,
    location,
    history,
    listeners,
    paste: (link: string) => {
      entries = [...entries.slice(0, at + 1), { hash: link, state: null }];
      open(at + 1);
    },
    back: () => open(at - 1),
    forward: () => open(at + 1),
  };
}

function openPage(hash = '', state: unknown = null) {
  const address = createBar(hash, state);
  const { client, emit } = createFakeClient();
  const connect = vi.fn(() => client);
  const lab = createLab(connect);
  const isDecided = openLink(lab, address.location.hash, address.bar);
  const end = followLink(lab, address.bar);
  const noticed = (): string =>
    lab.store
      .getState()
      .notices.flatMap((n) => n.sentences)
      .join(' ');
  return { ...address, client, emit, connect, lab, isDecided, end, noticed };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('openLink', () => {
  it('restores setup and view without training', async () => {
    const { lab, client, connect, isDecided, history, noticed } = openPage(
      '#v=1&preset=tanh&seed=7&runs=plain;pgd,eps:0.1&attack=0.2&scale=log&digit=3&first=96&engine=simd&hide=setup',
    );
    const { setup, attackEpsilon, view, examples, enginePreference, hiddenPanels } =
      lab.store.getState();
    expect(isDecided).toBe(true);
    expect(setup.entries.map(({ name }) => name)).toEqual(['Plain', 'PGD training ε 0.1']);
    expect(setup.shared).toMatchObject({ networkType: 'tanh', seed: '7' });
    expect({ attackEpsilon, enginePreference, hiddenPanels }).toEqual({
      attackEpsilon: 0.2,
      enginePreference: 'simd',
      hiddenPanels: ['setup'],
    });
    expect(view).toMatchObject({ isLogarithmic: true, exampleDigit: 3 });
    expect(examples.first).toBe(96);
    await vi.advanceTimersByTimeAsync(0); // the first image request is cancelled
    expect(client.testImages).toHaveBeenLastCalledWith(96, 48, expect.any(AbortSignal));
    expect(connect).toHaveBeenLastCalledWith('simd');
    expect(client.start).not.toHaveBeenCalled();
    expect(history.replaceState).not.toHaveBeenCalled();
    expect(noticed()).toBe('');
  });

  it('opens links from before there were places in the lab, with the ε of that time', () => {
    const { lab, isDecided, location } = openPage('#v=1&preset=tanh&seed=7');
    expect(isDecided).toBe(true);
    expect(lab.store.getState()).toMatchObject({ place: 'lab', attackEpsilon: 0.08 });
    vi.runAllTimers();
    expect(location.hash).toBe('#v=1&preset=tanh&seed=7');
  });

  it('opens a link at its place, or at the first one that it has left something in', () => {
    const place = (hash: string) => openPage(hash).lab.store.getState().place;
    expect(place('#v=1&place=robustness')).toBe('robustness');
    expect(place('#v=1&hide=paper&place=paper')).toBe('lab');
    expect(place('#v=1&place=inside&tab=margins')).toBe('robustness');
    expect(place('#v=1&hide=setup,advanced,curves,draw,examples,results')).toBe('how');
  });

  it('opens the defaults when a link is invalid, says why, and removes the link from the address', () => {
    const { lab, isDecided, location, noticed } = openPage('#v=1&preset=tanh&seed=-1');
    expect(isDecided).toBe(true);
    expect(lab.store.getState().setup.shared).toMatchObject({ networkType: 'relu', seed: '1' });
    expect(noticed()).toMatch(/cannot be opened, so the page shows its defaults\. seed: Seed must/);
    expect(location.hash).toBe('');
  });

  it('ignores unknown parts of a link, says so, and removes them from the address', () => {
    const { lab, isDecided, location, noticed } = openPage(
      '#v=1&preset=tanh&seed=7)&utm_source=news',
    );
    expect(isDecided).toBe(true);
    expect(lab.store.getState().setup.shared).toMatchObject({ networkType: 'tanh', seed: '7' });
    expect(noticed()).toBe(
      'These parts of the link are unknown to this page and were left out: “)”, “utm_source=news”.',
    );
    expect(location.hash).toBe('#v=1&preset=tanh&seed=7');
  });

  it('lets the saved experiment decide when there is no link', () => {
    expect(openPage('').isDecided).toBe(false);
    expect(openPage('#').isDecided).toBe(false);
  });

  it('lets a reload resume the tab’s own experiment, but not a link from elsewhere', () => {
    const first = openPage('#v=1&preset=tanh');
    expect(first.isDecided).toBe(true);
    first.lab.train();
    vi.runAllTimers();
    const { hash } = first.location;
    expect(hash).toBe('#v=1&preset=tanh');
    expect(openPage(hash, first.history.state).isDecided).toBe(false);
    expect(openPage(hash).isDecided).toBe(true);
    expect(openPage('#v=1&preset=maxout', first.history.state).isDecided).toBe(true);

    first.lab.reset();
    vi.runAllTimers();
    expect(openPage(hash, first.history.state).isDecided).toBe(true);
  });

  it.each([[42], ['x'], [{ link: 1, hasExperiment: 'yes' }], [[]]])(
    'ignores the history state %o',
    (state) => {
      expect(openPage('#v=1', state).isDecided).toBe(true);
    },
  );
});

describe('followLink', () => {
  it('writes the address only when the state has changed', () => {
    const { lab, history, location, emit } = openPage();
    vi.runAllTimers();
    emit({ type: 'dataProgress', part: 'test', loadedBytes: 1, totalBytes: 2 });
    lab.changeSettings({});
    vi.runAllTimers();
    expect(history.replaceState).not.toHaveBeenCalled();

    lab.changeSettings({ seed: '9' });
    vi.runAllTimers();
    expect(history.replaceState).toHaveBeenLastCalledWith(
      expect.anything(),
      '',
      '/lab/?x#v=1&preset=quick&seed=9&attack=0.1',
    );
    lab.changeSettings({ seed: '' }); // while the user types another one
    vi.runAllTimers();
    expect(location.hash).toBe('#v=1&preset=quick&attack=0.1');
  });

  it('writes at most twice a second, and always writes the last state', () => {
    const { lab, history, location } = openPage();
    for (let i = 1; i <= 300; i++) {
      lab.setAttackEpsilon(i / 1000);
      vi.advanceTimersByTime(10);
    }
    vi.runAllTimers();
    expect(history.replaceState.mock.calls.length).toBeGreaterThan(3);
    expect(history.replaceState.mock.calls.length).toBeLessThanOrEqual(8);
    expect(location.hash).toContain('attack=0.3');
  });

  it('continues when the browser refuses to change the address', () => {
    const { lab, history } = openPage();
    history.replaceState.mockImplementationOnce(() => {
      throw new DOMException('Too many calls', 'SecurityError');
    });
    lab.changeSettings({ seed: '9' });
    vi.runAllTimers();
    lab.changeSettings({ seed: '10' });
    vi.runAllTimers();
    expect(history.replaceState).toHaveBeenCalledTimes(2);
  });

  it('opens a pasted link and leaves the experiment on the page alone', () => {
    const { lab, client, paste, noticed, location } = openPage();
    lab.train();
    const { runs } = lab.store.getState();
    paste('#v=1&preset=maxout&engine=simd');
    expect(lab.store.getState().setup.shared.networkType).toBe('maxout');
    expect(lab.store.getState().runs).toBe(runs);
    expect(client.reset).not.toHaveBeenCalled();
    expect(client.terminate).not.toHaveBeenCalled();
    expect(lab.store.getState().enginePreference).toBe('auto');
    expect(noticed()).toBe(
      'The setup now comes from the link. The experiment on the page keeps its own settings. ' +
        'Start over to change its engine. Your browser’s Back button brings the previous setup back.',
    );
    vi.runAllTimers();
    expect(location.hash).toBe('#v=1&preset=maxout&engine=simd');

    paste('#v=1&seed=x');
    expect(lab.store.getState().setup.shared.networkType).toBe('relu');
    expect(noticed()).toMatch(/^This link cannot be opened, .* seed: Seed must be a whole number/);
    expect(location.hash).toBe('#v=1&preset=quick&attack=0.1');
  });

  it('gives each place a history entry, and replaces the entry for any other change', () => {
    const { lab, history, location } = openPage();
    lab.goTo('how');
    expect(history.pushState).toHaveBeenCalledOnce();
    expect(location.hash).toBe('#v=1&preset=quick&attack=0.1&place=how'); // at once
    lab.changeSettings({ seed: '9' });
    vi.runAllTimers();
    expect(location.hash).toBe('#v=1&preset=quick&seed=9&attack=0.1&place=how');
    lab.goTo('how');
    vi.runAllTimers();
    expect(history.pushState).toHaveBeenCalledOnce();
    lab.goTo('lab');
    expect(history.pushState).toHaveBeenCalledTimes(2);
    expect(location.hash).toBe('#v=1&preset=quick&seed=9&attack=0.1');
  });

  it('writes a change that was still to be written when the place changes', () => {
    const { lab, location } = openPage();
    lab.setAttackEpsilon(0.2);
    lab.goTo('paper');
    expect(location.hash).toBe('#v=1&preset=quick&attack=0.2&place=paper');
  });

  it('returns to the place before with Back, and keeps the setup that was changed meanwhile', () => {
    const { lab, back, forward, location, history, noticed } = openPage();
    const shown = () => {
      const { place, setup, attackEpsilon } = lab.store.getState();
      return [place, setup.shared.seed, attackEpsilon];
    };
    lab.changeSettings({ seed: '9' });
    vi.runAllTimers();
    lab.goTo('how');
    lab.goTo('robustness');
    lab.changeSettings({ seed: '10' });
    lab.setAttackEpsilon(0.3);
    vi.runAllTimers();
    history.pushState.mockClear();

    back();
    expect(shown()).toEqual(['how', '10', 0.3]);
    expect(location.hash).toBe('#v=1&preset=quick&seed=10&attack=0.3&place=how');
    back();
    expect(shown()).toEqual(['lab', '10', 0.3]);
    expect(location.hash).toBe('#v=1&preset=quick&seed=10&attack=0.3');
    forward();
    forward();
    expect(shown()).toEqual(['robustness', '10', 0.3]);
    vi.runAllTimers();
    expect(history.pushState).not.toHaveBeenCalled(); // or Forward would be lost
    expect(noticed()).toBe('');
  });

  it('returns with Back to a page that was opened without a link', () => {
    const { lab, back, location } = openPage('');
    lab.goTo('files');
    lab.setAttackEpsilon(0.3);
    vi.runAllTimers();
    back();
    const { place, attackEpsilon } = lab.store.getState();
    expect([place, attackEpsilon]).toEqual(['lab', 0.3]);
    expect(location.hash).toBe('#v=1&preset=quick&attack=0.3');
  });

  it('keeps a change that is still to be written when Forward has changed the address', () => {
    const { lab, back, forward, location, listeners } = openPage();
    lab.goTo('paper');
    back();
    vi.runAllTimers();
    lab.changeSettings({ seed: '9' });
    const [listener] = [...listeners];
    listeners.clear(); // the browser reports the new address a moment later
    forward();
    vi.runAllTimers();
    listener!();
    const { place, setup } = lab.store.getState();
    expect([place, setup.shared.seed]).toEqual(['paper', '9']);
    expect(location.hash).toBe('#v=1&preset=quick&seed=9&attack=0.1&place=paper');
  });

  it('returns with Back to the setup from before a pasted link, as its notice says', () => {
    const { lab, paste, back, forward } = openPage();
    const shown = () => {
      const { place, setup } = lab.store.getState();
      return [place, setup.shared.networkType, setup.shared.seed];
    };
    lab.changeSettings({ seed: '9' });
    vi.runAllTimers();
    paste('#v=1&preset=tanh&place=paper');
    lab.goTo('files');
    expect(shown()).toEqual(['files', 'tanh', '1']);
    back();
    expect(shown()).toEqual(['paper', 'tanh', '1']);
    back();
    expect(shown()).toEqual(['lab', 'relu', '9']);
    forward();
    expect(shown()).toEqual(['paper', 'tanh', '1']);
  });

  it('never starts or ends an experiment with Back', () => {
    const { lab, client, back } = openPage();
    lab.train();
    const { runs } = lab.store.getState();
    lab.goTo('inside');
    back();
    expect(lab.store.getState().place).toBe('lab');
    expect(lab.store.getState().runs).toBe(runs);
    expect(client.start).toHaveBeenCalledOnce();
    expect(client.reset).not.toHaveBeenCalled();
  });

  it('opens a pasted link at its place, and an older one in the lab', () => {
    const { lab, paste, history, location } = openPage();
    paste('#v=1&preset=tanh&place=paper');
    expect(lab.store.getState()).toMatchObject({ place: 'paper', attackEpsilon: 0.08 });
    expect(location.hash).toBe('#v=1&preset=tanh&place=paper');
    paste('#v=1&preset=maxout&attack=0.2');
    expect(lab.store.getState()).toMatchObject({ place: 'lab', attackEpsilon: 0.2 });
    expect(lab.store.getState().setup.shared.networkType).toBe('maxout');
    vi.runAllTimers();
    expect(history.pushState).not.toHaveBeenCalled(); // the browser has made these entries
  });

  it('stops after the returned function is called', () => {
    const { lab, history, listeners, end } = openPage();
    lab.changeSettings({ seed: '9' });
    end();
    lab.changeSettings({ seed: '10' });
    vi.runAllTimers();
    expect(history.replaceState).not.toHaveBeenCalled();
    expect(listeners.size).toBe(0);
  });
});
