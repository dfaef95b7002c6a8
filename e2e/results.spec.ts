import type { Download, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { expectMeasured, readResults, results } from './resultsTable.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

/** "15.20 %" as 0.152; NaN while there is none. */
function readRate(cell: string | undefined): number {
  return Number.parseFloat(cell ?? '') / 100;
}

async function saveWeights(
  page: Page,
  run: string,
): Promise<{ download: Download; bytes: Buffer }> {
  const waiting = page.waitForEvent('download');
  await results(page)
    .getByRole('button', { name: `Save weights of ${run}` })
    .click();
  const download = await waiting;
  return { download, bytes: await readFile(await download.path()) };
}

async function openFile(page: Page, name: string, buffer: Buffer): Promise<void> {
  const mimeType = 'application/octet-stream';
  await results(page).getByLabel('File to open').setInputFiles({ name, mimeType, buffer });
}

test('Quick look gives its verdict, and what it trained can be taken away and brought back', async ({
  lab,
  page,
}) => {
  test.setTimeout(420_000);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open('/#v=1&preset=quick');
  await lab.button('Train').click();
  await expect(page.getByText('Finished').first()).toBeVisible({ timeout: 200_000 });
  await expectMeasured(page, 3);

  const all = await readResults(page);
  const plain = all['Plain']!;
  const abp = all['ABP ε 0.08']!;
  for (const attack of ['FGSM, ε 0.08', 'PGD-20, ε 0.08'] as const) {
    expect(readRate(abp[attack])).toBeLessThan(readRate(plain[attack]) / 3);
  }
  const panel = results(page);
  await expect(panel).toContainText('Errors on all 10,000 test images after epoch 3.');
  await expect(panel).toContainText(
    /Under PGD at ε\s0\.08, ABP ε\s0\.08 errs on \d+\s% of all 10,000/,
  );
  await expect(panel).toContainText('Here it differs: one hidden layer of 100 units');

  await test.step('copies the table as Markdown', async () => {
    await panel.getByRole('button', { name: 'Copy as Markdown' }).click();
    await expect(panel.getByText('The results as Markdown copied.')).toBeVisible();
    const markdown = await page.evaluate(() => navigator.clipboard.readText());
    expect(markdown).toMatch(/^\| Run \| Clean error \|/);
    expect(markdown).toContain(`| ABP ε 0.08 | ${abp['Clean error']} |`);
  });

  await test.step('measures at another ε on demand', async () => {
    const slider = page.getByRole('slider', { name: 'Attack ε', exact: true });
    await slider.focus();
    await slider.press('ArrowRight');
    await expect(panel).toContainText('Not measured on all 10,000 images at ε 0.09 yet.', {
      timeout: 120_000,
    });
    await expect(panel.getByRole('button', { name: 'Measure at ε 0.09' })).toBeVisible();
    await slider.press('ArrowLeft');
  });

  await test.step('takes a race along and shows it beside the present one', async () => {
    const waiting = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Save race (JSON)' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^race-.+\.json$/);
    const json = await readFile(await download.path());
    await openFile(page, 'lesson.json', json.subarray(0, -50));
    const alert = panel.getByRole('alert');
    await expect(alert).toContainText('lesson.json was not opened');
    await expect(alert).toContainText('should be JSON, but is not, or was cut short');
    await openFile(page, 'lesson.json', json);
    await expect(panel.getByRole('list', { name: 'Races from files' })).toContainText(
      'lesson.json',
    );
    await expect(alert).toHaveCount(0);
    await expect(panel.getByRole('row', { name: /^ABP ε 0\.08 ·/ })).toContainText(
      abp['PGD-20, ε 0.08'],
    );
    await panel.getByRole('button', { name: 'Use the settings of lesson.json' }).click();
    await expect(panel).toContainText('The setup now holds the settings of lesson.json');
    await panel.getByRole('button', { name: 'Remove lesson.json' }).click();
    await expect(panel.getByRole('row')).toHaveCount(4);
  });

  const { download, bytes } = await saveWeights(page, 'ABP ε 0.08');
  expect(download.suggestedFilename()).toBe('abp-eps-0.08.safetensors');
  await expect(panel.getByRole('group', { name: /^Read abp-eps-0\.08/ })).toContainText(
    'net.load_state_dict(load_file("abp-eps-0.08.safetensors"))',
  );

  await test.step('refuses files that are cut short or lie, and leaves the page as it is', async () => {
    const alert = panel.getByRole('alert');
    await openFile(page, 'short.safetensors', bytes.subarray(0, -1000));
    await expect(alert).toContainText('short.safetensors was not opened');
    await expect(alert).toContainText(/should lie within [\d,]+ bytes of data, but claims/);
    const lying = Buffer.from(bytes);
    lying.writeBigUInt64LE(2n ** 62n);
    await openFile(page, 'lying.safetensors', lying);
    await expect(alert).toContainText('lying.safetensors was not opened');
    await expect(alert).toContainText('its header should have at most 1,048,576 bytes, but claims');
    await openFile(page, 'notes.txt', Buffer.from('hello'));
    await expect(alert).toContainText('should end with .safetensors (weights) or .json (a race)');
    expect(await readResults(page)).toEqual(all);
  });

  await test.step('examines the weights, with the error that they had', async () => {
    const name = 'abp-eps-0.08.safetensors';
    await openFile(page, name, bytes);
    const dialog = page.getByRole('dialog', { name: `Open ${name}?` });
    await expect(dialog).toContainText('Plain, Dropout, ABP ε 0.08');
    await dialog.getByRole('button', { name: 'Open it' }).click();
    await expect(panel.getByRole('row')).toHaveCount(2);
    await expectMeasured(page, 1);
    expect((await readResults(page))[name]).toEqual({ ...abp, Run: name });
    await expect(page.getByRole('region', { name: 'Examples' })).toContainText(`${name} reads`);
  });
});

test('a text that cannot be copied is shown to be copied by hand', async ({ lab, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  await lab.open();
  await lab.button('Step').click();
  const panel = results(page);
  await expect(panel.getByRole('row')).toHaveCount(4, { timeout: 60_000 });
  await panel.getByRole('button', { name: 'Copy as CSV' }).click();
  const text = panel.getByRole('textbox', { name: 'The results as CSV, to be copied by hand' });
  await expect(text).toBeFocused();
  await expect(text).toHaveValue(/^run,method,training_epsilon/);
  await panel.getByRole('button', { name: 'Done' }).click();
  await expect(text).toHaveCount(0);
});

for (const viewport of [
  { width: 1280, height: 900 },
  { width: 360, height: 740 },
]) {
  test(`axe finds nothing in the results: ${viewport.width} px`, async ({ lab, page }) => {
    await page.setViewportSize(viewport);
    await lab.open();
    const panel = results(page);
    await expect(panel).toContainText('It fills when networks train');
    await openFile(page, 'notes.txt', Buffer.from('hello'));
    await lab.button('Step').click();
    await expect(panel.getByRole('row')).toHaveCount(4, { timeout: 60_000 });
    await expect(panel.getByRole('button', { name: 'Save weights of Plain' })).toBeEnabled();
    const { bytes } = await saveWeights(page, 'Plain');
    await panel.getByRole('button', { name: 'Copy as Markdown' }).click();
    await expectAccessible(page);
    await openFile(page, 'plain.safetensors', bytes);
    await expect(page.getByRole('dialog')).toContainText('Plain, Dropout, ABP ε 0.08');
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(panel.getByRole('row')).toHaveCount(4);
    await expectNoSidewaysScroll(page);
  });
}
