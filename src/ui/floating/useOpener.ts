import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useId,
  useRef,
  useState,
} from 'react';

/** What a menu or popover needs to know of the button that opens it. */
export interface Anchored {
  readonly anchor: RefObject<HTMLButtonElement | null>;
  /** Of the button. */
  readonly id: string;
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
  /** Called when its code is there. */
  readonly onLoad: () => void;
}

/**
 * The state of a menu or popover whose code is loaded on demand, and the properties of the button that opens it. The
 * button itself is there at once. Until the code has arrived, a person who goes elsewhere, presses again or presses
 * Escape has changed their mind.
 *
 * @param popup what it opens, for assistive technology
 * @param onOpen called when a press opens it
 * @returns `anchored` is null until it is first opened
 */
export function useOpener(popup: 'menu' | 'dialog', onOpen?: () => void) {
  const anchor = useRef<HTMLButtonElement>(null);
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [isLoaded, setLoaded] = useState(false);
  const onLoad = useCallback(() => setLoaded(true), []);
  const button = {
    ref: anchor,
    id,
    'aria-haspopup': popup,
    'aria-expanded': isOpen && isLoaded,
    'aria-busy': isOpen && !isLoaded,
    // The name that Mantine gives it.
    'aria-controls': isOpen && isLoaded ? `${id}-dropdown` : undefined,
    onClick: (): void => {
      if (!isOpen) onOpen?.();
      setOpen(!isOpen);
    },
    onKeyDown: (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOpen(false);
    },
    onBlur: ({ relatedTarget }: FocusEvent): void => {
      const isRetry = Boolean(relatedTarget?.closest('[data-kind=floating]'));
      if (!isLoaded && !isRetry) setOpen(false);
    },
  } as const;
  // Mounted from then on, to close with its animation; a load that failed is tried again at the next press.
  const anchored: Anchored | null =
    isOpen || isLoaded ? { anchor, id, isOpen, onChange: setOpen, onLoad } : null;
  return { button, isOpen, anchored };
}
