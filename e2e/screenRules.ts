import type { Page } from '@playwright/test';

/** What is visible and can be pressed but is smaller than a target must be: "44 × 32 button Undo". */
export function findSmallTargets(page: Page, least: number): Promise<string[]> {
  return page.evaluate((side) => {
    const pressed =
      'a[href], button, select, input, textarea, summary, [role=button], [role=tab], [role^=menuitem], [role=slider], [role=switch]';
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(pressed)) {
      const areas = [element, ...((element as HTMLInputElement).labels ?? [])].map((part) =>
        part.getBoundingClientRect(),
      );
      const isShown = element.checkVisibility({ visibilityProperty: true });
      // Clipped to a point: skip links without the focus, and files' own fields.
      if (!isShown || areas[0]!.width <= 1 || areas[0]!.height <= 1) continue;
      const parent = element.parentElement!;
      const isInSentence =
        getComputedStyle(element).display.startsWith('inline') &&
        [...parent.childNodes].some(
          (node) => node.nodeType === Node.TEXT_NODE && /\w{2}/.test(node.textContent!),
        );
      if (isInSentence && element.matches('a')) continue;
      const isBox = element.matches('[type=checkbox], [type=radio]');
      const own = isBox ? areas : areas.slice(0, 1);
      const width =
        Math.max(...own.map((area) => area.right)) - Math.min(...own.map((area) => area.left));
      const height =
        Math.max(...own.map((area) => area.bottom)) - Math.min(...own.map((area) => area.top));
      if (Math.min(width, height) >= side - 0.5) continue;
      const name =
        element.getAttribute('aria-label') ??
        (element as HTMLInputElement).labels?.[0]?.textContent ??
        element.textContent;
      found.push(
        `${Math.round(width)} × ${Math.round(height)} ${element.tagName.toLowerCase()} ${name.trim().slice(0, 40)}`,
      );
    }
    return found;
  }, least);
}

/** Visible text smaller than this, outside charts: "13 px legend Network type". */
export function findSmallText(page: Page, leastPx: number): Promise<string[]> {
  return page.evaluate((least) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set<string>();
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent!.trim();
      const element = walker.currentNode.parentElement!;
      if (
        text === '' ||
        element.closest(
          'svg, canvas, sub, sup, [data-axis], script, style, #recharts_measurement_span',
        )
      )
        continue;
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      const { width, height } = element.getBoundingClientRect();
      if (width <= 1 || height <= 1) continue;
      const size = Number.parseFloat(getComputedStyle(element).fontSize);
      // Text of no size is a name for screen readers beside an icon.
      if (size > 0 && size < least)
        found.add(`${size} px ${element.tagName.toLowerCase()} ${text.slice(0, 40)}`);
    }
    return [...found];
  }, leastPx);
}
