import { readFile } from 'node:fs/promises';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

test('the program says what the settings say, and can be copied and saved', async ({
  lab,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open();
  await lab.goTo('Files');
  const code = page.getByRole('region', { name: 'Code', exact: true });
  const listing = code.getByRole('group', { name: 'ABP ε 0.08 in PyTorch' });
  await expect(listing).toContainText('sizes = [784, 100, 10]');
  await expect(listing).toContainText('x = x + 0.08 * gradient_sign(x, y)');
  await expect(listing).toContainText('torch.optim.RMSprop(layers.parameters(), lr=0.002,');

  await lab.goTo('Lab');
  await lab.fill({ 'Hidden layers': '300, 200', Epochs: '7' });
  await lab.attackSlider.fill('0.15');
  await lab.goTo('Files');
  await expect(listing).toContainText('sizes = [784, 300, 200, 10]');
  await expect(listing).toContainText('range(1, 7 + 1)');
  await expect(listing).toContainText('attack_epsilon = 0.15');

  await code.getByRole('combobox', { name: 'Run' }).selectOption('Dropout');
  await code.getByRole('radio', { name: 'TensorFlow.js' }).check();
  const other = code.getByRole('group', { name: 'Dropout in TensorFlow.js' });
  await expect(other).toContainText('const sizes = [784, 300, 200, 10];');
  await expect(other).toContainText('tf.dropout(x, 0.5)');

  await code.getByRole('button', { name: 'Copy' }).click();
  const text = `${(await other.innerText()).trimEnd()}\n`;
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  const downloaded = page.waitForEvent('download');
  await code.getByRole('button', { name: 'Save train.mjs' }).click();
  const download = await downloaded;
  expect(download.suggestedFilename()).toBe('train.mjs');
  expect(await readFile(await download.path(), 'utf8')).toBe(text);

  await test.step('axe finds nothing, and the listing can be scrolled by keyboard', async () => {
    await code.evaluate((element) => (element.id = 'code-under-test'));
    for (const viewport of [
      { width: 1280, height: 900 },
      { width: 360, height: 740 },
    ]) {
      await page.setViewportSize(viewport);
      await other.focus();
      await page.keyboard.press('End');
      const readRest = (): Promise<number> =>
        other.evaluate((e) => e.scrollHeight - e.clientHeight - e.scrollTop);
      await expect.poll(readRest).toBeLessThan(2);
      expect(await other.evaluate((element) => element.scrollTop)).toBeGreaterThan(100);
      await page.keyboard.press('Home');
      await expect.poll(() => other.evaluate((element) => element.scrollTop)).toBe(0);
      await expectAccessible(page, '#code-under-test');
      await expectNoSidewaysScroll(page);
    }
  });

  await page.setViewportSize({ width: 1280, height: 900 });
  await lab.goTo('Lab');
  await lab.fill({ 'Hidden layers': '0' });
  await lab.goTo('Files');
  await expect(code.getByRole('radio', { name: 'TensorFlow.js' })).toBeChecked();
  await expect(other).toHaveCount(0);
  await expect(code.getByRole('button', { name: 'Copy' })).toHaveCount(0);
});
