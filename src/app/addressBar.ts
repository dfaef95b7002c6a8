import { shallow } from 'zustand/shallow';
import type { Lab } from '../experiment/lab.ts';
import { linkedPart, readLink, writeLink } from '../experiment/link/link.ts';
import { openReading } from '../experiment/link/openLink.ts';
import type { LabState } from '../experiment/state.ts';

/** Browsers refuse more than about 100 address changes in 30 s; this interval allows 60. */
const intervalMs = 500;

/** The parts of the window that links need. */
export interface AddressBar {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'state' | 'replaceState' | 'pushState'>;
  addEventListener(type: 'hashchange', listener: () => void): void;
  removeEventListener(type: 'hashchange', listener: () => void): void;
}

/** State that the browser stores with the address across a reload; a link from elsewhere has none. */
interface Mark {
  /** The tab's previous fragment, with "#". */
  readonly link: string;
  /** Whether there was an experiment on the page. */
  readonly hasExperiment: boolean;
  /** Shared by the entries between which the user went from place to place; a pasted link begins another series. */
  readonly series: number;
}

/**
 * Opens the link in the address bar: setup and view become the link's. An invalid link leaves
 * the defaults and a notice that says what was wrong. Parts that the page does not know are removed from the address.
 *
 * @param fragment `location.hash`
 * @returns whether the link decides which experiment the page shows, so that no other setup may replace it;
 *   false without a link, and when a tab with its own experiment is reloaded
 */
export function openLink(lab: Lab, fragment: string, bar: AddressBar = window): boolean {
  if (fragment === '' || fragment === '#') return false;
  const reading = readLink(fragment);
  openReading(lab, reading, true);
  if (reading.problems.length > 0) {
    // An invalid link must not be copied on or refused again after a reload.
    replace(bar, '', null);
    return true;
  }
  if (reading.leftOut.length > 0) {
    replace(bar, `#${writeLink(linkedPart(lab.store.getState()))}`, null);
    return true;
  }
  const mark = readMark(bar.history.state);
  return !(mark?.link === fragment && mark.hasExperiment);
}

/**
 * Keeps the address a link to the page's state, and opens links that are pasted into it. Call
 * it after the page's own link was opened. Nothing is written until the state changes.
 *
 * @returns a function that stops it
 */
export function followLink(lab: Lab, bar: AddressBar = window): () => void {
  const { getState, subscribe } = lab.store;
  const hasExperiment = ({ experimentId }: LabState): boolean => experimentId !== null;
  let part = linkedPart(getState());
  /** The link to `part`, made when first asked for, which the first screen does not do. */
  let text: string | null = null;
  let hadExperiment = hasExperiment(getState());
  let timer: ReturnType<typeof setTimeout> | null = null;
  let lastMs = -Infinity;
  let isOpening = false;
  let present = bar.location.hash;
  let series = readMark(bar.history.state)?.series ?? Math.random();

  function spell(): string {
    return (text ??= writeLink(part));
  }

  function mark(link: string, how?: 'replaceState' | 'pushState'): void {
    replace(bar, link, { link, hasExperiment: hadExperiment, series }, how);
    present = bar.location.hash;
  }

  function write(how: 'replaceState' | 'pushState' = 'replaceState'): void {
    timer = null;
    if (bar.location.hash !== present) return; // Back, Forward or a pasted link; openPasted is about to hear of it
    const state = getState();
    const before = spell();
    part = linkedPart(state);
    text = writeLink(part);
    if (text === before && hasExperiment(state) === hadExperiment) return;
    hadExperiment = hasExperiment(state);
    lastMs = performance.now();
    const link = text === before ? bar.location.hash : `#${text}`;
    mark(link, how);
  }

  /** Another place is a page of its own for the browser's Back button. */
  function enterPlace(): void {
    if (timer !== null) clearTimeout(timer);
    mark(bar.location.hash);
    write('pushState');
  }

  function schedule(): void {
    const delayMs = Math.max(0, lastMs + intervalMs - performance.now());
    timer ??= setTimeout(write, delayMs);
  }

  function openPasted(): void {
    const fragment = bar.location.hash;
    present = fragment;
    const before = series;
    series = readMark(bar.history.state)?.series ?? Math.random();
    if (fragment === `#${spell()}`) return;
    const reading = readLink(fragment);
    const isOwnEntry = series === before;
    isOpening = true;
    // Back and Forward between places keep what was changed in the meantime.
    if (isOwnEntry) lab.goTo(reading.state.place ?? 'lab');
    else openReading(lab, reading, false);
    isOpening = false;
    part = linkedPart(getState());
    text = writeLink(part);
    hadExperiment = hasExperiment(getState());
    const isWhole = !isOwnEntry && reading.problems.length + reading.leftOut.length === 0;
    mark(isWhole ? fragment : `#${text}`);
  }

  const unsubscribe = subscribe((state) => {
    if (isOpening) return;
    if (state.place !== part.place) enterPlace();
    else if (!shallow(linkedPart(state), part) || hasExperiment(state) !== hadExperiment) {
      schedule();
    }
  });
  bar.addEventListener('hashchange', openPasted);
  return () => {
    unsubscribe();
    bar.removeEventListener('hashchange', openPasted);
    if (timer !== null) clearTimeout(timer);
  };
}

/** @param link the fragment with "#", or '' for none */
function replace(
  { location, history }: AddressBar,
  link: string,
  mark: Mark | null,
  how: 'replaceState' | 'pushState' = 'replaceState',
): void {
  try {
    history[how](mark, '', `${location.pathname}${location.search}${link}`);
  } catch {
    // A browser may refuse (too many changes, or a page opened from a file); the link is then out of date.
  }
}

function readMark(state: unknown): Mark | null {
  const { link, hasExperiment, series } = (state ?? {}) as Partial<Record<keyof Mark, unknown>>;
  return typeof link === 'string' &&
    typeof hasExperiment === 'boolean' &&
    typeof series === 'number'
    ? { link, hasExperiment, series }
    : null;
}
