import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { lastOf, longRun, tinyRun } from './labPage.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

const names = ['Plain', 'Dropout', 'Adversarial'];

function regionOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Inside the networks' });
}

/** Opens the page and scrolls to the panel: it does nothing before. */
async function openTab(page: Page, tab: string): Promise<Locator> {
  const inside = regionOf(page);
  // What stands above has come, and pushes the panel off the screen no more: it asks nothing there.
  await expect(page.getByText(/^Of \d+ digits, attacked/)).toBeVisible({ timeout: 60_000 });
  await inside.scrollIntoViewIfNeeded();
  await inside.getByRole('tab', { name: tab }).click();
  await inside.getByRole('tabpanel', { name: tab }).scrollIntoViewIfNeeded();
  return inside;
}

/** The number at the start of "18 of 1,000 wrong". */
async function readErrors(table: Locator): Promise<{ errors: number; total: number }> {
  const id = await table.getAttribute('aria-describedby');
  const text = await table.page().locator(`[id="${id}"]`).innerText();
  const [, errors, total] = /^([\d,]+) of ([\d,]+) wrong/.exec(text)!;
  const read = (digits: string): number => Number(digits.replaceAll(',', ''));
  return { errors: read(errors!), total: read(total!) };
}

/** All counts of a matrix, row by row. */
async function readCounts(table: Locator): Promise<number[]> {
  const cells = await table.locator('tbody td').allInnerTexts();
  return cells.map((cell) => Number(cell.trim() || '0'));
}

