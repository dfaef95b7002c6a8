/**
 * `npm run screenshot`: takes the first screen of the built site, for README (docs/screenshot.png) and for what is
 * shown where a link to the page is posted (public/og.png).
 */
import path from 'node:path';
import { chromium } from 'playwright';
import { browserLaunchOptions } from './browser.ts';
import { serveFolder } from './staticServer.ts';

const root = path.dirname(import.meta.dirname);

const server = await serveFolder(path.join(root, 'dist'));
const browser = await chromium.launch(browserLaunchOptions());
const pictures = [
  { file: 'docs/screenshot.png', width: 1440, height: 900 },
  { file: 'public/og.png', width: 1200, height: 630 },
];
for (const { file, width, height } of pictures) {
  const page = await browser.newPage({ viewport: { width, height } });
  await page.goto(server.url);
  await page.getByTestId('examples-summary').waitFor({ state: 'attached', timeout: 60_000 });
  await page.screenshot({ path: path.join(root, file) });
  console.log(`Wrote ${file}`);
}
await browser.close();
await server.close();
