import type { Locator, Page } from '@playwright/test';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';
import { results } from './resultsTable.ts';

// What is where in the Lab, and that it stays there.

/** An experiment that any machine finishes in seconds. */
const shortExperiment = '/#v=1&layers=16&images=640&epochs=3&runs=plain;dropout;adversarial';

const heightOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollHeight);

/** The layout shifts since the page was opened, added up, without those right after a person's input. */
function sumLayoutShifts(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        // A shift has what the types of the DOM do not list yet.
        type LayoutShift = PerformanceEntry & { readonly value: number; hadRecentInput: boolean };
        new PerformanceObserver((list) => {
          const shifts = list.getEntries() as LayoutShift[];
          resolve(
            shifts.reduce(
              (sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value),
              0,
            ),
          );
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(resolve, 1000, 0); // there were none
      }),
  );
}

/** The verdict once all networks are measured. */
function verdictOf(page: Page): Locator {
  return page.locator('[data-testid=outcome]:not([data-kind=measuring])');
}

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
  { width: 360, height: 740 },
]) {
  const isPhone = viewport.width < 768;
  test.describe(`${viewport.width} × ${viewport.height}`, () => {
    test.use({ viewport, hasTouch: isPhone, isMobile: isPhone });

    test('four networks train to a verdict, and nothing moves', async ({ lab, page }) => {
      const draw = new DrawPanel(page);
      await page.goto('/#v=1&layers=48&images=4000&epochs=6&runs=plain;dropout;adversarial;noise');
      await expect(lab.examples.getByTestId('examples-summary')).toBeAttached({ timeout: 60_000 });
      const train = lab.button('Train');
      await expect(train).toBeInViewport({ ratio: 1 });
      await expect(draw.epsilon).toBeInViewport({ ratio: 1 });
      const position = await train.boundingBox();
      const slider = await draw.epsilon.boundingBox();
      await train.click();
      // A second press at the same point pauses.
      const { x, y } = (await lab.button('Pause').boundingBox())!;
      expect([x, y]).toEqual([position!.x, position!.y]);
      await expect(draw.cards).toHaveCount(4);
      expect((await draw.epsilon.boundingBox())!.y).toBeCloseTo(slider!.y, 0);
      await lab.expectFinished(4);
      await expect(verdictOf(page)).toBeVisible({ timeout: 60_000 });
      await expect(verdictOf(page)).toBeInViewport({ ratio: 1 });
      // What the winner costs, too, which stands below the first screen in full.
      if (isPhone) await expect(page.getByTestId('short-price')).toBeInViewport({ ratio: 1 });
      await expect(draw.epsilon).toBeInViewport({ ratio: 1 });
      expect((await draw.epsilon.boundingBox())!.y).toBeCloseTo(slider!.y, 0);
      expect(await sumLayoutShifts(page)).toBeLessThan(0.02);
      await expectNoSidewaysScroll(page);
    });
  });
}

