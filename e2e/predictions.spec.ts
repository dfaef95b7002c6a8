import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { lastOf, tinyRun } from './labPage.ts';
import { RobustnessPanel } from './robustnessPanel.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

const names = ['Plain', 'Dropout', 'ABP'];
const phone = { width: 360, height: 740 };

async function expectReadable(page: Page): Promise<void> {
  await expectAccessible(page, 'section[data-panel="Robustness"]');
  await expectNoSidewaysScroll(page);
}

test('shows confusions and margins of the pretrained networks', async ({ lab, page }) => {
  test.setTimeout(180_000);
  const robustness = new RobustnessPanel(lab);
  await lab.open();
  let errorsUnderAttack = 0;

  await test.step('confusion matrices hold every image, and their cells show them', async () => {
    await robustness.open('Confusion');
    const errorsOf = new Map<string, number>();
    for (const name of names) {
      for (const when of ['clean', 'under attack'] as const) {
        const matrix = robustness.matrix(name, when);
        await expect(matrix).toBeVisible();
        const counts = await robustness.readCounts(matrix);
        const { errors, total } = await robustness.readErrors(matrix);
        expect(total).toBe(1000);
        expect(counts).toHaveLength(100);
        expect(counts.reduce((sum, count) => sum + count)).toBe(1000);
        const right = counts.filter((_, cell) => cell % 11 === 0);
        expect(right.reduce((sum, count) => sum + count)).toBe(1000 - errors);
        errorsOf.set(`${name} ${when}`, errors);
      }
    }
    errorsUnderAttack = errorsOf.get('Plain under attack')!;
    expect(errorsUnderAttack).toBeGreaterThan(errorsOf.get('ABP under attack')! + 300);

    const matrix = robustness.matrix('Plain', 'under attack');
    const cell = matrix.getByRole('button', { name: /a 4 predicted as 9/ });
    const count = Number(await cell.innerText());
    await cell.focus();
    await page.keyboard.press('Enter');
    const images = robustness.region.getByRole('region', { name: 'Images in this cell' });
    await expect(images.getByRole('heading')).toContainText('a 4 predicted as 9');
    await expect(images.getByRole('heading')).toBeFocused();
    await expect(images.getByRole('img', { name: /^Number [\d,]+, a 4$/ })).toHaveCount(
      Math.min(24, count),
    );
    await expect(images.getByRole('img', { name: /under attack$/ })).toHaveCount(
      Math.min(24, count),
    );
    await expectReadable(page);
    await images.getByRole('button', { name: 'Close' }).press('Enter');
    await expect(images).toHaveCount(0);
    await expect(cell).toBeFocused();
    // One stop for Tab in each matrix; arrow keys reach the other cells.
    await expect(matrix.locator('button[tabindex="0"]')).toHaveCount(1);
    await page.keyboard.press('ArrowLeft');
    await expect(matrix.locator('button:focus')).toHaveAccessibleName(/a 4 predicted as [0-8]/);
  });

  await test.step('margins, clean and attacked, as charts and as a table', async () => {
    await robustness.open('Margins');
    for (const name of names) {
      await expect(robustness.image(`${name}: images by margin, clean and attacked`)).toBeVisible();
    }
    await expectReadable(page);
    await robustness.region.getByRole('checkbox', { name: 'Table' }).check();
    const table = robustness.region.getByRole('table', { name: 'Images by margin, in percent' });
    const rows = await readHistogram(table);
    for (const column of names.flatMap((_, network) => [2 * network, 2 * network + 1])) {
      const sum = rows.reduce((total, { shares }) => total + shares[column]!, 0);
      expect(Math.abs(sum - 100)).toBeLessThan(1.5); // each cell is rounded
    }
    // Wrong answers have margins below 0: as many of the plain network's under FGSM as its matrix says.
    const wrong = rows
      .filter(({ to }) => to <= 0)
      .reduce((total, { shares }) => total + shares[1]!, 0);
    expect(Math.abs(wrong - errorsUnderAttack / 10)).toBeLessThan(1.5);
    await expectReadable(page);
    await robustness.region.getByRole('radio', { name: 'Confidence' }).check();
    await expect(
      robustness.region.getByRole('table', { name: 'Images by confidence, in percent' }),
    ).toContainText('0.95 to 1');
  });
});

/** Rows of a histogram's table: upper borders, and percentages of every network, clean and attacked. */
async function readHistogram(table: Locator): Promise<{ to: number; shares: number[] }[]> {
  const rows = await table
    .locator('tbody tr')
    .evaluateAll((elements) =>
      elements.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.innerText)),
    );
  return rows.map(([bin, ...shares]) => ({
    to: Number(bin!.split(' to ')[1]!.replace('−', '-')),
    shares: shares.map(Number),
  }));
}

test('searches the smallest ε of many digits, can be canceled, and keeps what it found', async ({
  lab,
  page,
}) => {
  test.setTimeout(120_000);
  const robustness = new RobustnessPanel(lab);
  await lab.open();
  const tab = await robustness.open('Smallest ε');
  await tab.getByRole('button', { name: 'Search 200 digits' }).click();
  const progress = tab.getByRole('progressbar', { name: 'Measuring' });
  await expect(progress).toBeVisible();
  // Some digits, so that the medians are told apart.
  await expect
    .poll(async () => Number(await progress.getAttribute('aria-valuenow')))
    .toBeGreaterThan(5);
  await tab.getByRole('button', { name: 'Cancel' }).click();
  await expect(progress).toBeHidden();
  for (const name of names) await expect(robustness.image(`${name}: digits by`)).toBeVisible();
  const table = tab.getByRole('table', { name: 'Smallest ε found' });
  const medians = await table.evaluate((element) =>
    [...(element as HTMLTableElement).tBodies[0]!.rows].map((row) =>
      Number.parseFloat(row.cells[2]!.textContent),
    ),
  );
  const [plain, dropout, abp] = medians;
  expect(plain).toBeGreaterThan(0);
  expect(abp).toBeGreaterThan(2 * plain!);
  expect(abp).toBeGreaterThan(2 * dropout!);
  await expectReadable(page);
});

test('counts the errors that the curves show', async ({ lab }) => {
  const robustness = new RobustnessPanel(lab);
  await lab.open();
  await lab.chooseMethods('Back-propagation');
  await lab.fill(tinyRun);
  await lab.button('Train').click();
  await lab.expectFinished();
  await lab.showTable();
  const { cleanError, adversarialError, images } = lastOf(await lab.readErrors());
  expect(images).toBe(1000);
  await robustness.open('Confusion');
  const clean = robustness.matrix('Plain', 'clean');
  await expect(clean).toBeVisible();
  await expect
    .poll(() => robustness.readErrors(clean))
    .toEqual({ errors: Math.round(1000 * cleanError), total: 1000 });
  expect(await robustness.readErrors(robustness.matrix('Plain', 'under attack'))).toEqual({
    errors: Math.round(1000 * adversarialError),
    total: 1000,
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: phone });

  test('margins and confusion are readable', async ({ lab, page }) => {
    await lab.open();
    const robustness = new RobustnessPanel(lab);
    await robustness.open('Confusion');
    await robustness.region
      .getByRole('button', { name: /a 4 predicted as 9/ })
      .last()
      .click();
    await expect(robustness.image(/^Number /).first()).toBeVisible();
    await expectReadable(page);
    await robustness.open('Margins');
    await expectReadable(page);
    await robustness.region.getByRole('checkbox', { name: 'Table' }).check();
    await expectReadable(page);
  });
});
