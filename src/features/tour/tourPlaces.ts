/** The header's button, which gets the focus when the tour ends. */
export const tourButtonId = 'tour-button';

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
 * Scrolls a place into view, below the card if that is at the top. Panels render when they come on the screen
 * and move the content below them, so the place is followed until they are done or the user scrolls.
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
  const box = card?.getBoundingClientRect();
  const covered = box && box.top < innerHeight / 3 && box.width > innerWidth / 2 ? box.bottom : 0;
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const { top, bottom } = element.getBoundingClientRect();
  if (top >= covered && bottom <= innerHeight) return; // it is visible, as the dock always is
  scrollTo({ top: scrollY + top - covered - 24, behavior: isStill ? 'instant' : 'smooth' });
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
