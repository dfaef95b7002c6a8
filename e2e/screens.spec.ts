import type { Page } from '@playwright/test';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import type { LabPage } from './labPage.ts';
import { findSmallTargets, findSmallText } from './screenRules.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

// Sizes of what is read and pressed, in every place.

const places = ['How it works', 'Look inside', 'Robustness', 'Paper', 'Files'] as const;
const leastTextPx = 15;
/** A short experiment, so that any machine finishes it. */
const shortLink = '/#v=1&layers=16&images=640&epochs=3&runs=plain;dropout;adversarial';

/** Visits every place, and the Lab before and after training with all that is folded away at first. */
async function visitAll(
  lab: LabPage,
  page: Page,
  check: (where: string) => Promise<void>,
): Promise<void> {
  await page.goto(shortLink);
  await expect(page.getByTestId('examples-summary')).toBeVisible({ timeout: 60_000 });
  await check('Lab at first');
  await new DrawPanel(page).openMore();
  await page.getByRole('button', { name: 'More settings' }).click();
  await check('Lab unfolded');
  await page.getByRole('button', { name: 'More settings' }).click();
  await lab.button('Train').click();
  await lab.expectFinished(3);
  await expect(page.getByTestId('outcome')).toBeVisible({ timeout: 60_000 });
  await check('Lab after training');
  for (const place of places) {
    await lab.goTo(place);
    await expect(page.getByRole('region').first()).toBeVisible();
    await check(place);
  }
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('targets are as large as a fingertip and text is large enough', async ({ lab, page }) => {
    await visitAll(lab, page, async (where) => {
      expect.soft(await findSmallTargets(page, 44), where).toEqual([]);
      expect.soft(await findSmallText(page, leastTextPx), where).toEqual([]);
    });
    await lab.goTo('Lab');
    for (const name of ['View', 'More commands']) {
      await page.getByRole('button', { name, exact: true }).tap();
      await expect(page.getByRole('menu')).toBeVisible();
      expect.soft(await findSmallTargets(page, 44), name).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('menu')).toHaveCount(0);
    }
  });
});

test('on a desktop, targets are 24 pixels large and text is large enough', async ({
  lab,
  page,
}) => {
  await visitAll(lab, page, async (where) => {
    expect.soft(await findSmallTargets(page, 24), where).toEqual([]);
    expect.soft(await findSmallText(page, leastTextPx), where).toEqual([]);
  });
});

/** A window of 1280 × 1024 at 400 %. */
const enlarged = { width: 320, height: 256 };

test('no place scrolls sideways, from narrow phones to tablets and at 400 % zoom', async ({
  lab,
  page,
}) => {
  const sizes = [
    ...[320, 360, 390, 768, 834, 1024].map((width) => ({ width, height: 844 })),
    { width: 844, height: 390 },
    enlarged,
  ];
  await visitAll(lab, page, async (where) => {
    for (const size of sizes) {
      await page.setViewportSize(size);
      // Charts follow the window a moment later.
      await test.step(`${where}, ${size.width} × ${size.height}`, () =>
        expect(() => expectNoSidewaysScroll(page)).toPass({ timeout: 5000 }));
    }
    // There, what stays while the page scrolls leaves it three quarters of the window.
    expect(await findCoveredShare(page), where).toBeLessThan(0.25);
  });
});

/** Which share of the window's height bars cover in the middle of the page. */
function findCoveredShare(page: Page): Promise<number> {
  return page.evaluate(() => {
    scrollTo(0, document.documentElement.scrollHeight / 2);
    const stays = (element: Element | null): boolean =>
      element !== null &&
      (['sticky', 'fixed'].includes(getComputedStyle(element).position) ||
        stays(element.parentElement));
    const rows = Array.from({ length: innerHeight }, (_, y) => y);
    const covered = rows.filter((y) => stays(document.elementFromPoint(innerWidth / 2, y + 0.5)));
    scrollTo(0, 0);
    return covered.length / rows.length;
  });
}

test.describe('while it trains', () => {
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 360, height: 740 },
  ]) {
    test.use({ hasTouch: true, isMobile: true });

    test(`a phone of ${viewport.width} px shows the progress without scrolling, and the whole name`, async ({
      lab,
      page,
    }) => {
      await page.setViewportSize(viewport);
      await page.goto('/#v=1&layers=16&images=640&epochs=1000&runs=plain;adversarial');
      await lab.button('Train').tap();
      await lab.expectTraining(1, 2);
      const progress = page.getByTestId('dock-progress');
      await expect(progress).toBeInViewport({ ratio: 1 });
      await expect(progress).toHaveText(/^Epoch \d+\/1000$/);
      expect(await page.evaluate(() => scrollY)).toBe(0);
      // One row: the button, the progress and the menu.
      const button = (await lab.button('Pause').boundingBox())!;
      const box = (await progress.boundingBox())!;
      expect(box.y).toBeGreaterThanOrEqual(button.y - 1);
      expect(box.y + box.height).toBeLessThanOrEqual(button.y + button.height + 1);

      const name = page.getByRole('heading', { level: 1, name: 'Adversarial Gradient Lab' });
      expect(await name.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
      await expectNoSidewaysScroll(page);
    });
  }
});
