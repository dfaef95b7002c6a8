import { type KeyboardEvent, type RefObject, useId, useRef, useState } from 'react';

/** What a menu or popover needs to know of the button that opens it. */
export interface Anchored {
  readonly anchor: RefObject<HTMLButtonElement | null>;
  /** Of the button. */
  readonly id: string;
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
}

/**
 * The state of a menu or popover whose code is loaded on demand, and the properties of the button that opens it. The
 * button itself is there at once.
 *
 * @param popup what it opens, for assistive technology
 * @param onOpen called when a press opens it
 * @returns `anchored` is null until it is opened first
 */
export function useOpener(popup: 'menu' | 'dialog', onOpen?: () => void) {
  const anchor = useRef<HTMLButtonElement>(null);
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  const button = {
    ref: anchor,
    id,
    'aria-haspopup': popup,
    'aria-expanded': isOpen,
    'aria-controls': isOpen ? `${id}-dropdown` : undefined,
    onClick: (): void => {
      if (!isOpen) onOpen?.();
      setWasOpened(true);
      setOpen(!isOpen);
    },
    onKeyDown: (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOpen(false);
    },
  } as const;
  const anchored: Anchored | null = wasOpened ? { anchor, id, isOpen, onChange: setOpen } : null;
  return { button, isOpen, anchored };
}
