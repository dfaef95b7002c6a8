import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { tinyRun } from './labPage.ts';

const wide = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };
const schemes = ['light', 'dark'] as const;
type ColorScheme = (typeof schemes)[number];

async function expectAccessible(page: Page, colorScheme: ColorScheme): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
  // Colours on their way from one to the other have no contrast to judge.
  await page.evaluate(async () => {
    const transitions = document.getAnimations().filter((a) => a instanceof CSSTransition);
    await Promise.allSettled(transitions.map((transition) => transition.finished));
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`),
  );
  expect(found).toEqual([]);
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
}

for (const viewport of [wide, phone]) {
  test.describe(`${viewport.width} px`, () => {
    test.use({ viewport });

    test('axe finds nothing before, during and after training', async ({ lab, page }) => {
      test.setTimeout(300_000); // axe looks at the whole page ten times
      const isPhone = viewport === phone;
      await lab.open();
      await expect(lab.examples.getByRole('img').first()).toBeVisible();
      await checkSchemes();

      if (isPhone) await lab.button('Setup').click();
      await lab.fill({ ...tinyRun, 'Batch size': '0' });
      await checkSchemes();
      await lab.fill(tinyRun);
      if (isPhone) await page.getByRole('button', { name: 'Close' }).click();

      await lab.button('Train').click();
      await expect(lab.status('Finished')).toBeVisible({ timeout: 60_000 });
      await expect(lab.verdict).toBeVisible();
      await checkSchemes();
      await lab.showTable();
      await checkSchemes();
      // The curves drawn again, with the logarithmic scale's own ticks.
      await lab.curves.getByRole('checkbox', { name: 'Table' }).uncheck();
      await lab.curves.getByRole('checkbox', { name: 'Log scale' }).check();
      await checkSchemes();

      async function checkSchemes(): Promise<void> {
        for (const colorScheme of schemes) {
          await test.step(colorScheme, () => expectAccessible(page, colorScheme));
          await expectNoSidewaysScroll(page);
        }
      }
    });
  });
}

test('axe finds nothing in an error message', async ({ lab, page }) => {
  await lab.open();
  const [worker] = page.workers();
  await worker!.evaluate(() => {
    setTimeout(() => {
      throw new Error('stopped by a test');
    });
  });
  await expect(lab.alert).toBeVisible();
  for (const colorScheme of schemes) {
    await expectAccessible(page, colorScheme);
  }
});

test('trains with the keyboard alone', async ({ lab, page }) => {
  await lab.open();
  await lab.fill(tinyRun);
  await lab.field('Hidden layers').focus();
  const train = lab.button('Train');
  for (let presses = 0; presses < 40; presses++) {
    if (await train.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(train).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(lab.status('Finished')).toBeVisible({ timeout: 60_000 });
});
