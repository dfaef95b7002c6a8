import type { Locator, Page } from '@playwright/test';
import { three } from '../tools/browsers/digits.ts';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

// What a first visit shows, and what it leads to.

/** The predictions of a card, as the page has them: without an attack, and under attack. */
function readCards(draw: DrawPanel): Promise<(readonly [before: string, after: string])[]> {
  return draw.cards.evaluateAll((cards) =>
    cards.map(({ dataset }) => [dataset.before ?? '', dataset.after ?? ''] as const),
  );
}

test('a first visit shows the headline and three networks’ predictions before any weights arrive, and the networks then say the same', async ({
  page,
}) => {
  const draw = new DrawPanel(page);
  const asked: string[] = [];
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/pretrained/*.safetensors', async (route) => {
    asked.push(route.request().url());
    await released;
    await route.continue();
  });
  await page.goto('/');
  await expect.poll(() => new Set(asked).size).toBe(3);

  await expect(draw.verdict).toHaveAttribute('data-answered');
  await expect(draw.verdict).toContainText(/\b4\b/);
  await expect(draw.cards).toHaveCount(3);
  const early = await readCards(draw);
  // The story: all of them read the 4, the attack fools plain and dropout, and ABP holds.
  expect(early.map(([before]) => before)).toEqual(['4', '4', '4']);
  const holds = early.map(([before, after]) => after === before);
  expect(holds).toEqual([false, false, true]);
  for (const [, after] of early) expect(after).toMatch(/^\d$/);
  // Each with its attacked digit and the smallest ε that fools it.
  const attackedImages = draw.answers.getByRole('img', { name: /^The digit, attacked on / });
  const readImages = () =>
    attackedImages.evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL()));
  await expect(attackedImages).toHaveCount(3);
  const earlyImages = await readImages();
  await expect(
    draw.region.getByTestId('smallest-found').and(page.locator('[data-levels]')),
  ).toHaveCount(3);
  const headline = await draw.verdict.textContent();

  await test.step('the slider is answered at once, between the prepared values by the nearest', async () => {
    const shown = page.getByTestId('shown-epsilon');
    await draw.epsilon.fill('0.3');
    await expect(draw.verdict).toContainText(/0\.30|ABP/);
    expect((await readCards(draw)).map(([, after]) => after)).toEqual(['9', '2', '8']);
    // With the attacked digits of that ε, which are fetched now.
    await expect(attackedImages).toHaveCount(3);
    expect(await readImages()).not.toEqual(earlyImages);
    await expect(shown).toHaveCount(0);
    await draw.epsilon.fill('0.01');
    await expect(shown).toContainText('0.02');
    await draw.epsilon.fill('0');
    await expect(shown).toHaveCount(0);
    await expect(attackedImages).toHaveCount(0);
    await draw.epsilon.fill('0.1');
    await expect(draw.verdict).toHaveText(headline!);
    expect(await readCards(draw)).toEqual(early);
    expect(await readImages()).toEqual(earlyImages);
  });

  await test.step('another digit has its attacked images, too', async () => {
    await draw.region.getByRole('button', { name: 'Put a test 7 on the pad' }).click();
    await expect
      .poll(async () => (await readCards(draw)).map(([before]) => before))
      .toEqual(['7', '7', '7']);
    await expect(attackedImages).toHaveCount(3);
    expect(new Set([...(await readImages()), ...earlyImages]).size).toBe(6);
    await draw.button('Undo').click();
    await expect.poll(readImages).toEqual(earlyImages);
  });

  release();
  await expect(page.getByTestId('examples-summary')).toBeVisible({ timeout: 60_000 });
  // The networks' own attack is there.
  await draw.openMore();
  await draw.expectAttack({ attack: 'margin-pgd', epsilon: '0.1' });
  expect(await readCards(draw)).toEqual(early);
  await expect(draw.verdict).toHaveText(headline!);

  await test.step('the page’s digit makes room for a drawing, and comes back', async () => {
    await draw.drawByMouse(three);
    await draw.expectAnswer(3);
    await draw.button('Undo').click();
    await draw.expectAnswer(4);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a finger draws, sees three predictions without scrolling, trains, and sees the outcome', async ({
    lab,
    page,
  }) => {
    const draw = new DrawPanel(page);
    // A short experiment, so that any machine finishes it.
    await page.goto('/#v=1&layers=16&images=640&epochs=3&runs=plain;dropout;adversarial');
    await expect(lab.engine).toContainText('float32', { timeout: 60_000 });
    await expect(page.getByTestId('examples-summary')).toBeVisible();
    await expectInView(draw.pad);

    await drawByFinger(page, await draw.locate(three));
    await draw.expectAnswer(3);
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
    await expect(draw.cards).toHaveCount(3);
    for (const card of await draw.cards.all()) await expectInView(card);
    await expectInView(draw.verdict);
    await expectNoSidewaysScroll(page);

    const train = lab.button('Train');
    await expectInView(train);
    await train.tap();
    await lab.expectFinished(3);
    const outcome = draw.region.getByTestId('outcome');
    await expect(outcome).toBeVisible({ timeout: 60_000 });
    await expectInView(outcome);
    await expect(draw.verdict).toHaveCount(0);
    await expectNoSidewaysScroll(page);
  });
});

async function drawByFinger(
  page: Page,
  points: readonly { readonly x: number; readonly y: number }[],
): Promise<void> {
  const touch = await page.context().newCDPSession(page);
  const [first, ...rest] = points;
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [first!] });
  for (const point of rest) {
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] });
  }
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

/** Expects that all of it is in the window, and that nothing that stays in place covers it. */
async function expectInView(target: Locator): Promise<void> {
  await expect(target).toBeInViewport({ ratio: 1 });
  const isCovered = await target.evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return [top + 1, bottom - 1].some((y) => {
      const found = document.elementFromPoint((left + right) / 2, y);
      return found === null || !(element.contains(found) || found.contains(element));
    });
  });
  expect(isCovered).toBe(false);
}
