import { expect, test } from './fixtures.ts';
import { lastOf, longRun, tinyRun } from './labPage.ts';

test('steps, trains an epoch, pauses, goes on, finishes and resets', async ({ lab }) => {
  await lab.open();
  await expect(lab.button('Pause')).toBeDisabled();
  await expect(lab.button('Reset')).toBeDisabled();
  await lab.fill(tinyRun);

  await lab.button('Step').click();
  await expect(lab.status(/Paused.*step 1 of 10/)).toBeVisible({ timeout: 60_000 });
  await lab.button('Step').click();
  await expect(lab.status(/Paused.*step 2 of 10/)).toBeVisible();
  await lab.button('One epoch').click();
  await expect(lab.status(/Paused.*step 10 of 10/)).toBeVisible();

  await lab.button('Train').click();
  await expect(lab.status(/Finished.*30 steps/)).toBeVisible();
  await expect(lab.button('Train')).toBeDisabled();
  await lab.showTable();
  await expect
    .poll(async () => lastOf(await lab.readErrors()))
    .toMatchObject({ step: 30, images: 10_000 });

  await lab.button('Reset').click();
  await expect(lab.status('Nothing is trained yet')).toBeVisible();
  await expect(lab.curves.getByRole('table')).toHaveCount(0);
  await expect(lab.field('Training set size')).toHaveValue('640');
  await expect(lab.button('Train')).toBeEnabled();
});

test('pauses a run that trains, and it stays paused', async ({ lab, page }) => {
  await lab.open();
  await lab.fill(longRun);
  await lab.button('Train').click();
  await expect(lab.status(/^Epoch \d+ of 1000 · step [1-9]/)).toBeVisible({ timeout: 60_000 });

  await lab.button('Pause').click();
  const paused = lab.status(/^Paused · .*of 1000/);
  await expect(paused).toBeVisible({ timeout: 5000 });
  const position = await paused.innerText();
  await page.waitForTimeout(1500);
  expect(await paused.innerText()).toBe(position);

  await lab.button('Train').click();
  await expect(lab.button('Pause')).toBeEnabled();
  await expect(lab.status(/^Epoch \d+ of 1000/)).toBeVisible();
  await lab.button('Reset').click();
  await expect(lab.status('Nothing is trained yet')).toBeVisible();
});

test('the same seed gives the same run, another seed another', async ({ lab }) => {
  async function firstLosses(seed: string): Promise<unknown> {
    await lab.field('Seed').fill(seed);
    await lab.button('Step').click();
    await expect(lab.status(/Paused.*step 1 of 10/)).toBeVisible({ timeout: 60_000 });
    await lab.button('One epoch').click();
    await expect(lab.status(/Paused.*step 10 of 10/)).toBeVisible();
    await lab.showTable();
    await expect.poll(async () => (await lab.readErrors()).map(({ step }) => step)).toContain(1);
    await expect.poll(async () => (await lab.readLosses()).length).toBeGreaterThan(0);
    const seen = [await lab.readErrors(), await lab.readLosses()];
    await lab.button('Reset').click();
    return seen;
  }
  await lab.open();
  await lab.race('Adversarial back-propagation');
  await lab.fill(tinyRun);
  const first = await firstLosses('1');
  expect(await firstLosses('2')).not.toEqual(first);
  expect(await firstLosses('1')).toEqual(first);
});

test('the attack ε slider changes the examples at once', async ({ lab }) => {
  await lab.open();
  await lab.fill(tinyRun);
  await lab.button('One epoch').click();
  await expect(lab.status(/Paused.*step 10 of 10/)).toBeVisible({
    timeout: 60_000,
  });
  await lab.attackSlider.fill('0.3');
  await expect(lab.examples.getByText('attacked with ε 0.30')).toBeVisible();
  await expect(lab.examples.getByRole('img', { name: /perturbed for .* with ε 0.30/ })).toHaveCount(
    6 * 3,
  );
  await lab.attackSlider.press('ArrowLeft');
  await expect(lab.examples.getByText('attacked with ε 0.29')).toBeVisible();
});

for (const [network, method] of [
  ['Logistic', 'Back-propagation'],
  ['Tanh', 'Dropout'],
  ['Maxout', 'Adversarial + dropout'],
  ['ReLU', 'Random signs'],
] as const) {
  test(`trains ${network} with ${method}`, async ({ lab }) => {
    await lab.open();
    await lab.setup.getByRole('radio', { name: network, exact: true }).check();
    await lab.race(method);
    await lab.fill({ ...tinyRun, 'Hidden layers': '16, 12' });
    await lab.button('Train').click();
    await expect(lab.status('Finished')).toBeVisible({ timeout: 60_000 });
    await lab.showTable();
    const losses = await lab.readLosses();
    expect(lastOf(losses).loss).toBeLessThan(losses[0]!.loss);
  });
}

test('on a phone, the results of four runs are read whole', async ({ lab, page }) => {
  await lab.open();
  await lab.fill(tinyRun);
  await lab.race('plain', 'dropout', 'adversarial', 'adversarial-dropout');
  await lab.button('Train').click();
  const sentences = page.getByText(/^Finished: .* error, .* under FGSM with ε/);
  await expect(sentences).toHaveCount(4, { timeout: 60_000 });
  await page.setViewportSize({ width: 360, height: 740 });
  const results = page.getByText(/^\d+\.\d\d\s% error, \d+\.\d\d\s% attacked$/);
  await expect(results).toHaveCount(4);
  for (const result of await results.all()) {
    // Itself, and whatever might cut it.
    const isWhole = (): Promise<boolean> =>
      result.evaluate((element) => {
        const { left, right, top, bottom, width } = element.getBoundingClientRect();
        const line = element.parentElement!.getBoundingClientRect();
        return [
          ...[width > 0, element.scrollWidth <= element.clientWidth, left >= 0],
          ...[right <= innerWidth && right <= line.right, top >= line.top, bottom <= line.bottom],
        ].every(Boolean);
      });
    await expect.poll(isWhole).toBe(true); // the page takes a moment to its new width
    await expect(result).toHaveAttribute('aria-hidden', 'true');
  }
  // Whoever hears the page hears all of it.
  for (const line of await page.getByRole('listitem').filter({ has: sentences }).all()) {
    await expect(line).toMatchAriaSnapshot(`
      - paragraph:
        - strong
        - text: /error, .* under FGSM with ε 0\\.08$/
    `);
  }
});
