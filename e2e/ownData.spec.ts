import { expect, test } from './fixtures.ts';
import { tinyRun } from './labPage.ts';

const pixelCount = 28 * 28;

/** An IDX file of unsigned bytes. */
function encodeIdx(sizes: readonly number[], elements: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length, 0);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, elements]);
}

/** Images whose class is a bright bar, and their labels. */
function makePart(count: number, name: string) {
  const labels = Uint8Array.from({ length: count }, (_, i) => (i * 7) % 10);
  const pixels = new Uint8Array(count * pixelCount);
  labels.forEach((label, i) => {
    const row = i * pixelCount + (2 + 2 * label) * 28;
    pixels.fill(230, row + 4, row + 24);
  });
  const file = (kind: string, buffer: Buffer) => ({
    ...{ name: `${name}-${kind}-ubyte`, mimeType: 'application/octet-stream', buffer },
  });
  return [
    file('images-idx3', encodeIdx([count, 28, 28], pixels)),
    file('labels-idx1', encodeIdx([count], labels)),
  ];
}

const files = [...makePart(800, 'train'), ...makePart(10_000, 't10k')];

test('trains on four IDX files that are chosen, and asks for them again after a reload', async ({
  lab,
  page,
}) => {
  test.setTimeout(120_000);
  await lab.open();
  await lab.setup.getByLabel('Data', { exact: true }).selectOption('Your files');
  const input = lab.setup.getByLabel('Data files');

  await input.setInputFiles(files.slice(0, 3));
  await expect(lab.setup.getByRole('alert')).toContainText('expected four IDX files, or CIFAR-10');
  const wrong = { ...files[1]!, buffer: encodeIdx([800], new Uint8Array(800).fill(12)) };
  await input.setInputFiles([files[0]!, wrong, files[2]!, files[3]!]);
  await expect(lab.setup.getByRole('alert')).toContainText(
    'train-labels-idx1-ubyte: expected labels from 0 to 9, found 12 for image 0',
  );

  await input.setInputFiles(files);
  await expect(lab.setup.getByText('800 training and 10,000 test images')).toBeVisible();
  await expect(lab.setup.getByRole('alert')).toHaveCount(0);
  await expect(
    lab.examples.getByRole('img', { name: 'Test image, class 0' }).first(),
  ).toBeVisible();
  await expect(page).toHaveURL(/data=grey-28\.800\.[0-9a-f]{64}/);

  await lab.fill({ ...tinyRun, Epochs: '4', 'Learning rate': '0.01' });
  await lab.race('plain', 'adversarial');
  await lab.button('Train').click();
  await expect(lab.status(/^Finished/)).toBeVisible({ timeout: 60_000 });
  await expect(lab.examples.getByText(/^Of 48 images, attacked with ε/)).toBeVisible();
  await lab.showTable();
  const errors = await lab.readErrors();
  expect(errors.at(-1)!.cleanError).toBeLessThan(0.5);
  await expect(lab.setup.getByLabel('Data', { exact: true })).toBeDisabled();

  await page.reload();
  await expect(page.getByText('was trained on your own files').first()).toBeVisible({
    timeout: 30_000,
  });
  await expect(lab.button('Train')).toBeDisabled();
  await input.setInputFiles([...makePart(900, 'train'), ...files.slice(2)]);
  await expect(lab.setup.getByRole('alert')).toContainText('These are other data');
  await input.setInputFiles(files);
  await expect(lab.status(/^Finished/)).toBeVisible({ timeout: 60_000 });
});

test('takes files that are dropped, and goes back to MNIST', async ({ lab, page }) => {
  await lab.open();
  await lab.setup.getByLabel('Data', { exact: true }).selectOption('Your files');
  const dropped = await page.evaluateHandle(
    (parts) => {
      const transfer = new DataTransfer();
      for (const { name, base64 } of parts) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
      }
      return transfer;
    },
    files.map(({ name, buffer }) => ({ name, base64: buffer.toString('base64') })),
  );
  await lab.setup.getByText('or drop them here').dispatchEvent('drop', { dataTransfer: dropped });
  await expect(lab.setup.getByText('800 training and 10,000 test images')).toBeVisible();
  await lab.setup.getByLabel('Data', { exact: true }).selectOption('MNIST');
  await expect(page).not.toHaveURL(/data=/);
  await expect(lab.examples.getByRole('img', { name: /^Test digit/ }).first()).toBeVisible();
  await expect(lab.button('Train')).toBeEnabled();
});

test('a race of the paper takes the place of files, which can be used again', async ({
  lab,
  page,
}) => {
  await lab.open();
  const data = lab.setup.getByLabel('Data', { exact: true });
  await data.selectOption('Your files');
  await lab.setup.getByLabel('Data files').setInputFiles(files);
  await expect(lab.setup.getByText('800 training and 10,000 test images')).toBeVisible();

  const paper = page.getByRole('region', { name: 'Paper', exact: true });
  await paper.scrollIntoViewIfNeeded();
  await paper
    .getByRole('button', { name: /^ReLU: Plain\b/ })
    .first()
    .click();
  await paper.getByRole('button', { name: 'Open the race of ReLU, Plain' }).click();
  await expect(paper.getByRole('status').filter({ hasText: 'The setup now holds' })).toContainText(
    'Train starts it on MNIST. Your files stay at hand: choose Your files under Data',
  );
  await expect(data).toHaveValue('mnist');

  await data.selectOption('Your files');
  await lab.setup.getByRole('button', { name: 'Use your files again' }).click();
  await expect(lab.setup.getByText('800 training and 10,000 test images')).toBeVisible();
  await expect(lab.setup.getByRole('button', { name: 'Choose files…' })).toBeFocused();
  await expect(page).toHaveURL(/data=grey-28\.800\.[0-9a-f]{64}/);
});
