import path from 'node:path';
import { serveFolder } from '../scripts/staticServer.ts';
import { browserLaunchOptions } from '../scripts/browser.ts';
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
    await lab.button('Step').click();
    await expect(lab.status(/Paused.*step 1 of 10/)).toBeVisible({ timeout: 60_000 });
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
    await lab.button('Step').click();
    await expect(lab.status(/Paused.*step 1 of 10/)).toBeVisible({ timeout: 60_000 });
  } finally {
    await server.close();
  }
});

test('the preview server isolates the page from other origins', async ({ lab, page }) => {
  await lab.open();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('the Content-Security-Policy forbids evaluated scripts and other origins', async ({
  lab,
  page,
}) => {
  await lab.open();
  const policy = await page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute('content');
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain("'unsafe-eval'");
});

test('the licences of what it contains come with it', async ({ page, baseURL }) => {
  await page.goto('/');
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

test('a second visit reads the data from the cache', async ({ lab, page }) => {
  await lab.open();
  await expect(lab.examples.getByRole('img').first()).toBeVisible();
  const dataRequests: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.bin')) dataRequests.push(request.url());
  });
  await page.reload();
  await expect(lab.examples.getByRole('img').first()).toBeVisible();
  expect(dataRequests).toEqual([]);
});
