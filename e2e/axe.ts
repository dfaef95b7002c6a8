import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';

export const colorSchemes = ['light', 'dark'] as const;
export type ColorScheme = (typeof colorSchemes)[number];

/**
 * Expects that axe finds nothing, in light and in dark.
 *
 * @param parts what it looks at, as selectors; the whole page where nothing is said
 */
export async function expectAccessible(page: Page, ...parts: readonly string[]): Promise<void> {
  for (const colorScheme of colorSchemes) {
    await test.step(`axe, ${colorScheme}`, async () => {
      await setColorScheme(page, colorScheme);
      await expectNoViolations(page, ...parts);
    });
  }
}

/** The page in one colour scheme, with all its colours there. */
export async function setColorScheme(page: Page, colorScheme: ColorScheme): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
  // Colours on their way from one to the other have no contrast to judge.
  await page.evaluate(async () => {
    const transitions = document.getAnimations().filter((a) => a instanceof CSSTransition);
    await Promise.allSettled(transitions.map((transition) => transition.finished));
  });
}

/** Expects that axe finds nothing in the page's present colours; `parts` as above. */
export async function expectNoViolations(page: Page, ...parts: readonly string[]): Promise<void> {
  const builder = new AxeBuilder({ page })
    // What passes is not listed, and no second page puts the results of frames together, of which the lab
    // has none: a whole page takes 1 s and not 5.
    .options({ resultTypes: ['violations'] })
    .setLegacyMode();
  for (const part of parts) builder.include(part);
  const { violations } = await builder.analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
  );
  expect(found).toEqual([]);
}