test.describe('before anything is trained', () => {
  test('weights of the pretrained networks, a page at a time, one enlarged', async ({
    lab,
    page,
  }) => {
    await lab.open();
    const inside = await openTab(page, 'Weights');
    await expect(inside.getByText(/these are the pretrained networks/)).toBeVisible();
    for (const name of names) {
      await expect(
        inside.getByRole('img', { name: `First-layer weights of ${name}, units 1 to 24` }),
      ).toBeVisible();
    }
    await expect(
      inside.getByText(/One scale for all networks: full colour at ±0\.\d+/),
    ).toBeVisible();
    await inside.getByRole('button', { name: 'Next' }).click();
    await expect(inside.getByRole('img', { name: /units 25 to 48/ })).toHaveCount(3);
    await expect(inside.getByText('Units 25 to 48 of 256')).toBeVisible();
    // By keyboard, and by pressing a picture.
    await inside.getByRole('button', { name: 'Enlarge one' }).press('Enter');
    await expect(inside.getByRole('img', { name: /^Weights of unit 25 of/ })).toHaveCount(3);
    await inside.getByRole('button', { name: 'Unit before' }).click();
    await expect(inside.getByRole('img', { name: /^Weights of unit 24 of/ })).toHaveCount(3);
    await expect(inside.getByText('Units 1 to 24 of 256')).toBeVisible();
    const picture = inside.getByRole('img', { name: /^First-layer weights of Plain/ });
    await picture.click({ position: { x: 5, y: 5 } });
    await expect(inside.getByRole('img', { name: 'Weights of unit 1 of Plain' })).toBeVisible();
    await inside.getByRole('checkbox', { name: 'All 256' }).check();
    await expect(inside.getByRole('img', { name: /units 1 to 256/ })).toHaveCount(3);
  });

  test('gradients of a chosen digit, with their norms', async ({ lab, page }) => {
    await lab.open();
    const inside = await openTab(page, 'Gradients');
    await inside.getByRole('button', { name: 'Test digit 4' }).click();
    await expect(inside.getByRole('heading', { name: 'The digit, a 4' })).toBeVisible();
    for (const name of names) {
      const one = inside.getByRole('region', { name });
      await expect(one.getByRole('img')).toHaveAccessibleName(
        `Gradient of the loss of ${name} at the pixels`,
      );
      for (const term of ['‖g‖₁', '‖g‖₂', 'loss J']) {
        await expect(one.getByText(term, { exact: true })).toBeVisible();
      }
    }
  });

  test('confusion matrices hold every image, and their cells show them', async ({ lab, page }) => {
    await lab.open();
    const inside = await openTab(page, 'Confusion');
    const rates = new Map<string, number>();
    for (const name of names) {
      for (const when of ['clean', 'under attack']) {
        const table = inside.getByRole('table', { name: `${name}, ${when}:` });
        await expect(table).toBeVisible();
        const counts = await readCounts(table);
        const { errors, total } = await readErrors(table);
        expect(total).toBe(1000);
        expect(counts).toHaveLength(100);
        expect(counts.reduce((sum, count) => sum + count)).toBe(1000);
        const right = counts.filter((_, cell) => cell % 11 === 0);
        expect(right.reduce((sum, count) => sum + count)).toBe(1000 - errors);
        rates.set(`${name} ${when}`, errors);
      }
    }
    expect(rates.get('Plain under attack')).toBeGreaterThan(
      rates.get('Adversarial under attack')! + 300,
    );

    const table = inside.getByRole('table', { name: 'Plain, under attack:' });
    const cell = table.getByRole('button', { name: /a 4 read as 9/ });
    const count = Number(await cell.innerText());
    await cell.focus();
    await page.keyboard.press('Enter');
    const images = inside.getByRole('region', { name: 'Images of the cell' });
    await expect(images.getByRole('heading')).toHaveText(
      `Plain, under attack (FGSM, ε 0.08): a 4 read as 9, ${count} images`,
    );
    await expect(images.getByRole('heading')).toBeFocused();
    await expect(images.getByRole('img', { name: /^Number [\d,]+, a 4$/ })).toHaveCount(
      Math.min(24, count),
    );
    await expect(images.getByRole('img', { name: /under attack$/ })).toHaveCount(
      Math.min(24, count),
    );
    await images.getByRole('button', { name: 'Close' }).press('Enter');
    await expect(images).toHaveCount(0);
    await expect(cell).toBeFocused();
    // One stop for Tab in each matrix; arrow keys reach the other cells.
    await expect(table.locator('button[tabindex="0"]')).toHaveCount(1);
    await page.keyboard.press('ArrowLeft');
    await expect(table.locator('button:focus')).toHaveAccessibleName(/a 4 read as [0-8]/);
  });

  test('margins, clean and attacked, as charts and as a table', async ({ lab, page }) => {
    await lab.open();
    const inside = await openTab(page, 'Margins');
    for (const name of names) {
      await expect(
        inside.getByRole('img', { name: `${name}: images by margin, clean and attacked` }),
      ).toBeVisible();
    }
    const errors = inside.getByText(/^Clean: median .* 78\.30.%\swrong\.$/u);
    await expect(errors).toHaveCount(1); // the plain network under FGSM, as its matrix says
    await inside.getByRole('checkbox', { name: 'Table' }).check();
    const table = inside.getByRole('table', { name: 'Images by margin, in percent' });
    const sums = await table
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows
          .map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent)))
          .reduce((all, row) => all.map((sum, column) => sum + row[column]!)),
      );
    expect(sums).toHaveLength(6);
    for (const sum of sums) expect(Math.abs(sum - 100)).toBeLessThan(1.5); // each cell is rounded
    await inside.getByRole('radio', { name: 'Confidence' }).check();
    await expect(
      inside.getByRole('table', { name: 'Images by confidence, in percent' }),
    ).toContainText('0.95 to 1');
  });

  test('losses along both directions, and on the square between them', async ({ lab, page }) => {
    await lab.open();
    const inside = await openTab(page, 'Loss around');
    await inside.getByRole('button', { name: 'Test digit 4' }).click();
    const along = inside.getByRole('slider', { name: 'Along the sign of the gradient, by t' });
    await along.focus();
    await page.keyboard.press('End');
    await expect(along).toHaveAttribute('aria-valuetext', /^t 0\.08\. .*Plain: .*Adversarial: /);
    await page.keyboard.press('Home');
    await expect(along).toHaveAttribute('aria-valuetext', /^t −0\.08\. /);
    await expect(inside.getByRole('slider', { name: 'Along random signs, by t' })).toBeVisible();
    for (const name of names) {
      await expect(
        inside.getByRole('img', {
          name: `Loss of ${name} from −0.08 to 0.08 along both directions`,
        }),
      ).toBeVisible();
    }
    await inside.getByRole('checkbox', { name: 'Table' }).check();
    const table = inside.getByRole('table', { name: 'Losses from −ε to ε, ε 0.08' });
    await expect(table.locator('tbody tr')).toHaveCount(41);
    await inside.getByRole('slider', { name: 'ε', exact: true }).fill('0');
    await expect(inside.getByText('With ε 0 there is nothing around the digit.')).toBeVisible();
  });

  test('nothing is asked of the networks while the panel is not on the screen', async ({
    lab,
    page,
  }) => {
    await lab.open();
    await expect(lab.examples.getByText(/Plain \(pretrained\) reads/)).toBeVisible();
    const inside = regionOf(page);
    await expect(inside.getByText('Reading the weights…')).toHaveCount(1);
    await inside.scrollIntoViewIfNeeded();
    await expect(inside.getByRole('img', { name: /First-layer weights/ })).toHaveCount(3);
  });
});

