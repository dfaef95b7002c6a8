import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { build, preview, type PreviewServer } from 'vite';
import { browserLaunchOptions } from '../browser.ts';
import { kernelsPlugin } from '../build/kernels.ts';
import { mnistPlugin } from '../build/mnistPlugin.ts';

const root = path.join(import.meta.dirname, 'page');
const outDir = path.join(import.meta.dirname, '..', '..', '.cache', 'bench');

/** Headers for cross-origin isolation, which threads require. */
const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Builds the page in which the contenders run, serves it cross-origin isolated and opens it in the Chromium of the
 * tests.
 */
export async function withBenchPage<T>(
  use: (page: Page, browserVersion: string) => Promise<T>,
): Promise<T> {
  const shared = { configFile: false, root, base: './', logLevel: 'warn' } as const;
  await build({
    ...shared,
    plugins: [kernelsPlugin(), mnistPlugin()],
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: 5000,
      // tfjs-wasm passes the source text of one of its functions to its threads.
      minify: false,
    },
  });
  const server: PreviewServer = await preview({
    ...shared,
    preview: { headers: isolationHeaders, host: '127.0.0.1', port: 0 },
    build: { outDir },
  });
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch(browserLaunchOptions());
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`In the page: ${error.message}`));
    await page.goto(server.resolvedUrls!.local[0]!);
    if (!(await page.evaluate(() => crossOriginIsolated))) {
      throw new Error('The page is not cross-origin isolated, so threads cannot be compared.');
    }
    return await use(page, browser.version());
  } finally {
    await browser?.close();
    await server.close();
  }
}
