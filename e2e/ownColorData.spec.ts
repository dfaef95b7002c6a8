import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

const record = 3073;
const perBatch = 100;
const names = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5'];

/** A batch of CIFAR-10's layout whose classes are told by their brightness. */
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

test('a small part of CIFAR-10 has a race of its own, and is measured on all there is', async ({
  lab,
  page,
}) => {
  test.setTimeout(120_000);
  await lab.open();
  await lab.setup.getByLabel('Data', { exact: true }).selectOption('Your files');
  const preset = lab.setup.getByLabel('Preset');
  await expect(preset.getByRole('option', { name: 'CIFAR-10' })).toHaveCount(0);
  const input = lab.setup.getByLabel('Data files');

  const python = { ...files[0]!, name: 'data_batch_1' };
  await input.setInputFiles([python, ...files.slice(1)]);
  await expect(lab.setup.getByRole('alert')).toContainText('data_batch_1: expected a batch of');
  const cifar100 = { ...files[0]!, buffer: Buffer.alloc(100 * 3074) };
  await input.setInputFiles([cifar100, ...files.slice(1)]);
  await expect(lab.setup.getByRole('alert')).toContainText('as CIFAR-100 has them');

  await input.setInputFiles(files);
  await expect(lab.setup.getByText('500 training and 100 test images')).toBeVisible();
  await expect(page).toHaveURL(/data=color-32\.500-100\.[0-9a-f]{64}/);
  await lab.setup.getByRole('button', { name: 'CIFAR-10: plain, dropout, ABP' }).click();
  await expect(preset).toHaveValue('cifar10');
  await expect(lab.setup.getByRole('button', { name: /^CIFAR-10: plain/ })).toHaveCount(0);
  await expect(lab.attackSlider).toHaveAttribute('aria-valuetext', /0\.02/);

  // More than there are, as a person may type it.
  await lab.fill({ 'Training set size': '501' });
  await expect(
    lab.setup.getByText('Training set size must be a whole number from 100 to 500.').first(),
  ).toBeVisible();
  await lab.fill({ 'Training set size': '500', 'Hidden layers': '16', Epochs: '4' });
  await lab.button('Train').click();
  await expect(lab.status(/^Finished/)).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText('Marks are on all 100 images').first()).toBeVisible();
  await lab.showTable();
  const errors = await lab.readErrors();
  expect(errors.at(-1)!.images).toBe(100);
  await expect(page.getByText(/Errors on all 100 test images after epoch 4/).first()).toBeVisible({
    timeout: 60_000,
  });
  await page.reload();
  await expect(page.getByText('was trained on your own files').first()).toBeVisible({
    timeout: 30_000,
  });
  await expect(lab.setup.getByText(/^Wanted: 500 training and 100 test images/)).toBeVisible();
});

test('takes the folder that CIFAR-10 was unpacked into, and says why another is none', async ({
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
  await lab.setup.getByLabel('Data', { exact: true }).selectOption('Your files');
  await drop(empty);
  await expect(lab.setup.getByRole('alert')).toContainText(
    'empty: expected files of a data set in this folder, found none.',
  );
  const found = lab.setup.getByText('500 training and 100 test images');
  await drop(folder);
  await expect(found).toBeVisible();
  await expect(lab.setup.getByRole('alert')).toHaveCount(0);
  await lab.setup.getByLabel('Data', { exact: true }).selectOption('MNIST');
  await expect(found).toHaveCount(0);
  await lab.setup.getByLabel('Data', { exact: true }).selectOption('Your files');
  await drop(path.dirname(folder));
  await expect(found).toBeVisible();

  /** What a file manager does: a page cannot make a folder of its own to drop. */
  async function drop(dropped: string): Promise<void> {
    const target = lab.setup.getByText('or drop them here');
    await target.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await target.boundingBox())!;
    const session = await page.context().newCDPSession(page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', {
        ...{ type, x: x + width / 2, y: y + height / 2 },
        data: { items: [], files: [dropped], dragOperationsMask: 1 },
      });
    }
    await session.detach();
  }
});

for (const width of [1280, 360]) {
  test(`axe finds nothing in the data field with own files, ${width} px`, async ({ lab, page }) => {
    test.setTimeout(120_000);
    await page.setViewportSize({ width, height: 900 });
    await lab.open();
    if (width === 360) await lab.button('Setup').click();
    await lab.setup.getByLabel('Data', { exact: true }).selectOption('Your files');
    const input = lab.setup.getByLabel('Data files');
    await input.setInputFiles(files.slice(1));
    await expect(lab.setup.getByRole('alert')).toContainText('data_batch_1.bin is missing');
    await check();
    await input.setInputFiles(files);
    await expect(lab.setup.getByRole('button', { name: /^CIFAR-10: plain/ })).toBeVisible();
    await check();

    async function check(): Promise<void> {
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
  });
}
