/**
 * Prints what each browser has and how fast it trains, from one run: `npm run compare:browsers`. The figures of
 * docs/browsers.md come from it.
 */
import { chromium } from 'playwright';
import { browserLaunchOptions } from '../browser.ts';
import { buildAll, folders } from './build.ts';
import { startFirefox } from './firefox.ts';
import { findPrograms } from './install.ts';
import { startScreen } from './processes.ts';
import { serveSite } from './server.ts';
import { Tab, until } from './webDriver.ts';
import { startWebKit } from './webkit.ts';

/** The same arithmetic in each: three networks of the Quick look, on SIMD, with the small build's 4,000 images. */
const link = '#v=1&preset=quick&engine=simd';

interface Page {
  open(url: string): Promise<void>;
  run<A extends readonly unknown[], T>(
    inPage: (...args: A) => T | Promise<T>,
    ...args: A
  ): Promise<T>;
}

/** In the page: whether a worker has WebGL 2, with float textures to render to, and by whom it is rendered. */
async function describeWebGL(): Promise<string> {
  const read = (): string => {
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (gl === null) return 'no';
    const info = gl.getExtension('WEBGL_debug_renderer_info');
    const device: unknown = gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
    return gl.getExtension('EXT_color_buffer_float') ? String(device) : 'half floats only';
  };
  const code = `const __name = (f) => f; try { postMessage((${read.toString()})()); } catch { postMessage('no'); }`;
  const url = URL.createObjectURL(new Blob([code]));
  return new Promise((resolve) => {
    new Worker(url).addEventListener('message', ({ data }) => resolve(String(data)));
  });
}

interface Row {
  readonly browser: string;
  readonly engine: string;
  readonly webgl: string;
  readonly seconds: string;
}

async function measure(browser: string, page: Page, site: string, plain: string): Promise<Row> {
  // A page without the policy, which allows no such worker.
  await page.open(plain);
  const webgl = await page.run(describeWebGL);
  await page.open(`${site}${link}`);
  const engine = await until(
    `${browser} starts the engine`,
    () => page.run(() => document.querySelector('[aria-label=Engine]')?.textContent ?? ''),
    (text) => text.includes('float32'),
    120_000,
  );
  await until(
    `${browser} can train`,
    () =>
      page.run(() => {
        const button = document.querySelector<HTMLElement>('[data-testid=train]');
        const isReady = button?.getAttribute('data-disabled') !== 'true';
        if (isReady) button?.click();
        return isReady;
      }),
    Boolean,
  );
  const start = performance.now();
  await until(
    `${browser} trains`,
    () =>
      page.run(() => document.querySelectorAll('[data-testid=run-status][data-error-rate]').length),
    (finished) => finished === 3,
    300_000,
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  return { browser, engine: engine.replace(/ · float32.*/, ''), webgl, seconds };
}

async function main(): Promise<void> {
  const programs = findPrograms();
  await buildAll();
  const site = await serveSite(folders.site);
  const plain = await serveSite(folders.engine, true, {});
  const screen = await startScreen();
  const rows: Row[] = [];
  try {
    const chrome = await chromium.launch(browserLaunchOptions());
    const chromePage = await chrome.newPage();
    rows.push(
      await measure(
        `Chromium ${chrome.version()}`,
        {
          open: async (url) => void (await chromePage.goto(url)),
          run: (inPage, ...args) =>
            chromePage.evaluate(
              `((__name) => (${inPage.toString()})(...${JSON.stringify(args)}))((f) => f)`,
            ),
        },
        site.url,
        plain.url,
      ),
    );
    await chrome.close();
    for (const start of [
      () => startFirefox(programs.firefox, screen.display),
      () => startWebKit(programs.miniBrowser, screen.display),
    ]) {
      const browser = await start();
      rows.push(await measure(browser.name, new Tab(browser), site.url, plain.url));
      await browser.close();
    }
  } finally {
    await Promise.all([site.close(), plain.close(), screen.close()]);
  }
  console.log('| Browser | WebAssembly | WebGL 2 in a worker | Quick look, 4,000 images |');
  console.log('| --- | --- | --- | ---: |');
  for (const { browser, engine, webgl, seconds } of rows) {
    console.log(`| ${browser} | ${engine} | ${webgl} | ${seconds} s |`);
  }
}

await main();
