import { expect, test } from './fixtures.ts';
import { lastOf } from './labPage.ts';

test('learns MNIST with adversarial back-propagation', async ({ lab }) => {
  test.setTimeout(360_000);
  await lab.open();
  await expect(lab.setup.getByRole('radiogroup', { name: 'Network type' })).toBeVisible();
  await lab.setup.getByRole('radio', { name: 'ReLU' }).check();
  await lab.race('Adversarial back-propagation');
  await lab.fill({
    'Hidden layers': '100',
    'Training ε': '0.08',
    'Training set size': '60000',
    Epochs: '2',
  });
  await lab.button('Train').click();
  await expect(lab.status(/Epoch 1 of 2 · step \d+ of 938/)).toBeVisible({ timeout: 60_000 });
  await lab.showTable();

  await expect
    .poll(
      async () => {
        const whole = (await lab.readErrors()).filter(({ images }) => images === 10_000);
        return Math.min(1, ...whole.map(({ cleanError }) => cleanError));
      },
      { timeout: 270_000, intervals: [1000] },
    )
    .toBeLessThan(0.1);

  const rows = await lab.readErrors();
  const untrained = rows[0]!;
  const trained = lastOf(rows);
  expect(untrained.step).toBe(0);
  expect(untrained.cleanError).toBeGreaterThan(0.7);
  expect(trained.adversarialError).toBeLessThan(untrained.adversarialError - 0.5);
  expect(trained.adversarialError).toBeGreaterThan(trained.cleanError);
  // Live within the first epoch, and falling: each third of the curve lies below the one before.
  expect(rows.filter(({ step }) => step > 0 && step < 938).length).toBeGreaterThanOrEqual(3);
  for (const curve of ['cleanError', 'adversarialError'] as const) {
    const [early, middle, late] = thirdsOf(rows.map((row) => row[curve]));
    expect(middle).toBeLessThan(early!);
    expect(late).toBeLessThan(middle!);
  }

  await expect(lab.verdict).toBeVisible();
});

/** Means of the first, second and last third of a curve. */
function thirdsOf(values: number[]): number[] {
  return [0, 1, 2].map((third) => {
    const part = values.slice(
      Math.round((third * values.length) / 3),
      Math.round(((third + 1) * values.length) / 3),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
