/** Attribute of the place that the tour points at; global.css draws the frame. */
const mark = 'data-tour';

/** The first of the places that is on the page, or null when all are hidden. */
export function findPlace(places: readonly string[]): HTMLElement | null {
  for (const place of places) {
    const element = document.querySelector<HTMLElement>(place);
    if (element && element.getClientRects().length > 0) return element;
  }
  return null;
}

/** Frames a place. @returns a function that removes the frame */
export function framePlace(element: HTMLElement): () => void {
  element.setAttribute(mark, '');
  return () => element.removeAttribute(mark);
}

/** Milliseconds for which a place is kept in view while the page's layout still changes. */
const settlingMs = 3000;

/**
 * Scrolls a place into view, where neither the page's bar nor the card covers it. What is above it may still grow, so
 * the place is followed until that is done or the user scrolls.
 *
 * @returns a function that stops following it
 */
export function bringIntoView(element: HTMLElement, card: HTMLElement | null): () => void {
  scrollToPlace(element, card);
  const observer = new ResizeObserver(() => scrollToPlace(element, card));
  observer.observe(document.body);
  const timer = setTimeout(stop, settlingMs);
  const ownDoing = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
  for (const type of ownDoing) addEventListener(type, stop, { capture: true, passive: true });
  function stop(): void {
    clearTimeout(timer);
    observer.disconnect();
    for (const type of ownDoing) removeEventListener(type, stop, { capture: true });
  }
  return stop;
}

function scrollToPlace(element: HTMLElement, card: HTMLElement | null): void {
  const free = findFreeArea(card);
  const { top, bottom } = element.getBoundingClientRect();
  if (top >= free.top && bottom <= free.bottom) return; // it is visible, as the dock always is
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  scrollTo({ top: scrollY + top - free.top - 16, behavior: isStill ? 'instant' : 'smooth' });
}

/** The part of the screen between the page's bar and a card that is as wide as a phone. */
function findFreeArea(card: HTMLElement | null): { readonly top: number; readonly bottom: number } {
  const bar = document.querySelector('header')?.getBoundingClientRect().height ?? 0;
  const box = card?.getBoundingClientRect();
  if (!box || box.width < innerWidth / 2) return { top: bar, bottom: innerHeight };
  const isAtTop = box.top < innerHeight - box.bottom;
  return isAtTop ? { top: box.bottom, bottom: innerHeight } : { top: bar, bottom: box.top };
}

/** Puts the focus on a place, so that keyboard navigation continues there. */
export function focusPlace(element: HTMLElement): void {
  const target =
    element.matches('button, [href], input, select') || element.hasAttribute('tabindex')
      ? element
      : (element.querySelector<HTMLElement>('button, [href], input, select, [tabindex="0"]') ??
        element);
  target.focus({ preventScroll: true });
}