test.describe('of a race', () => {
  test('weights follow the training', async ({ lab, page }) => {
    await lab.open();
    await lab.race('Back-propagation', 'Adversarial back-propagation');
    await lab.fill(longRun);
    await lab.button('Train').click();
    await expect(lab.status(/step [1-9]/)).toBeVisible({ timeout: 60_000 });
    const inside = await openTab(page, 'Weights');
    await expect(inside.getByText(/these are the pretrained networks/)).toHaveCount(0);
    const heading = inside.getByRole('heading', { name: /^Plain/ });
    await expect(heading).toContainText(/after epoch|before training/);
    const first = await heading.innerText();
    await expect(heading).not.toHaveText(first.replace('\n', ''), { timeout: 20_000 });
    await lab.button('Reset').click();
    await expect(inside.getByText(/these are the pretrained networks/)).toBeVisible();
  });

  test('the clean matrix counts the errors that the curves show', async ({ lab, page }) => {
    await lab.open();
    await lab.race('Back-propagation');
    await lab.fill(tinyRun);
    await lab.button('Train').click();
    await expect(lab.status('Finished')).toBeVisible({ timeout: 60_000 });
    await lab.showTable();
    const { cleanError, adversarialError, images } = lastOf(await lab.readErrors());
    expect(images).toBe(10_000);
    const inside = await openTab(page, 'Confusion');
    await inside.getByRole('radio', { name: 'All 10,000' }).check();
    const clean = inside.getByRole('table', { name: 'Plain, clean:' });
    await expect
      .poll(async () => (await readErrors(clean)).total, { timeout: 60_000 })
      .toBe(10_000);
    expect((await readErrors(clean)).errors).toBe(Math.round(cleanError * 10_000));
    const attacked = inside.getByRole('table', { name: 'Plain, under attack:' });
    expect((await readErrors(attacked)).errors).toBe(Math.round(adversarialError * 10_000));
  });
});

for (const viewport of [
  { width: 1280, height: 900 },
  { width: 360, height: 740 },
]) {
  test.describe(`${viewport.width} px`, () => {
    test.use({ viewport });

    test('axe finds nothing in any view', async ({ lab, page }) => {
      test.setTimeout(300_000);
      await lab.open();
      const inside = await openTab(page, 'Weights');
      await inside.evaluate((element) => (element.id = 'inside-under-test'));
      await inside.getByRole('button', { name: 'Enlarge one' }).click();
      await check();
      await openTab(page, 'Gradients');
      await expect(inside.getByRole('img', { name: /^Gradient of/ })).toHaveCount(3);
      await check();
      await openTab(page, 'Confusion');
      await inside
        .getByRole('button', { name: /a 4 read as 9/ })
        .last()
        .click();
      await expect(inside.getByRole('img', { name: /^Number / }).first()).toBeVisible();
      await check();
      await openTab(page, 'Margins');
      await check();
      await inside.getByRole('checkbox', { name: 'Table' }).check();
      await check();
      await openTab(page, 'Loss around');
      await expect(inside.getByRole('slider', { name: /^Along random/ })).toBeVisible();
      await check();

      async function check(): Promise<void> {
        await expectAccessible(page, '#inside-under-test');
        await expectNoSidewaysScroll(page);
      }
    });
  });
}
