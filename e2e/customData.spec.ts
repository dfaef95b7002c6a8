import { expect, test } from './fixtures.ts';
import { type LabPage, tinyRun } from './labPage.ts';
import { RobustnessPanel, robustnessTabs } from './robustnessPanel.ts';

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
    name: `${name}-${kind}-ubyte`,
    mimeType: 'application/octet-stream',
    buffer,
  });
  return [
    file('images-idx3', encodeIdx([count, 28, 28], pixels)),
    file('labels-idx1', encodeIdx([count], labels)),
  ];
}

const trainingCount = 800;
const testCount = 200;
const files = [...makePart(trainingCount, 'train'), ...makePart(testCount, 't10k')];

async function expectLoaded(lab: LabPage): Promise<void> {
  await expect(lab.customData).toHaveAttribute('data-training-count', String(trainingCount));
  await expect(lab.customData).toHaveAttribute('data-test-count', String(testCount));
}

test('trains on four IDX files that are chosen, and asks for them again after a reload', async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.field('Data').selectOption('Your files');
  const input = lab.setup.getByLabel('Data files');
  const problem = lab.setup.getByRole('alert');

  const wrong = { ...files[1]!, buffer: encodeIdx([799], new Uint8Array(799).fill(1)) };
  await input.setInputFiles([files[0]!, wrong, files[2]!, files[3]!]);
  await expect(problem).toContainText('train-labels-idx1-ubyte');

  await input.setInputFiles(files);
  await expectLoaded(lab);
  await expect(problem).toHaveCount(0);
  await expect(
    lab.examples.getByRole('img', { name: 'Test image, class 0' }).first(),
  ).toBeVisible();
  await expect(page).toHaveURL(/data=grey-28\.800-200\.[0-9a-f]{64}/);

  await lab.fill({ ...tinyRun, Epochs: '4', 'Learning rate': '0.01' });
  await lab.chooseMethods('plain', 'adversarial');
  await lab.button('Train').click();
  await lab.expectFinished(2);
  await expect(lab.trainedSummary).toHaveAttribute('data-image-count', '48');
  await lab.showTable();
  const errors = await lab.readErrors();
  expect(errors.at(-1)!.cleanError).toBeLessThan(0.5);
  await expect(lab.field('Data')).toBeDisabled();

  await page.reload();
  await expect(lab.notice('continued')).toBeVisible();
  await expect(lab.button('Train')).toBeDisabled();
  await input.setInputFiles([...makePart(900, 'train'), ...files.slice(2)]);
  await expect(problem).toBeVisible();
  await expect(lab.runStatuses).toHaveCount(0);
  await input.setInputFiles(files);
  await lab.expectFinished(2);
});

test('takes files that are dropped, and has them back after MNIST and after runs of the paper', async ({
  lab,
  page,
}) => {
  await lab.open();
  const data = lab.field('Data');
  const useAgain = lab.setup.getByRole('button', { name: 'Use your files again' });
  await data.selectOption('Your files');
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
  await lab.dropTarget.dispatchEvent('drop', { dataTransfer: dropped });
  await expectLoaded(lab);

  await data.selectOption('MNIST');
  await expect(page).not.toHaveURL(/data=/);
  await expect(lab.examples.getByRole('img', { name: /^Test digit/ }).first()).toBeVisible();
  await expect(lab.button('Train')).toBeEnabled();
  await data.selectOption('Your files');
  await lab.setup.getByLabel('Data files').setInputFiles(files);
  await expectLoaded(lab);

  await lab.goTo('Paper');
  const paper = page.getByRole('region', { name: 'Paper', exact: true });
  await paper
    .getByRole('button', { name: /^ReLU: Plain\b/ })
    .first()
    .click();
  await paper.getByRole('button', { name: /^Open the .* of ReLU, Plain/ }).click();
  await lab.goTo('Lab');
  await expect(data).toHaveValue('mnist');

  await data.selectOption('Your files');
  await useAgain.click();
  await expectLoaded(lab);
  await expect(lab.setup.getByRole('button', { name: 'Choose files…' })).toBeFocused();
  await expect(page).toHaveURL(/data=grey-28\.800-200\.[0-9a-f]{64}/);
});

test('trains on letters, with as many classes as there are and their names everywhere', async ({
  lab,
}) => {
  const makeLetters = (name: string, count: number) => {
    const labels = Uint8Array.from({ length: count }, (_, i) => 1 + ((i * 7) % 26));
    const pixels = new Uint8Array(count * pixelCount);
    labels.forEach((label, i) =>
      pixels.fill(230, i * pixelCount + label * 28, i * pixelCount + label * 28 + 20),
    );
    const file = (kind: string, buffer: Buffer) => ({
      name: `${name}-${kind}-ubyte`,
      mimeType: 'application/octet-stream',
      buffer,
    });
    return [
      file('images-idx3', encodeIdx([count, 28, 28], pixels)),
      file('labels-idx1', encodeIdx([count], labels)),
    ];
  };
  const mapping = Array.from({ length: 26 }, (_, i) => `${i + 1} ${65 + i}\n`).join('');
  await lab.open();
  await lab.field('Data').selectOption('Your files');
  await lab.setup
    .getByLabel('Data files')
    .setInputFiles([
      ...makeLetters('train', 1040),
      ...makeLetters('t10k', 390),
      { name: 'mapping.txt', mimeType: 'text/plain', buffer: Buffer.from(mapping) },
      { name: 'README.md', mimeType: 'text/plain', buffer: Buffer.from('# Letters') },
    ]);
  await expect(lab.customData).toContainText('26 classes');
  await expect(lab.customData).toContainText('Left out: README.md');
  await lab.fill({ ...tinyRun, Epochs: '2' });
  await lab.chooseMethods('plain');
  await lab.button('Train').click();
  await lab.expectFinished(1);

  await test.step('letters are never called digits', async () => {
    const robustness = new RobustnessPanel(lab);
    for (const name of robustnessTabs) {
      const tab = await robustness.open(name);
      await expect(tab).not.toContainText(/digit/i);
    }
    await lab.goTo('Lab');
    await expect(lab.examples).not.toContainText(/digit/i);
  });

  const byClass = lab.examples.getByLabel('Examples by class');
  await expect(byClass.getByRole('option')).toHaveCount(27);
  await byClass.selectOption('Only Z');
  await expect(lab.examples.getByRole('img', { name: 'Test image, Z' }).first()).toBeVisible();
});
