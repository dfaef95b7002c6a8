import { expect, test } from './fixtures.ts';
import { tinyRun } from './labPage.ts';

test('trains on permuted pixels, shows what the network sees, and puts the choice into the link', async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.fill({ ...tinyRun, Epochs: '1' });
  await lab.chooseMethods('plain', 'adversarial');
  await lab.setup.getByLabel('Permuted pixels').check();
  await expect(page).toHaveURL(/permute=1/);
  await lab.button('Train').click();
  await expect(lab.trainedSummary).toBeVisible({ timeout: 60_000 });

  const detail = await lab.openExample();
  /** Bright pixels in the uppermost two rows, which a digit leaves dark. */
  const brightBorders = () =>
    detail
      .getByRole('img', { name: /perturbed for Plain/ })
      .evaluate((canvas: HTMLCanvasElement) => {
        const copy = new OffscreenCanvas(28, 2).getContext('2d', { willReadFrequently: true })!;
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, 28, 2);
        return [...data].filter((value, i) => i % 4 === 0 && value > 128).length;
      });
  await expect.poll(brightBorders).toBeGreaterThan(0);
  await detail.getByRole('button', { name: 'Show every pixel in its place' }).click();
  await expect.poll(brightBorders).toBe(0);
});
