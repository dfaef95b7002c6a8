import { chromium } from 'playwright';
import { browserLaunchOptions } from '../browser.ts';
import type { Browser } from './webDriver.ts';

/**
 * Chromium by Playwright, for what needs no input: it opens pages and runs scripts.
 *
 * @param display where Mesa renders WebGL, as it does for most people with Linux; by default Chromium's own SwiftShader
 */
export async function startChromium(display?: string): Promise<Browser> {
  const options = browserLaunchOptions();
  const onMesa = {
    env: { ...process.env, DISPLAY: display },
    args: [
      ...options.args!.filter((argument) => !argument.includes('swiftshader')),
      '--use-angle=gl',
      '--ignore-gpu-blocklist',
    ],
  };
  const browser = await chromium.launch({
    ...options,
    ...(display === undefined ? {} : onMesa),
    timeout: 120_000,
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  return {
    name: `Chromium ${browser.version()}${display === undefined ? '' : ' on Mesa'}`,
    send: async (command, { url, script, args } = {}) => {
      if (command === 'setWindowRect') return null;
      if (command === 'navigate') return void (await page.goto(url as string));
      if (command !== 'executeAsync') throw new Error(`Chromium has no ${command} here.`);
      return page.evaluate(
        `new Promise((done) => (function () { ${script as string} })(...${JSON.stringify(args)}, done))`,
      );
    },
    takeProblems: () => Promise.resolve([]),
    close: () => browser.close(),
  };
}
