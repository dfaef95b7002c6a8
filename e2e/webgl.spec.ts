import { expect, test } from './fixtures.ts';
import { lastOf, tinyRun } from './labPage.ts';

// Where WebGL is rendered in software the page prefers SIMD; a person can choose.
test('trains on WebGL in the worker of the built site', async ({ lab }) => {
  await lab.open();
  await expect(lab.engine).toContainText('float32');
  await lab.fill(tinyRun); // opens Advanced
  await lab.setup.getByLabel('Computing engine').selectOption('WebGL');
  await expect(lab.engine).toContainText('WebGL');
  await lab.button('Step').click();
  await expect(lab.status(/Paused.*step 1 of 10/)).toBeVisible({ timeout: 60_000 });
  await expect(lab.setup.getByLabel('Computing engine')).toBeDisabled();
  await lab.button('Train').click();
  await expect(lab.status(/Finished.*30 steps/)).toBeVisible({ timeout: 60_000 });
  await expect(lab.verdict).toBeVisible();
  await lab.showTable();
  await expect
    .poll(async () => lastOf(await lab.readErrors()))
    .toMatchObject({ step: 30, images: 10_000 });
  const losses = await lab.readLosses();
  expect(lastOf(losses).loss).toBeLessThan(losses[0]!.loss);
});
