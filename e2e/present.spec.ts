import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { findSmallText } from './screenRules.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

// The first screen on a projector.

for (const viewport of [
  { width: 1920, height: 1080 },
  { width: 1280, height: 720 },
  { width: 1024, height: 768 },
]) {
  test(`presents the first screen alone and large at ${viewport.width} × ${viewport.height}`, async ({
    lab,
    page,
  }) => {
    await page.setViewportSize(viewport);
    await page.goto('/');
    await page.getByRole('button', { name: 'View', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Present/ }).click();
    await expect(page).toHaveURL(/present=yes/);
    const draw = new DrawPanel(page);
    await expect(draw.verdict).toBeVisible();
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await expect(lab.button('Train')).toBeHidden();
    await expect(page.getByTestId('examples-summary')).toBeHidden();

    expect(await findSmallText(page, 24)).toEqual([]);
    const digits = draw.answers.getByRole('img', { name: /^The digit, attacked on / });
    await expect(digits).toHaveCount(3);
    for (const digit of await digits.all()) {
      const { width, height } = (await digit.boundingBox())!;
      expect(Math.round(width)).toBeGreaterThanOrEqual(viewport.width < 1280 ? 236 : 320);
      expect(Math.round(height)).toBe(Math.round(width));
      await expect(digit).toBeInViewport({ ratio: 1 });
    }
    await expect(draw.epsilon).toBeInViewport({ ratio: 1 });
    await expectNoSidewaysScroll(page);

    // The link opens it again, and the arrow keys step through the tour.
    await page.reload();
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await expectAccessible(page);
    const card = page.locator('[role="dialog"][aria-labelledby="tour-title"]');
    await page.keyboard.press('ArrowRight');
    await expect(page).toHaveURL(/tour=fooled/);
    await page.keyboard.press('ArrowRight');
    await expect(page).toHaveURL(/tour=draw/);
    await page.keyboard.press('ArrowLeft');
    await expect(page).toHaveURL(/tour=fooled/);
    await expect(card).toBeVisible();
    for (const digit of await digits.all()) await expect(digit).toBeInViewport({ ratio: 1 });
    const strip = (await card.boundingBox())!;
    const slider = (await draw.epsilon.boundingBox())!;
    expect(slider.y + slider.height).toBeLessThanOrEqual(strip.y);
    await expectAccessible(page, '[role="dialog"]');
    // On the slider they still move ε.
    await draw.epsilon.focus();
    await page.keyboard.press('ArrowRight');
    await expect(draw.epsilon).toHaveValue('0.11');
    await expect(page).toHaveURL(/tour=fooled/);

    await page.keyboard.press('Escape');
    await expect(page.getByRole('navigation')).toBeVisible();
    await expect(card).toHaveCount(0);
    await expect(page).not.toHaveURL(/present|tour/);
    await expect(lab.button('Train')).toBeVisible();
  });
}

test('trains from the tour’s strip, with progress, price and a verdict that leaves the way back free', async ({
  lab,
  page,
}) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await page.goto(
    '/#v=1&present=yes&tour=train&layers=48&images=4000&epochs=6&runs=plain;dropout;adversarial',
  );
  await expect(lab.noRuns).toBeAttached();
  await page.getByRole('button', { name: 'Start training' }).click();
  const outcome = page.locator('[data-testid=outcome]:not([data-kind=measuring])');
  const progress = page.getByTestId('dock-progress');
  await expect(progress).toBeInViewport({ ratio: 1 });
  await expectPadBesideCards(page);
  await expect(outcome).toBeVisible({ timeout: 90_000 });
  await expect(progress).toHaveCount(0);
  await expect(page.getByTestId('short-price')).toBeInViewport({ ratio: 1 });
  await expectPadBesideCards(page);
  const end = await outcome.evaluate((heading) => {
    const range = document.createRange();
    range.selectNodeContents(heading);
    return range.getBoundingClientRect().right;
  });
  const exit = (await page.getByRole('button', { name: /^Exit/ }).boundingBox())!;
  expect(end).toBeLessThanOrEqual(exit.x);
});

/** What stands under the pad must not make its column wider. */
async function expectPadBesideCards(page: Page): Promise<void> {
  const pad = (await new DrawPanel(page).pad.boundingBox())!;
  const cards = (await new DrawPanel(page).answers.boundingBox())!;
  expect(pad.x + pad.width).toBeLessThanOrEqual(cards.x);
}
