import path from 'node:path';
import { serveFolder } from '../tools/staticServer.ts';
import { browserLaunchOptions } from '../tools/browser.ts';
import { contentSecurityPolicy } from '../tools/build/cspPlugin.ts';
import { expect, test } from './fixtures.ts';
import { tinyRun } from './labPage.ts';

const dist = path.join(import.meta.dirname, '..', 'dist');
const { args = [], ...launchOptions } = browserLaunchOptions();

test.use({
  // A host name that browsers do not trust without https, as localhost is trusted.
  launchOptions: {
    ...launchOptions,
    args: [...args, '--host-resolver-rules=MAP lab.test 127.0.0.1'],
  },
});

test('works from a sub-path of a plain static host', async ({ lab, page }) => {
  const server = await serveFolder(dist, '/some/path/');
  try {
    await lab.open(server.url);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await lab.fill(tinyRun);
    await lab.press('One step');
    await lab.expectRuns({ status: 'paused', epoch: 1, step: 1 }, 3);
  } finally {
    await server.close();
  }
});

test('works on plain http, without crypto.subtle and without a cache', async ({ lab, page }) => {
  const server = await serveFolder(dist, '/');
  try {
    await lab.open(server.url.replace('127.0.0.1', 'lab.test'));
    expect(await page.evaluate(() => isSecureContext || 'caches' in window)).toBe(false);
    await lab.fill(tinyRun);
    await lab.press('One step');
    await lab.expectRuns({ status: 'paused', epoch: 1, step: 1 }, 3);
  } finally {
    await server.close();
  }
});

test('sends little before the first screen answers', async ({ page }) => {
  const server = await serveFolder(dist, '/', { isCompressed: true });
  try {
    const session = await page.context().newCDPSession(page);
    const kinds = new Map<string, string>();
    const kilobytes = { Script: 0, Stylesheet: 0, all: 0 };
    await session.send('Network.enable');
    session.on('Network.requestWillBeSent', ({ requestId, type }) =>
      kinds.set(requestId, type ?? ''),
    );
    session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
      const kind = kinds.get(requestId);
      if (kind === 'Script' || kind === 'Stylesheet') kilobytes[kind] += encodedDataLength / 1000;
      kilobytes.all += encodedDataLength / 1000;
    });
    // What the engine and the networks need begins to travel when the first screen is there.
    await page.route(/training\.worker|fetchPretrained|pretrained\//, () => undefined);
    await page.goto(server.url);
    await expect(page.locator('[data-testid=network-card][data-after]')).toHaveCount(3);
    // A little above what they are, so that nothing that the Lab does not show slips in. Its test digits, below the pad,
    // arrive at about the same time: 8 kB of scripts and 7 of styles.
    expect(kilobytes.Script).toBeLessThan(215);
    expect(kilobytes.Stylesheet).toBeLessThan(23);
    expect(kilobytes.all).toBeLessThan(290);
  } finally {
    await server.close();
  }
});

test('comes isolated, with its policy and licenses, and reads its data from the cache when reloaded', async ({
  lab,
  page,
  baseURL,
}) => {
  const dataRequests: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.bin')) dataRequests.push(request.url());
  });
  await lab.open();
  await test.step('the preview server isolates the page from other origins', async () => {
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });
  await test.step('the Content-Security-Policy forbids evaluated scripts and other origins', async () => {
    const policy = await page
      .locator('meta[http-equiv="Content-Security-Policy"]')
      .getAttribute('content');
    expect(policy).toBe(contentSecurityPolicy);
  });
  await test.step('the licenses of its parts come with it', async () => {
    const response = await page.request.get(`${baseURL!}/THIRD-PARTY-NOTICES.txt`);
    const text = await response.text();
    for (const part of [
      'Yann LeCun',
      'Corinna Cortes',
      'Attribution-ShareAlike 3.0',
      '@tensorflow/tfjs-core',
      'react-dom',
    ]) {
      expect(text).toContain(part);
    }
  });
  await test.step('a second visit reads the data from the cache', async () => {
    await expect(lab.examples.getByRole('img').first()).toBeVisible();
    // Training does not wait for the disk, so the page may be there before the cache is.
    const fileCount = new Set(dataRequests).size;
    expect(fileCount).toBeGreaterThan(0);
    await expect.poll(() => page.evaluate(countCached)).toBe(fileCount);
    dataRequests.length = 0;
    await page.reload();
    await expect(lab.examples.getByRole('img').first()).toBeVisible();
    expect(dataRequests).toEqual([]);
  });
});

/** In the page: how many data files its cache has. */
async function countCached(): Promise<number> {
  const cache = await caches.open('data');
  return (await cache.keys()).length;
}
