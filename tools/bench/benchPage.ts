import path from 'node:path';
import { chromium, type Page } from 'playwright';
import { build, type InlineConfig, preview } from 'vite';
import { browserLaunchOptions } from '../browser.ts';
import { isolation } from '../build/headers.ts';
import { kernelsPlugin } from '../build/kernels.ts';
import { mnistPlugin } from '../build/mnistPlugin.ts';

const pluginsOf = {
  page: () => [kernelsPlugin(), mnistPlugin()],
  chartsPage: () => [],
};
/** The pages of this folder, by their folders. */
type BuiltPage = keyof typeof pluginsOf;

function configOf(name: BuiltPage): InlineConfig {
  return {
    plugins: pluginsOf[name](),
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
}

/** @returns the folder of the built page */
export async function buildPage(name: BuiltPage): Promise<string> {
  const config = configOf(name);
  await build(config);
  return config.build!.outDir!;
}

/** Builds a page and serves it, cross-origin isolated. */
export async function withBuiltPage<T>(
  name: BuiltPage,
  use: (url: string) => Promise<T>,
): Promise<T> {
  await buildPage(name);
  const server = await preview({
    ...configOf(name),
    preview: { headers: isolation, host: '127.0.0.1', port: 0 },
  });
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
  return withBuiltPage('page', async (url) => {
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