test.describe('on a desktop', () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test('the Lab is at most one and a half screens before training and two after it, and the verdict moves nothing', async ({
    lab,
    page,
  }) => {
    const { pad } = new DrawPanel(page);
    const next = page.getByRole('group', { name: 'What next' });
    // Long enough for a clear verdict.
    await page.goto('/#v=1&layers=48&images=4000&epochs=6&runs=plain;dropout;adversarial');
    await expect(lab.examples.getByTestId('examples-summary')).toBeVisible({ timeout: 60_000 });
    expect(await heightOf(page)).toBeLessThanOrEqual(1440);
    await lab.button('Train').click();
    await lab.expectTraining(1, 3);
    const before = await pad.boundingBox();
    const curves = await lab.curves.boundingBox();
    await lab.expectFinished(3);
    await expect(verdictOf(page)).toBeVisible({ timeout: 60_000 });
    await expect(next).toBeInViewport({ ratio: 1 });
    await expect(lab.curves.locator('[data-chart] svg.recharts-surface')).toHaveCount(2);
    expect(await heightOf(page)).toBeLessThanOrEqual(1800);
    expect(await pad.boundingBox()).toEqual(before);
    expect(Math.abs((await lab.curves.boundingBox())!.y - curves!.y)).toBeLessThan(24);
    expect(await sumLayoutShifts(page)).toBeLessThan(0.02);
  });

  test('a test digit’s detail opens below its row, in view, and the digit stays in its place', async ({
    lab,
    page,
  }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(shortExperiment);
    const summary = lab.examples.getByTestId('examples-summary');
    await expect(summary).toBeVisible({ timeout: 60_000 });
    const tiles = lab.examples.getByTestId('example-tile');
    const detail = lab.examples.getByTestId('example-detail');

    await tiles.nth(1).click();
    await expect(tiles.nth(1)).toHaveAttribute('aria-expanded', 'true');
    await expect(detail).toBeInViewport({ ratio: 1 });
    await expect(detail).toHaveId((await tiles.nth(1).getAttribute('aria-controls'))!);
    expect((await detail.boundingBox())!.y).toBeGreaterThan((await tiles.nth(1).boundingBox())!.y);

    await test.step('with the keyboard, as a disclosure', async () => {
      await page.keyboard.press('Enter');
      await expect(detail).toHaveCount(0);
      await page.keyboard.press('Space');
      await expect(detail).toHaveCount(1);
      await expect(tiles.nth(1)).toBeFocused();
      // What it holds comes next.
      await page.keyboard.press('Tab');
      await expect(detail.getByRole('button').first()).toBeFocused();
    });

    await test.step('a tile of a later row', async () => {
      const last = tiles.last();
      await last.scrollIntoViewIfNeeded();
      await last.click();
      await expect(last).toHaveAttribute('aria-expanded', 'true');
      await expect(detail).toHaveCount(1);
      await expect(detail).toBeInViewport({ ratio: 1 });
      await expect(last).toBeInViewport();
    });
  });

  test('the verdict leads to the panel that shares the experiment', async ({ lab, page }) => {
    await page.goto(shortExperiment);
    await lab.button('Train').click();
    await expect(verdictOf(page)).toBeVisible({ timeout: 90_000 });
    const next = page.getByRole('group', { name: 'What next' });
    await next.getByRole('button', { name: /^Share/ }).click();
    const link = page.getByRole('textbox', { name: /^Link/ });
    await expect(link).toBeVisible();
    await expect(link).toHaveValue(/layers=16&images=640/);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the verdict, the digit and the predictions are on the first screen, and the table shows whose numbers they are', async ({
    lab,
    page,
  }) => {
    await page.goto(shortExperiment);
    await lab.button('Train').tap();
    await expect(verdictOf(page)).toBeVisible({ timeout: 90_000 });
    await page.evaluate(() => scrollTo(0, 0));
    await expect(verdictOf(page)).toBeInViewport({ ratio: 1 });
    await expect(new DrawPanel(page).pad).toBeInViewport({ ratio: 1 });
    for (const card of await new DrawPanel(page).cards.all()) {
      await expect(card).toBeInViewport({ ratio: 1 });
    }
    const next = page.getByRole('group', { name: 'What next' });
    for (const button of await next.getByRole('button').all()) {
      expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    }

    await page.setViewportSize({ width: 360, height: 740 });
    const frame = results(page).getByRole('group', { name: 'Results of all runs' });
    await frame.scrollIntoViewIfNeeded();
    // Scrolled to the last column, the names stay where they are, and whole.
    await frame.evaluate((element) => element.scrollTo({ left: element.scrollWidth }));
    for (const name of await frame.getByRole('rowheader').all()) {
      await expect(name).toBeInViewport({ ratio: 1 });
      expect(await name.evaluate((cell) => cell.scrollWidth <= cell.clientWidth)).toBe(true);
    }
    const last = frame.getByRole('columnheader').last();
    await expect(last).toBeInViewport({ ratio: 1 });
  });
});
