import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

/** The guided tour's card and the button that opens it. @param isTouch buttons are tapped */
function tourOf(
  page: Page,
  isTouch = false,
): {
  card: Locator;
  start: Locator;
  /** What has come of the step's action, or why it cannot be done. */
  outcome: Locator;
  press: (name: string) => Promise<void>;
  expectStep: (title: string) => Promise<void>;
} {
  const card = page.locator('[role="dialog"][aria-labelledby="tour-title"]');
  return {
    card,
    start: page.getByRole('button', { name: 'Tour', exact: true }),
    outcome: card.getByTestId('tour-outcome'),
    press: (name) => {
      const button = card.getByRole('button', { name, exact: true });
      return isTouch ? button.tap() : button.click();
    },
    expectStep: (title) => expect(card.getByRole('heading', { name: title })).toBeFocused(),
  };
}

const framed = (page: Page): Locator => page.locator('[data-tour]');

const wide = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };
for (const viewport of [wide, phone]) {
  test.describe(`${viewport.width} px`, () => {
    test.use({ viewport, hasTouch: viewport === phone });

    test('leads through five steps, and is visible at each', async ({ lab, page }) => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await lab.open('/#v=1&preset=tanh&layers=16&images=640&epochs=3');
      const isTouch = viewport === phone;
      const { card, start, outcome, press, expectStep } = tourOf(page, isTouch);
      await (isTouch ? start.tap() : start.click());
      await expectStep('Choose what to train');
      await expectAccessible(page, '[role="dialog"]', 'header');
      await press('Choose the Quick look');
      await expect(outcome).toHaveAttribute('data-outcome', 'done');
      await expect(page).toHaveURL(/preset=quick&tour=choose$/);
      await press('Next');
      await expectStep('Train them side by side');
      await expect(
        framed(page).getByRole('button', { name: 'Train', exact: true }),
      ).toBeInViewport();
      await press('Start the experiment');
      await expect(outcome).toHaveAttribute('data-outcome', 'done');
      await expect(lab.runStatuses).toHaveCount(3);
      await press('Next');
      await expectStep('Attack them');
      await expect(framed(page)).toHaveAttribute('data-panel', 'Examples');
      await press('Set the attack’s ε to 0.20');
      await expect(lab.attackSlider).toHaveValue('0.2');
      await press('Next');
      await expectStep('Draw a digit yourself');
      await expect(framed(page)).toHaveAttribute('data-panel', 'Draw');
      await press('Put a test 7 on the pad');
      await expect(page.getByRole('img', { name: 'The drawing as 28 by 28 pixels' })).toBeVisible();
      await press('Next');
      await expectStep('Look inside');
      await expect(framed(page)).toHaveAttribute('data-panel', 'Inside the networks');
      await expect(framed(page)).toBeInViewport();
      await press('Show the step in slow motion');
      await expect(page.getByRole('region', { name: 'How it works' })).toBeInViewport();
      // The longest of its texts leaves the buttons whole.
      expect(await card.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
      await expectAccessible(page, '[role="dialog"]', 'header');
      await press('Back');
      await expectStep('Draw a digit yourself');
      await expectNoSidewaysScroll(page);
      await press('Next');
      await press('Finish');
      await expect(card).toHaveCount(0);
      await expect(framed(page)).toHaveCount(0);
      await expect(start).toBeFocused();
    });
  });
}

test('can be taken and left at any step with the keyboard alone', async ({ lab, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lab.open();
  const { card, start, expectStep } = tourOf(page);
  await start.focus();
  await page.keyboard.press('Enter');
  await expectStep('Choose what to train');
  // Tab leads through the card and then out of it: it is no trap.
  for (const name of ['Choose the Quick look', 'Go there', 'Back', 'Next']) {
    await page.keyboard.press('Tab');
    await expect(card.getByRole('button', { name, exact: true })).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expectStep('Train them side by side');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter'); // Go there
  await expect(lab.button('Train')).toBeFocused();
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await expect(lab.button('Train')).toBeFocused(); // a person who works on the page stays there
  await expect(page).not.toHaveURL(/tour=/);

  await start.focus();
  await page.keyboard.press('Enter');
  await expectStep('Choose what to train');
  await page.keyboard.press('Escape');
  await expect(start).toBeFocused();
  // Escape closes what is open first.
  await start.click();
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const link = page.getByRole('textbox', { name: 'Link to this setup and view' });
  await expect(link).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(link).toHaveCount(0);
  await expect(card).toBeVisible();
});

test('opens at the step of a link, does nothing there, and says which panels the link has hidden', async ({
  lab,
  page,
}) => {
  await lab.open('/#v=1&preset=quick&hide=examples,how&tour=race');
  const { card, outcome, press, expectStep } = tourOf(page);
  await expectStep('Train them side by side');
  await expect(lab.noRuns).toBeVisible();
  await expect(outcome).toHaveAttribute('data-outcome', 'open');
  await press('Next');
  await expectStep('Attack them');
  await expect(outcome).toHaveAttribute('data-outcome', 'hidden');
  await press('Next');
  await press('Next');
  // The step is about two panels: the one that is there is shown, and the action on the other one is not.
  await expectStep('Look inside');
  await expect(framed(page)).toHaveAttribute('data-panel', 'Inside the networks');
  await expect(outcome).toHaveAttribute('data-outcome', 'unavailable');
  await press('Leave the tour');
  await expect(card).toHaveCount(0);
  await expect(page).not.toHaveURL(/tour=/);
});
