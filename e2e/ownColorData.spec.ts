import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { expectMeasured } from './resultsTable.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

const record = 3073;
const perBatch = 100;
const names = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5'];

/** A batch of CIFAR-10's layout whose classes differ in brightness. */
function makeBatch(name: string) {
  const buffer = Buffer.alloc(perBatch * record);
  for (let i = 0; i < perBatch; i++) {
    const label = (i * 7) % 10;
    buffer[i * record] = label;
    buffer.fill(20 + 22 * label, i * record + 1, (i + 1) * record);
  }
  return { name: `${name}.bin`, mimeType: 'application/octet-stream', buffer };
}

const files = [...names, 'test_batch'].map(makeBatch);

test('a small part of CIFAR-10 has a preset of its own, and is measured on all of its images', async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.field('Data').selectOption('Your files');
  const preset = lab.setup.getByLabel('Preset');
  const ownPreset = lab.setup.getByRole('button', { name: /^CIFAR-10: plain/ });
  const problem = lab.setup.getByRole('alert');
  await expect(preset.getByRole('option', { name: 'CIFAR-10' })).toHaveCount(0);
  const input = lab.setup.getByLabel('Data files');

  await input.setInputFiles(files.slice(1));
  await expect(problem).toContainText('data_batch_1.bin');
  await expectAccessible(page, '[data-panel=Setup]');
  await input.setInputFiles(files);
  await expect(lab.customData).toHaveAttribute('data-training-count', '500');
  await expect(lab.customData).toHaveAttribute('data-test-count', '100');
  await expect(problem).toHaveCount(0);
  await expectAccessible(page, '[data-panel=Setup]', '[data-panel=Draw]');
  await test.step('the pad, which draws gray digits, says so and keeps the attack’s ε', async () => {
    const draw = page.getByRole('region', { name: 'Draw', exact: true });
    await expect(draw).toContainText('color images');
    await expect(draw.getByRole('application')).toHaveCount(0);
    await expect(draw.getByRole('list', { name: 'Predictions' })).toHaveCount(0);
  });
  // So high that the bars at the top and bottom lie over no setting: a person scrolls.
  await page.setViewportSize({ width: 360, height: 6000 });
  await expect(lab.customData).toBeVisible();
  await expectAccessible(page, '[data-panel=Setup]');
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await expect(page).toHaveURL(/data=color-32\.500-100\.[0-9a-f]{64}/);
  await ownPreset.click();
  await expect(preset).toHaveValue('cifar10');
  await expect(ownPreset).toHaveCount(0);
  await expect(lab.attackSlider).toHaveValue('0.02');

  // More than there are, as it may be typed.
  await lab.fill({ 'Training set size': '501' });
  await expect(lab.field('Training set size')).toHaveAttribute('aria-invalid', 'true');
  await expect(lab.field('Training set size')).toHaveAccessibleDescription(/\b500\b/);
  await lab.fill({ 'Training set size': '500', 'Hidden layers': '16', Epochs: '3' });
  await lab.button('Train').click();
  await lab.expectFinished(4);
  await lab.showTable();
  const errors = await lab.readErrors();
  expect(errors.at(-1)!.images).toBe(100);
  await expectMeasured(page, 4, '0.02');
  await page.reload();
  await expect(lab.notice('continued')).toBeVisible();
  await expect(lab.customData).toContainText('500');
});

test('takes the folder that CIFAR-10 was unpacked into, and refuses an empty one', async ({
  lab,
  page,
}, testInfo) => {
  const folder = testInfo.outputPath('Downloads', 'cifar-10-batches-bin');
  await mkdir(folder, { recursive: true });
  for (const { name, buffer } of files) await writeFile(path.join(folder, name), buffer);
  for (const name of ['batches.meta.txt', 'readme.html', '.DS_Store']) {
    await writeFile(path.join(folder, name), 'airplane');
  }
  const empty = testInfo.outputPath('empty');
  await mkdir(empty);

  await lab.open();
  await lab.field('Data').selectOption('Your files');
  await drop(empty);
  await expect(lab.setup.getByRole('alert')).toContainText('empty: ');
  const found = lab.customData.and(
    page.locator('[data-training-count="500"][data-test-count="100"]'),
  );
  await drop(folder);
  await expect(found).toBeVisible();
  await expect(lab.setup.getByRole('alert')).toHaveCount(0);
  await lab.field('Data').selectOption('MNIST');
  await expect(found).toHaveCount(0);
  await lab.field('Data').selectOption('Your files');
  await drop(path.dirname(folder));
  await expect(found).toBeVisible();

  /** What a file manager does: a page cannot make a folder of its own to drop. */
  async function drop(dropped: string): Promise<void> {
    await lab.dropTarget.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await lab.dropTarget.boundingBox())!;
    const session = await page.context().newCDPSession(page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', {
        type,
        x: x + width / 2,
        y: y + height / 2,
        data: { items: [], files: [dropped], dragOperationsMask: 1 },
      });
    }
    await session.detach();
  }
});
