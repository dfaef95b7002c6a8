import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { build } from 'vite';
import { browserLaunchOptions } from './browser.ts';
import { serveFolder } from './staticServer.ts';

const root = path.dirname(import.meta.dirname);

/**
 * Opens the built site in Chromium and starts a training run with the default settings. Builds the site first, unless
 * `--reuse` is given and dist/ exists.
 *
 * @param prepare called with the page before anything is loaded
 * @param use called with the page after the first training steps
 */
export async function withTrainingPage(
  prepare: (page: Page) => Promise<unknown>,
  use: (page: Page) => Promise<unknown>,
): Promise<void> {
  const dist = path.join(root, 'dist');
  if (!process.argv.includes('--reuse') || !existsSync(dist)) await build({ root });
  const server = await serveFolder(dist);
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch(browserLaunchOptions());
    const page = await browser.newPage({
      viewport: { width: 1280, height: 900 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    await prepare(page);
    await page.goto(server.url);
    await page.getByTestId('train').click();
    await page
      .locator('[data-testid=run-status][data-step]:not([data-step="0"])')
      .first()
      .waitFor({ timeout: 120_000 });
    await use(page);
  } finally {
    await browser?.close();
    await server.close();
  }
}
