import { type FocusEvent, type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

interface ToolbarProps {
  readonly label: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

const itemSelector = 'a[href], button';

function listItems(bar: Element): HTMLElement[] {
  return [...bar.querySelectorAll<HTMLElement>(itemSelector)].filter(
    (item) => item.closest('[role="toolbar"]') === bar && item.closest('[role="menu"]') === null,
  );
}

/** Makes one item the stop of the Tab key. */
function setStop(items: readonly HTMLElement[], stop: HTMLElement | undefined): void {
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
}

/**
 * Links and buttons that are one stop of the Tab key; arrow keys, Home and End move between them, as the toolbars of
 * WAI-ARIA's Authoring Practices do. The stop is the item that had the focus last, at first what is current or available.
 */
export function Toolbar({ label, className, children }: ToolbarProps) {
  const bar = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = bar.current!;
    function refresh(): void {
      const items = listItems(element);
      setStop(
        items,
        items.find((item) => item.hasAttribute('tabindex') && item.tabIndex === 0) ??
          items.find((item) => item.hasAttribute('aria-current')) ??
          items.find((item) => item.getAttribute('aria-disabled') !== 'true') ??
          items[0],
      );
    }
    refresh();
    // Its content changes without it: menus open, and other digits arrive.
    const observer = new MutationObserver(refresh);
    observer.observe(element, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);

  function handleFocus({ target, currentTarget }: FocusEvent<HTMLDivElement>): void {
    const items = listItems(currentTarget);
    if (items.includes(target)) setStop(items, target);
  }

  function handleKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = listItems(event.currentTarget).filter((item) => item.getClientRects().length > 0);
    const from = items.indexOf(event.target as HTMLElement);
    if (from < 0) return;
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items.at(to % items.length)?.focus();
  }

  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label={label}
      className={className}
      onFocus={handleFocus}
      onKeyDown={handleKeyDown}
    >
      {children}
    </div>
  );
}
