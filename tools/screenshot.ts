/** `npm run screenshot`: makes docs/screenshot.png from the built page after the preset “Quick look”. */
import path from 'node:path';
import { withTrainingPage } from './trainingPage.ts';

const file = path.join(path.dirname(import.meta.dirname), 'docs', 'screenshot.png');

await withTrainingPage(
  (page) => page.setViewportSize({ width: 1440, height: 1180 }),
  async (page) => {
    const results = page.getByRole('region', { name: 'Results' });
    await results.getByText(/^Under PGD at/).waitFor({ timeout: 600_000 });
    await page.screenshot({ path: file });
  },
);
console.log(`Wrote ${file}`);
