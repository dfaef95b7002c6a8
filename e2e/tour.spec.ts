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

    test('leads through four steps, and its card leaves each step’s place free', async ({
      lab,
      page,
    }) => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await lab.open('/#v=1&preset=tanh&layers=16&images=640&epochs=3');
      const isTouch = viewport === phone;
      const { card, start, outcome, press, expectStep } = tourOf(page, isTouch);
      const digits = page.getByTestId('network-card');
      const pad = page.getByRole('application', { name: 'Drawing pad' });
      // It begins in the lab, from wherever it is started.
      await lab.goTo('Files');
      await (isTouch ? start.tap() : start.click());
      await expectStep('A digit that fools networks');
      await expectAccessible(page, '[role="dialog"]', 'header');
      await expect(framed(page)).toHaveAttribute('data-panel', 'Draw');
      await expectFree(card, page.getByTestId('headline'), digits.first());
      await press('Set ε to 0.20');
      await expect(outcome).toHaveAttribute('data-outcome', 'done');
      await expect(lab.attackSlider).toHaveValue('0.2');
      await expect(page).toHaveURL(/preset=tanh&.*tour=fooled$/);
      await press('Next');
      await expectStep('Draw a digit yourself');
      await expect(framed(page)).toHaveAttribute('data-panel', 'Draw');
      await expectFree(card, page.getByTestId('headline'), pad);
      await press('Put a test 7 on the pad');
      await expect(outcome).toHaveAttribute('data-outcome', 'done');
      await expect(digits.first()).toHaveAttribute('data-before', '7');
      await press('Next');
      await expectStep('Train your own');
      await expect(framed(page).getByTestId('train')).toBeInViewport();
      await expectFree(card, lab.button('Train'));
      await press('Start training');
      await expect(outcome).toHaveAttribute('data-outcome', 'done');
      await expect(lab.runStatuses).toHaveCount(2);
      await lab.expectFinished(2);
      await press('Next');
      await expectStep('Read the verdict');
      await expect(framed(page)).toHaveAttribute('data-panel', 'Draw');
      await expectFree(card, page.getByTestId('outcome'));
      await press('See one step in slow motion');
      const lesson = page.getByRole('region', { name: 'How it works' });
      await expect(lesson.getByRole('heading', { name: 'How it works' })).toBeInViewport();
      await expect(framed(page)).toHaveCount(0);
      await expect(card.getByRole('button', { name: 'See one step' })).toBeFocused();
      // The longest of its texts leaves the buttons whole.
      expect(await card.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
      await expectAccessible(page, '[role="dialog"]', 'header');
      await press('Back');
      await expectStep('Train your own');
      await expectFree(card, page.getByTestId('train'));
      await expectNoSidewaysScroll(page);
      await press('Next');
      await expectStep('Read the verdict');
      await press('Finish');
      await expect(card).toHaveCount(0);
      await expect(framed(page)).toHaveCount(0);
      await expect(start).toBeFocused();
    });
  });
}

/** Expects that all of these are on the screen, and that the card covers none of them. */
async function expectFree(card: Locator, ...places: readonly Locator[]): Promise<void> {
  for (const place of places) {
    await expect(place).toBeInViewport({ ratio: 1 });
    await expect
      .poll(async () => {
        const [above, below] = [(await card.boundingBox())!, (await place.boundingBox())!];
        return (
          above.x < below.x + below.width &&
          below.x < above.x + above.width &&
          above.y < below.y + below.height &&
          below.y < above.y + above.height
        );
      })
      .toBe(false);
  }
}

test('can be taken and left at any step with the keyboard alone', async ({ lab, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lab.open();
  const { card, start, expectStep } = tourOf(page);
  await start.focus();
  await page.keyboard.press('Enter');
  await expectStep('A digit that fools networks');
  // Tab leads through the card and then out of it: it is no trap.
  for (const name of ['Set ε to 0.20', 'Go there', 'Back', 'Next']) {
    await page.keyboard.press('Tab');
    await expect(card.getByRole('button', { name, exact: true })).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expectStep('Draw a digit yourself');
  for (let presses = 0; presses < 4; presses++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expectStep('Train your own');
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
  await expectStep('A digit that fools networks');
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
  // From another place, it leads back.
  await lab.goTo('Paper');
  await card.getByRole('button', { name: 'Go there' }).press('Enter');
  await expect(page.getByRole('region', { name: 'Draw' }).locator(':focus')).toHaveCount(1);
  await expect(framed(page)).toHaveAttribute('data-panel', 'Draw');
});

test('opens at the step of a link, does nothing there, and says which panels the link has hidden', async ({
  lab,
  page,
}) => {
  // "race" is a step of the tour that was; "train" has taken its place.
  await page.goto('/#v=1&preset=quick&hide=draw,how&tour=race');
  const { card, outcome, press, expectStep } = tourOf(page);
  await expectStep('Train your own');
  await expect(lab.noRuns).toBeAttached();
  await expect(outcome).toHaveAttribute('data-outcome', 'open');
  await press('Back');
  await expectStep('Draw a digit yourself');
  await expect(outcome).toHaveAttribute('data-outcome', 'hidden');
  await expect(framed(page)).toHaveCount(0);
  await page.goto('/#v=1&preset=quick&hide=train&tour=train');
  await expectStep('Train your own');
  await expect(outcome).toHaveAttribute('data-outcome', 'hidden');
  await expect(card.getByRole('button', { name: 'Start training' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.goto('/#v=1&preset=quick&hide=how&tour=verdict');
  // The step is about two panels: the one that is there is shown, and the action on the other one is not.
  await expectStep('Read the verdict');
  await expect(framed(page)).toHaveAttribute('data-panel', 'Draw');
  await expect(outcome).toHaveAttribute('data-outcome', 'unavailable');
  await press('Leave the tour');
  await expect(card).toHaveCount(0);
  await expect(page).not.toHaveURL(/tour=/);
});
