/** `npm run screenshot`: docs/screenshot.png, the built page after some training. */
import path from 'node:path';
import { withTrainingPage } from './trainingPage.ts';

const file = path.join(path.dirname(import.meta.dirname), 'docs', 'screenshot.png');

await withTrainingPage(
  () => Promise.resolve(),
  async (page) => {
    await page.getByText(/Epoch 3 of \d+ · step/).waitFor({ timeout: 600_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page
      .getByText(/Paused/)
      .first()
      .waitFor();
    await page.screenshot({ path: file, fullPage: true });
  },
);
console.log(`Wrote ${file}`);
