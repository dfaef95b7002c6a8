import path from 'node:path';
import { chromium, type Page } from 'playwright';
import { build, type InlineConfig, preview } from 'vite';
import { browserLaunchOptions } from '../browser.ts';
import { kernelsPlugin } from '../build/kernels.ts';
import { mnistPlugin } from '../build/mnistPlugin.ts';

const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Builds a page of this folder and serves it, cross-origin isolated.
 *
 * @param name its folder
 */
export async function withBuiltPage<T>(
  name: string,
  config: Pick<InlineConfig, 'plugins'>,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const shared: InlineConfig = {
    ...config,
    configFile: false,
    root: path.join(import.meta.dirname, name),
    base: './',
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      outDir: path.join(import.meta.dirname, '..', '..', '.cache', `bench-${name}`),
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: 5000,
      // tfjs-wasm passes the source text of one of its functions to its threads.
      minify: false,
    },
  };
  await build(shared);
  const server = await preview({ ...shared, preview: { headers, host: '127.0.0.1', port: 0 } });
  try {
    return await use(server.resolvedUrls!.local[0]!);
  } finally {
    await server.close();
  }
}

/** Opens the page in which the contenders run, in the Chromium of the tests. */
export function withBenchPage(
  use: (page: Page, browserVersion: string) => Promise<void>,
): Promise<void> {
  const plugins = [kernelsPlugin(), mnistPlugin()];
  return withBuiltPage('page', { plugins }, async (url) => {
    const browser = await chromium.launch(browserLaunchOptions());
    try {
      const page = await browser.newPage();
      page.on('pageerror', (error) => console.error(`In the page: ${error.message}`));
      await page.goto(url);
      if (!(await page.evaluate(() => crossOriginIsolated))) {
        throw new Error('The page is not cross-origin isolated, so threads cannot be compared.');
      }
      await use(page, browser.version());
    } finally {
      await browser.close();
    }
  });
}
