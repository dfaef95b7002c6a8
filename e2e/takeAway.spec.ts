import { readFile } from 'node:fs/promises';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import {
  expectMeasured,
  openFile,
  readResults,
  results,
  saveWeights,
  transfer,
} from './resultsTable.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

const tinyQuickLook = '/#v=1&preset=quick&layers=16&images=640';
const weightsName = 'abp-eps-0.08.safetensors';

test('results, experiment and weights can be taken away and brought back', async ({
  lab,
  page,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open(tinyQuickLook);
  await lab.button('Train').click();
  await expectMeasured(page, 3);
  await expect(page.getByRole('button', { name: /^Repeat with 5 seeds/ })).toBeVisible();
  const all = await readResults(page);
  const abp = all['ABP ε 0.08']!;
  const panel = results(page);
  const files = transfer(page);
  const alert = files.getByRole('alert');

  await test.step('copies the table as Markdown', async () => {
    await panel.getByRole('button', { name: 'Copy as Markdown' }).click();
    const readClipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(readClipboard).toMatch(/^\| Run \| Clean error \|/);
    expect(await readClipboard()).toContain(`| ABP ε 0.08 | ${abp['Clean error']} |`);
  });

  await test.step('measures at another ε on demand', async () => {
    await lab.attackSlider.focus();
    await lab.attackSlider.press('ArrowRight');
    const measure = panel.getByRole('button', { name: 'Measure at ε 0.09' });
    await expect(measure).toBeVisible({ timeout: 60_000 });
    await measure.click();
    await expect(measure).toHaveCount(0);
    await lab.attackSlider.press('ArrowLeft');
    await expect.poll(() => readResults(page)).toEqual(all);
  });

  await test.step('saves an experiment and shows it beside the one on the page', async () => {
    await lab.goTo('Files');
    const waiting = page.waitForEvent('download');
    await files.getByRole('button', { name: 'Save experiment (JSON)' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/\.json$/);
    const json = await readFile(await download.path());
    await openFile(page, 'lesson.json', json.subarray(0, -50));
    await expect(alert).toContainText('lesson.json');
    await openFile(page, 'lesson.json', json);
    await expect(alert).toHaveCount(0);
    await expect(files.getByRole('status').filter({ hasText: 'lesson.json' })).toBeVisible();
    await files.getByRole('button', { name: 'See lesson.json in the Lab' }).click();
    await expect(panel.getByRole('row', { name: /^ABP ε 0\.08 ·/ })).toContainText(
      abp['PGD-20, ε 0.08'],
    );
    await lab.fill({ Seed: '5' });
    await lab.goTo('Files');
    await files.getByRole('button', { name: 'Use the settings of lesson.json' }).click();
    await lab.goTo('Lab');
    await expect(lab.field('Seed')).toHaveValue('1');
    await lab.goTo('Files');
    await files.getByRole('button', { name: 'Remove lesson.json' }).click();
    await lab.goTo('Lab');
    await expect(panel.getByRole('row')).toHaveCount(4);
  });

  await lab.goTo('Files');
  const { download, bytes } = await saveWeights(page, 'ABP ε 0.08');
  expect(download.suggestedFilename()).toBe(weightsName);
  await expect(files.getByRole('group', { name: /^Read abp-eps-0\.08/ })).toContainText(
    `net.load_state_dict(load_file("${weightsName}"))`,
  );

  await test.step('refuses files that are cut short or lie, and leaves the page as it is', async () => {
    await openFile(page, 'short.safetensors', bytes.subarray(0, -1000));
    await expect(alert).toContainText('short.safetensors');
    const tooLong = Buffer.from(bytes);
    tooLong.writeBigUInt64LE(2n ** 62n);
    await openFile(page, 'too-long.safetensors', tooLong);
    await expect(alert).toContainText('too-long.safetensors');
    await lab.goTo('Lab');
    expect(await readResults(page)).toEqual(all);
  });

  await test.step('examines the weights, with the error that they had', async () => {
    await lab.goTo('Files');
    await openFile(page, weightsName, bytes);
    const dialog = page.getByRole('dialog', { name: `Open ${weightsName}?` });
    await dialog.getByRole('button', { name: 'Open it' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(lab.notice('import')).toContainText(weightsName);
    await expect(panel.getByRole('row')).toHaveCount(2);
    await expectMeasured(page, 1);
    expect((await readResults(page))[weightsName]).toEqual({ ...abp, Run: weightsName });
    await expect(lab.trainedSummary).toContainText(weightsName);
  });

  await test.step('does not offer to train opened weights again with other seeds, and says why', async () => {
    const next = page.getByRole('group', { name: 'What next' });
    await expect(next.getByRole('button', { name: 'Share the result' })).toBeVisible();
    await expect(next.getByRole('button', { name: /^Repeat/ })).toHaveCount(0);
    await next.getByRole('button', { name: 'Why not with other seeds' }).click();
    await expect(next.getByRole('dialog')).toBeVisible();
  });
});

test('a text that cannot be copied is shown to be copied by hand, and axe finds nothing in the results', async ({
  lab,
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  await lab.open(tinyQuickLook);
  const panel = results(page);
  const files = transfer(page);
  await lab.goTo('Files');
  await openFile(page, 'notes.txt', Buffer.from('hello'));
  await expect(files.getByRole('alert')).toContainText('notes.txt');
  await lab.goTo('Lab');
  await lab.press('One step');
  await expect(panel.getByRole('row')).toHaveCount(4, { timeout: 60_000 });
  await panel.getByRole('button', { name: 'Copy as CSV' }).click();
  const text = panel.getByRole('textbox');
  await expect(text).toBeFocused();
  await expect(text).toHaveValue(/^run,method,training_epsilon/);
  await panel.getByRole('button', { name: 'Done' }).click();
  await expect(text).toHaveCount(0);

  await lab.goTo('Files');
  await expect(files.getByRole('button', { name: 'Save weights of Plain' })).toBeEnabled();
  const { bytes } = await saveWeights(page, 'Plain');
  await lab.goTo('Lab');
  await panel.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(text).toBeFocused();
  for (const viewport of [
    { width: 1280, height: 900 },
    { width: 360, height: 740 },
  ]) {
    await page.setViewportSize(viewport);
    await lab.goTo('Lab');
    await expectAccessible(page, '[data-panel=Results]');
    await expectNoSidewaysScroll(page);
    await lab.goTo('Files');
    await expectAccessible(page, '[data-panel="Export and open"]');
    await expectNoSidewaysScroll(page);
    await openFile(page, 'plain.safetensors', bytes);
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, '[role=dialog]');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await lab.goTo('Lab');
    await expect(panel.getByRole('row')).toHaveCount(4);
  }
});
