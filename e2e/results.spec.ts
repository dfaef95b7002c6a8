import { expect, test } from './fixtures.ts';
import { lastOf } from './labPage.ts';
import { expectMeasured, readResults } from './resultsTable.ts';

/** "15.20 %" as 0.152; NaN while there is none. */
function readRate(cell: string | undefined): number {
  return Number.parseFloat(cell ?? '') / 100;
}

test('Quick look learns MNIST before the reader’s eyes, and ABP resists the attacks', async ({
  lab,
  page,
}) => {
  test.setTimeout(420_000);
  await lab.open('/#v=1&preset=quick');
  await lab.button('Train').click();
  await lab.expectTraining(1, 3);
  await lab.showTable();
  await lab.expectFinished(3);
  await expect(lab.trainedSummary).toBeVisible();

  await test.step('errors fall while ABP trains', async () => {
    // The table is drawn some time after the measurement.
    await expect.poll(async () => lastOf(await lab.readErrors(2)).images).toBe(10_000);
    const rows = await lab.readErrors(2);
    const untrained = rows[0]!;
    const trained = rows.at(-1)!;
    const totalSteps = await lab.runStatuses.first().getAttribute('data-total-steps');
    const stepsPerEpoch = Number(totalSteps) / 3;
    expect(untrained.step).toBe(0);
    expect(untrained.cleanError).toBeGreaterThan(0.7);
    expect(trained.cleanError).toBeLessThan(0.1);
    expect(trained.adversarialError).toBeLessThan(untrained.adversarialError - 0.5);
    expect(trained.adversarialError).toBeGreaterThan(trained.cleanError);
    // Live within the first epoch, and falling: each third of the curve is below the one before.
    const live = rows.filter(({ step }) => step > 0 && step < stepsPerEpoch);
    expect(live.length).toBeGreaterThanOrEqual(3);
    for (const curve of ['cleanError', 'adversarialError'] as const) {
      const [early, middle, late] = thirdsOf(rows.map((row) => row[curve]));
      expect(middle).toBeLessThan(early!);
      expect(late).toBeLessThan(middle!);
    }
  });

  await expectMeasured(page, 3);
  const all = await readResults(page);
  const plain = all['Plain']!;
  const abp = all['ABP ε 0.08']!;
  for (const attack of ['FGSM, ε 0.08', 'PGD-20, ε 0.08'] as const) {
    expect(readRate(abp[attack])).toBeLessThan(readRate(plain[attack]) / 3);
  }
  await expect(page.getByTestId('outcome')).toHaveAttribute('data-kind', 'abp');
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
