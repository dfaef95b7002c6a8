/**
 * Prints what each browser has and how fast it trains, from one run: `npm run compare:browsers`. The figures of
 * docs/browsers.md come from it.
 */
import { buildAll, folders } from './build.ts';
import { startChromium } from './chromium.ts';
import { startFirefox } from './firefox.ts';
import { findPrograms } from './install.ts';
import { startScreen } from './processes.ts';
import { serveSite } from './server.ts';
import { type Browser, Tab, until } from './webDriver.ts';
import { startWebKit } from './webkit.ts';

/** The same arithmetic in each: three networks of the Quick look, on SIMD, with the small build's 4,000 images. */
const link = '#v=1&preset=quick&engine=simd';

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

async function measure(browser: Browser, site: string, plain: string): Promise<Row> {
  const page = new Tab(browser);
  // A page without the policy, which allows no such worker.
  await page.open(plain);
  const webgl = await page.run(describeWebGL);
  await page.open(`${site}${link}`);
  const engine = await until(
    `${browser.name} starts the engine`,
    () => page.run(() => document.querySelector('[aria-label=Engine]')?.textContent ?? ''),
    (text) => text.includes('float32'),
    120_000,
  );
  await until(
    `${browser.name} can train`,
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
    `${browser.name} trains`,
    () =>
      page.run(() => document.querySelectorAll('[data-testid=run-status][data-error-rate]').length),
    (finished) => finished === 3,
    300_000,
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  return { browser: browser.name, engine: engine.replace(/ · float32.*/, ''), webgl, seconds };
}

async function main(): Promise<void> {
  const { programs, missing } = findPrograms(['chromium', 'firefox', 'webkit']);
  if (missing !== null) throw new Error(missing);
  await buildAll();
  const site = await serveSite(folders.site);
  const plain = await serveSite(folders.engine, true, {});
  const screen = await startScreen();
  const rows: Row[] = [];
  try {
    for (const start of [
      () => startChromium(),
      () => startFirefox(programs.get('firefox')!, screen.display),
      () => startWebKit(programs.get('webkit')!, screen.display),
    ]) {
      const browser = await start();
      try {
        rows.push(await measure(browser, site.url, plain.url));
      } finally {
        await browser.close();
      }
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
