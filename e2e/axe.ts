import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';

export const colorSchemes = ['light', 'dark'] as const;
export type ColorScheme = (typeof colorSchemes)[number];

/** Whether every panel is checked by every rule in every color scheme and width (`npm run test:full`). */
const isFull = process.env.TEST_FULL === '1';

/** Narrower pages are phones. */
const phoneWidth = 500;

/**
 * Rules that a color scheme or a width can break by itself. The others depend on the page's structure, which the
 * wide page in light colors shows.
 */
const rulesOf = {
  wide: { light: 'all', dark: ['color-contrast'] },
  phone: { light: ['target-size'], dark: [] },
} as const;

/**
 * Expects that axe finds nothing, in light and in dark.
 *
 * @param parts what it examines, as selectors; the whole page when omitted
 */
export async function expectAccessible(page: Page, ...parts: readonly string[]): Promise<void> {
  const { width } = page.viewportSize()!;
  for (const colorScheme of colorSchemes) {
    const rules = isFull ? 'all' : rulesOf[width < phoneWidth ? 'phone' : 'wide'][colorScheme];
    if (rules.length === 0) continue;
    await test.step(`axe, ${colorScheme}`, async () => {
      await setColorScheme(page, colorScheme);
      await expectNoViolations(page, parts, rules);
    });
  }
}

/** The page in one color scheme, with all its colors there. */
export async function setColorScheme(page: Page, colorScheme: ColorScheme): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
  // Colors on their way from one to the other have no contrast to judge.
  await page.evaluate(async () => {
    const transitions = document.getAnimations().filter((a) => a instanceof CSSTransition);
    await Promise.allSettled(transitions.map((transition) => transition.finished));
  });
}

/**
 * Whether the bars at the top and the bottom stay in place while the page scrolls. There they cover parts of buttons,
 * which axe takes for too small.
 */
async function setPinned(page: Page, isPinned: boolean): Promise<void> {
  await page.evaluate((pinned) => {
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (pinned && element.dataset.unpinned !== undefined) {
        element.style.removeProperty('position');
        delete element.dataset.unpinned;
      } else if (!pinned && getComputedStyle(element).position === 'sticky') {
        element.style.position = 'relative';
        element.dataset.unpinned = '';
      }
    }
  }, isPinned);
}

/** Expects that axe finds nothing in the page's present colors; `parts` as above. */
async function expectNoViolations(
  page: Page,
  parts: readonly string[],
  rules: readonly string[] | 'all' = 'all',
): Promise<void> {
  const builder = new AxeBuilder({ page })
    .options({
      // Passed rules are not listed, and no second page merges the results of frames, of which the page has
      // none: a whole page takes 1 s instead of 5.
      resultTypes: ['violations'],
      ...(rules === 'all'
        ? { rules: { 'target-size': { enabled: true } } }
        : { runOnly: { type: 'rule', values: [...rules] } }),
    })
    .setLegacyMode();
  for (const part of parts) builder.include(part);
  await setPinned(page, false);
  const { violations } = await builder.analyze();
  await setPinned(page, true);
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
  );
  expect(found).toEqual([]);
}
