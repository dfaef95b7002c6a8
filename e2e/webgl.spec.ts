import { expect, test } from './fixtures.ts';
import { lastOf, tinyRun } from './labPage.ts';

// Where WebGL is rendered in software the page prefers SIMD; the setup can choose WebGL.
test('trains on WebGL in the worker of the built site', { tag: '@alone' }, async ({ lab }) => {
  await lab.open();
  await lab.fill(tinyRun); // opens Advanced
  await lab.chooseMethods('Adversarial back-propagation');
  const engine = lab.setup.getByLabel('Computing engine');
  await engine.selectOption('WebGL');
  await expect(lab.engine).toContainText('WebGL');
  await lab.press('One step');
  await lab.expectRuns({ status: 'paused', epoch: 1, step: 1 });
  await expect(engine).toBeDisabled();
  await lab.button('Train').click();
  await lab.expectFinished();
  await expect(lab.trainedSummary).toBeVisible();
  await lab.showTable();
  await expect
    .poll(async () => lastOf(await lab.readErrors()))
    .toMatchObject({ step: 30, images: 1000 });
  const losses = await lab.readLosses();
  expect(lastOf(losses).loss).toBeLessThan(losses[0]!.loss);
});
