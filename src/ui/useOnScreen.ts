import { type RefObject, useEffect } from 'react';

/**
 * Reports whether an element is, or is about to be, on the screen of a visible tab, and reports false
 * when it is removed.
 *
 * @param onChange must be stable between renders
 * @param nearness pixels above and below the screen that count as on it
 */
export function useOnScreen(
  place: RefObject<Element | null>,
  onChange: (isOnScreen: boolean) => void,
  nearness = 200,
): void {
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let isNear = false;
    const update = (): void => onChange(isNear && document.visibilityState === 'visible');
    const observer = new IntersectionObserver(
      (entries) => {
        isNear = entries.at(-1)!.isIntersecting;
        update();
      },
      { rootMargin: `${nearness}px 0px` },
    );
    observer.observe(element);
    document.addEventListener('visibilitychange', update);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', update);
      onChange(false);
    };
  }, [place, onChange, nearness]);
}
