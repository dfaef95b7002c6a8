import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { HowPanel } from './howPanel.ts';
import { InsidePanel } from './insidePanel.ts';
import { tinyRun } from './labPage.ts';
import { RobustnessPanel } from './robustnessPanel.ts';

const lesson = (page: Page) => page.getByRole('region', { name: 'How it works' });

test('shows no numbers of a network that diverged, and keeps its curves', async ({ lab, page }) => {
  await lab.open();
  await lab.setUpDivergence();
  await lab.button('Train').click();
  await expect(lab.alert).toHaveAttribute('data-code', 'loss-not-finite', { timeout: 60_000 });
  await lab.showTable();
  expect((await lab.readErrors()).length).toBeGreaterThan(0);

  // The pretrained networks are there again in its place.
  const panel = lesson(page);
  const how = new HowPanel(lab);
  await how.open('One step in five stages');
  await expect(panel.getByRole('slider', { name: 'Stage', exact: true })).toBeVisible({
    timeout: 60_000,
  });
  await expect(how.weights.getByRole('option', { name: 'Plain (pretrained)' })).toBeAttached();
  await expect(page.getByText(/NaN.%/)).toHaveCount(0);
  const inside = new InsidePanel(lab);
  for (const tab of ['Loss landscape', 'Gradients', 'Weights']) {
    await inside.open(tab);
    const content = inside.region.getByRole('tabpanel', { name: tab });
    await expect(content.getByText('Plain', { exact: true }).first()).toBeVisible();
  }
  for (const tab of ['Confusion', 'Margins'] as const) {
    const content = await new RobustnessPanel(lab).open(tab);
    await expect(content.getByText('Plain', { exact: true }).first()).toBeVisible();
  }
  await expect(page.getByText(/NaN.%/)).toHaveCount(0);
});

test('Play unfolds the first stage at once', { tag: '@alone' }, async ({ lab, page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await lab.open();
  const panel = lesson(page);
  const how = new HowPanel(lab);
  await how.open('One step in five stages');
  const slider = panel.getByRole('slider', { name: 'Stage', exact: true });
  await expect(slider).toHaveValue('1', { timeout: 60_000 });
  await panel.getByRole('button', { name: 'Play slowly' }).click();
  await expect
    .poll(async () => Number(await slider.inputValue()), { timeout: 1500 })
    .toBeLessThan(1);
  // Frames stand still as soon as the system asks for less motion.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect(panel.getByRole('button', { name: 'Pause the stages' })).toHaveCount(0);
  const still = await slider.inputValue();
  await page.waitForTimeout(500);
  expect(await slider.inputValue()).toBe(still);
});

test('a run without ε is shown with the ε of the experiment; without a drawing there is no step', async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.chooseMethods('Adversarial back-propagation', 'Back-propagation');
  await lab.fill({ ...tinyRun, 'Training ε': '0.12' });
  await page.getByRole('button', { name: 'Put a test 7 on the pad' }).click();
  await lab.press('One step');
  await lab.expectRuns({ status: 'paused', epoch: 1, step: 1 }, 2);
  const panel = lesson(page);
  const how = new HowPanel(lab);
  await how.open('One step in five stages');
  const moved = panel.getByRole('img', { name: 'The digit moved by ε 0.12' });
  await expect(moved).toHaveCount(1);
  await how.weights.selectOption('Plain');
  await expect(moved).toHaveCount(1);

  const drawing = panel.getByRole('radio', { name: 'Your drawing' });
  await drawing.press('Space');
  await expect(drawing).toBeChecked();
  await expect(panel.getByRole('slider', { name: 'Stage', exact: true })).toHaveCount(1);
  await lab.goTo('Lab');
  await page.getByRole('region', { name: 'Draw' }).getByRole('button', { name: 'Clear' }).click();
  await how.open('One step in five stages');
  const step = how.tab('One step in five stages');
  await expect(step.getByText(/^The pad is empty/)).toBeVisible();
  await expect(panel.getByRole('slider', { name: 'Stage', exact: true })).toHaveCount(0);
});

test('the verdict leads to the lesson’s beginning, and takes the focus along', async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.chooseMethods('Adversarial back-propagation', 'Back-propagation');
  await lab.fill(tinyRun);
  await lab.button('Train').click();
  await lab.expectFinished(2);
  const button = page.getByRole('button', { name: 'One step in slow motion' });
  await button.focus();
  await page.evaluate(() => scrollBy(0, 50));
  await button.press('Enter');
  await expect(lesson(page).getByRole('heading', { name: 'How it works' })).toBeInViewport();
  await expect(page.getByRole('main')).toBeFocused();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await expect(lesson(page).getByRole('button', { name: 'Play slowly' })).toBeVisible();
  // From there Tab moves on to the lesson.
  await page.keyboard.press('Tab');
  await expect(lesson(page).locator(':focus')).toHaveCount(1);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test('claims are folded to a sentence, and whole on a wide screen', async ({ lab, page }) => {
    await lab.open();
    const why = await new HowPanel(lab).open('Why it works');
    await expect(why.getByRole('table')).toBeVisible({ timeout: 60_000 });
    const claims = why.locator('details');
    const sources = why.getByText(/^Source: /);
    await expect(claims).toHaveCount(4);
    await expect(sources.first()).toBeHidden();
    await claims.first().locator('summary').tap();
    await expect(sources.first()).toBeVisible();
    await claims.nth(1).locator('summary').press('Enter');
    await expect(sources.nth(1)).toBeVisible();
    for (const summary of await claims.locator('summary').all()) {
      expect((await summary.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    }
    await expectAccessible(page, '[role=tabpanel]:has(details)');

    await page.setViewportSize({ width: 1280, height: 900 });
    await expect(sources).toHaveCount(4);
    for (const source of await sources.all()) await expect(source).toBeVisible();
  });
});
