import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { longRun, tinyRun } from './labPage.ts';

test.use({ viewport: { width: 1440, height: 900 } });

test('axe finds nothing in the Lab: settings, training, paused, the verdict, a digit’s detail, explanations, all curves', async ({
  lab,
  page,
}) => {
  test.setTimeout(240_000); // axe examines the page sixteen times
  await lab.open('/');
  await expect(lab.examples.getByTestId('examples-summary')).toBeVisible();
  await expectAccessible(page); // with the settings open

  await lab.fill(longRun);
  await lab.button('Train').click();
  await lab.expectTraining(1, 3);
  await lab.button('More settings').click();
  await expectAccessible(page);
  await lab.button('Pause').click();
  await lab.expectRuns({ status: 'paused' }, 3);
  await expectAccessible(page);

  await lab.press('Start over');
  await lab.openSettings();
  await lab.fill(tinyRun);
  await lab.button('More settings').click();
  await lab.button('Train').click();
  await lab.expectFinished(3);
  await expect(page.locator('[data-testid=outcome]:not([data-kind=measuring])')).toBeVisible();
  await expectAccessible(page);

  await lab.openExample();
  await expectAccessible(page);
  for (const name of ['About the examples', 'About the columns', /^About Test error, clean/]) {
    await page.getByRole('button', { name }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await expectAccessible(page, '[role=dialog]');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  }
  await lab.showAllCurves();
  await expect(lab.curves.locator('[data-chart]')).toHaveCount(3);
  await expectAccessible(page);
});
