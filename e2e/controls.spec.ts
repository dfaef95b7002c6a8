import { expect, test } from './fixtures.ts';
import { lastOf, longRun, tinyRun } from './labPage.ts';

test('takes a step, trains an epoch, trains to the end and further, and starts over', async ({
  lab,
  page,
}) => {
  await lab.open();
  await expect(lab.button('Train')).toBeEnabled();
  await expect(lab.button('Pause')).toHaveCount(0);
  await lab.button('More commands').click();
  await expect(lab.command('Start over')).toBeDisabled();
  await expect(lab.command('One step')).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(lab.command('Start over')).toHaveCount(0);
  await lab.fill(tinyRun);

  await lab.press('One step');
  await lab.expectRuns({ status: 'paused', epoch: 1, step: 1 }, 3);
  await lab.press('One step');
  await lab.expectRuns({ status: 'paused', epoch: 1, step: 2 }, 3);
  await lab.press('One epoch');
  await lab.expectRuns({ status: 'paused', epoch: 1, step: 10 }, 3);

  await test.step('the attack ε changes the examples at once', async () => {
    const detail = await lab.openExample();
    await lab.attackSlider.fill('0.3');
    await expect(lab.trainedSummary).toHaveAttribute('data-attack-epsilon', '0.3');
    await expect(detail.getByRole('img', { name: /perturbed for .* ε 0.30/ })).toHaveCount(3);
    await lab.attackSlider.press('ArrowLeft');
    await expect(lab.trainedSummary).toHaveAttribute('data-attack-epsilon', '0.29');
  });

  await lab.button('Train').click();
  await lab.expectFinished(3);
  await expect(lab.runStatuses.first()).toHaveAttribute('data-total-steps', '30');
  await lab.showTable();
  await expect
    .poll(async () => lastOf(await lab.readErrors()))
    .toMatchObject({ step: 30, images: 1000 });
  const before = await lab.readErrors();

  await test.step('for as many epochs again, from where they ended', async () => {
    await lab.button('More commands').click();
    await expect(lab.command('One step')).toBeDisabled();
    await page.keyboard.press('Escape');
    await lab.button('Train').click();
    await expect(lab.runStatuses.first()).toHaveAttribute('data-total-steps', '60');
    await lab.expectFinished(3);
    await expect
      .poll(async () => lastOf(await lab.readErrors()))
      .toMatchObject({ step: 60, images: 1000 });
    expect((await lab.readErrors()).slice(0, before.length)).toEqual(before);
    await expect(lab.field('Epochs')).toHaveValue('6');
  });

  await lab.press('Start over');
  await expect(lab.noRuns).toBeVisible();
  await expect(lab.curves.getByRole('table')).toHaveCount(0);
  await expect(lab.field('Training set size')).toHaveValue('640');
  await expect(lab.button('Train')).toBeEnabled();
});

test('a run that is paused stays paused, and the same seed gives the same run', async ({ lab }) => {
  await lab.open();
  await lab.chooseMethods('Adversarial back-propagation');
  await lab.fill(longRun);
  await lab.button('Train').click();
  await lab.expectTraining();
  await lab.button('Pause').click();
  await lab.expectRuns({ status: 'paused' });
  const paused = await lab.readPositions();
  await lab.page.waitForTimeout(1000); // a step takes a few ms
  expect(await lab.readPositions()).toEqual(paused);
  await lab.button('Train').click();
  await expect(lab.button('Pause')).toBeEnabled();
  await expect.poll(() => lab.readPositions()).not.toEqual(paused);
  await lab.press('Start over');
  await expect(lab.noRuns).toBeVisible();

  async function trainEpoch(seed: string): Promise<unknown> {
    await lab.field('Seed').fill(seed);
    await lab.press('One epoch');
    await lab.expectRuns({ status: 'paused', epoch: 1, step: 10 });
    await lab.showTable();
    await expect.poll(async () => (await lab.readErrors()).map(({ step }) => step)).toContain(10);
    await expect.poll(async () => (await lab.readLosses()).length).toBeGreaterThan(0);
    const seen = [await lab.readErrors(), await lab.readLosses()];
    await lab.press('Start over');
    return seen;
  }
  await lab.fill(tinyRun);
  const first = await trainEpoch('1');
  expect(await trainEpoch('2')).not.toEqual(first);
  expect(await trainEpoch('1')).toEqual(first);
});

test('trains every type of network', async ({ lab }) => {
  await lab.open();
  await lab.fill({ ...tinyRun, 'Hidden layers': '16, 12' });
  for (const [network, method] of [
    ['Logistic', 'Back-propagation'],
    ['Tanh', 'Dropout'],
    ['Maxout', 'Adversarial + dropout'],
    ['ReLU', 'Random signs'],
  ] as const) {
    await test.step(`${network} with ${method}`, async () => {
      await lab.setup.getByRole('radio', { name: network, exact: true }).check();
      await lab.chooseMethods(method);
      await lab.button('Train').click();
      await lab.expectFinished();
      await lab.showTable();
      const losses = await lab.readLosses();
      expect(lastOf(losses).loss).toBeLessThan(losses[0]!.loss);
      await lab.press('Start over');
      await expect(lab.noRuns).toBeVisible();
    });
  }
});
