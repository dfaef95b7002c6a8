import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { tinyRun } from './labPage.ts';

const lesson = (page: Page) => page.getByRole('region', { name: 'How it works' });
const insideOf = (page: Page) => page.getByRole('region', { name: 'Inside the networks' });

test('of a network that diverged nothing is shown as if it were a number', async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.setUpDivergence();
  await lab.button('Train').click();
  await expect(lab.alert).toContainText('training diverged', { timeout: 60_000 });

  // Its network is gone; those that came with the page are there again.
  const panel = lesson(page);
  await panel.scrollIntoViewIfNeeded();
  await expect(panel.getByText(/^Weights of Plain \(pretrained\)/)).toBeVisible({
    timeout: 60_000,
  });
  for (const tab of ['Confusion', 'Margins', 'Loss around', 'Gradients', 'Weights']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(insideOf(page).getByText('Plain', { exact: true }).first()).toBeVisible();
  }
  await expect(page.getByText(/NaN.%/)).toHaveCount(0);
});

test('Play unfolds the first moment at once', async ({ lab, page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await lab.open();
  const panel = lesson(page);
  await panel.scrollIntoViewIfNeeded();
  const slider = panel.getByRole('slider', { name: 'Moment', exact: true });
  await expect(slider).toHaveValue('1', { timeout: 60_000 });
  await panel.getByRole('button', { name: 'Play slowly' }).click();
  await expect
    .poll(async () => Number(await slider.inputValue()), { timeout: 1500 })
    .toBeLessThan(1);
  // Whoever asks for less motion meanwhile gets still frames.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect(panel.getByRole('button', { name: 'Pause the moments' })).toHaveCount(0);
  const still = await slider.inputValue();
  await page.waitForTimeout(500);
  expect(await slider.inputValue()).toBe(still);
});

test('the step has the ε of the race for a run that has none; a wiped drawing leaves no step', async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.race('Adversarial back-propagation', 'Back-propagation');
  await lab.fill({ ...tinyRun, 'Training ε': '0.12' });
  await page.getByRole('button', { name: 'Put a test 7 on the pad' }).click();
  await lab.button('Step').click();
  await expect(lab.status(/^Paused · Epoch 1 of 3 · step 1 of 10/)).toBeVisible({
    timeout: 60_000,
  });
  const panel = lesson(page);
  await panel.scrollIntoViewIfNeeded();
  await expect(panel.getByText('As the run trains.')).toBeVisible();
  await panel.getByLabel('Weights of').selectOption('Plain');
  await expect(panel.getByText('As an adversarial run of this race trains.')).toBeVisible();
  await expect(panel.getByRole('img', { name: 'The digit moved by ε 0.12' })).toHaveCount(1);

  await panel.getByRole('radio', { name: 'Your drawing' }).check({ force: true });
  await expect(panel.getByText(/^Reads a \d.* It is a \d\.$/)).toHaveCount(1);
  await page.getByRole('region', { name: 'Draw' }).getByRole('button', { name: 'Clear' }).click();
  await expect(panel.getByText(/^Nothing is drawn: draw a digit/)).toBeVisible();
  await expect(panel.getByText(/^Reads a \d.* It is a \d\.$/)).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test('claims are folded to a sentence, and open by touch and by keyboard', async ({
    lab,
    page,
  }) => {
    await lab.open();
    const why = page.getByRole('region', { name: 'Why it works' });
    await why.scrollIntoViewIfNeeded();
    await expect(why.getByRole('table')).toBeVisible({ timeout: 60_000 });
    const claims = why.locator('details');
    await expect(claims).toHaveCount(4);
    await expect(why.getByText(/^Source: /).first()).toBeHidden();
    await claims.first().locator('summary').tap();
    await expect(why.getByText(/^Source: /).first()).toBeVisible();
    await claims.nth(1).locator('summary').press('Enter');
    await expect(why.getByText(/^Source: /).nth(1)).toBeVisible();
    for (const summary of await claims.locator('summary').all()) {
      expect((await summary.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    }
    await expectAccessible(page, 'section:has(> div > details)');
  });
});

test('with a screen wide enough all of each claim is there', async ({ lab, page }) => {
  await lab.open();
  const why = page.getByRole('region', { name: 'Why it works' });
  await why.scrollIntoViewIfNeeded();
  for (const source of await why.getByText(/^Source: /).all()) await expect(source).toBeVisible();
});
