import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { serveFolder, type StaticServer } from '../tools/staticServer.ts';
import { expectAccessible } from './axe.ts';
import { expect, test as base } from './fixtures.ts';
import { LabPage, lastOf, longRun, tinyRun } from './labPage.ts';
import { deploy, deployNext } from './nextVersion.ts';

interface Host {
  readonly folder: string;
  readonly server: StaticServer;
}

/** The built site in a folder of its own, on a host that sends no headers. */
const test = base.extend<{ host: Host }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads from it which fixtures this one needs.
  host: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lab-site-'));
    deploy(folder);
    const server = await serveFolder(folder, '/some/path/');
    await use({ folder, server });
    await server.close();
    rmSync(folder, { recursive: true });
  },
});

test.use({ serviceWorkers: 'allow' });

/** Waits until the service worker has stored the site and its data. */
async function expectStored(page: Page): Promise<void> {
  const readStored = () =>
    page.evaluate(async () => {
      const data = await (await caches.open('data')).keys();
      return { isControlled: navigator.serviceWorker.controller !== null, data: data.length };
    });
  await expect.poll(readStored, { timeout: 60_000 }).toEqual({ isControlled: true, data: 4 });
}

/** Waits until the browser has found the new version. */
async function findUpdate(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
  });
  await expect(page.getByTestId('new-version')).toBeVisible();
}

/** Workers that compute beside the one that trains. */
function countThreads(page: Page): number {
  return page.workers().filter((worker) => worker.url().includes('thread.worker')).length;
}

function versionOf(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.documentElement.dataset.version);
}

test('is isolated from the second load on, uses threads, and trains without a connection', async ({
  lab,
  page,
  host,
}) => {
  // As many cores as threads need, whatever this machine has.
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 });
  });
  const { url } = host.server;
  const link = `${url}#v=1&engine=simd&runs=adversarial`;
  await lab.open(link);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await lab.fill(tinyRun);
  await lab.press('One step');
  await lab.expectRuns({ status: 'paused', epoch: 1, step: 1 });
  await expectStored(page);
  // The first visit is not interrupted.
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  expect(countThreads(page)).toBe(0);
  await lab.press('Start over');

  await page.reload();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await lab.button('Train').click();
  await lab.expectFinished();
  expect(countThreads(page)).toBe(2);
  await lab.press('Start over');

  await host.server.close();
  await page.goto('about:blank');
  await lab.open(link);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await lab.fill(tinyRun);
  await lab.button('Train').click();
  await lab.expectFinished();
  expect(countThreads(page)).toBe(2);
  await lab.goTo('Robustness');
  await expect(page.getByRole('region').first()).toBeVisible();
});

test('activates a new version when Reload is pressed, and the experiment continues', async ({
  lab,
  page,
  host,
}) => {
  test.setTimeout(300_000); // it loads four times, twice while it trains
  await lab.open(host.server.url);
  await expectStored(page);
  await page.reload();
  await lab.openSettings();
  await lab.chooseMethods('Adversarial back-propagation');
  await lab.fill(longRun);
  await lab.button('Train').click();
  await lab.expectTraining(2);

  // Chromium checks for a new version when it is idle, and puts it off for up to a minute while a page trains;
  // this test is about what the page does then.
  await lab.button('Pause').click();
  await lab.expectRuns({ status: 'paused' });
  deployNext(host.folder);
  await findUpdate(page);
  await lab.button('Train').click();
  await expectAccessible(page, '[data-testid=new-version]');
  await test.step('the old version keeps running, with all of its parts', async () => {
    const { epoch } = lastOf(await lab.readPositions());
    await lab.expectTraining(epoch + 1);
    await lab.goTo('Paper');
    await expect(page.getByRole('region').first()).toBeVisible();
    await lab.goTo('Lab');
    await page.reload();
    await lab.expectTraining();
    expect(await versionOf(page)).toBeUndefined();
    await expect(page.getByTestId('new-version')).toBeVisible();
  });
  await page.getByTestId('new-version').getByRole('button').click();
  await expect.poll(() => versionOf(page).catch(() => undefined)).toBe('next');
  await expect(lab.notice('continued')).toBeVisible();
  await lab.expectTraining(2);
  await expect(page.getByTestId('new-version')).toHaveCount(0);
});

test('activates a new version for the next load if no experiment is open', async ({
  lab,
  page,
  host,
}) => {
  await lab.open(host.server.url);
  await expectStored(page);
  await page.reload();
  await lab.openSettings();
  deployNext(host.folder);
  await findUpdate(page);
  expect(await versionOf(page)).toBeUndefined();
  await page.reload();
  await expect.poll(() => versionOf(page)).toBe('next');
});

test('shows why a new version could not be stored', async ({ lab, page, host }) => {
  await lab.open(host.server.url);
  await expectStored(page);
  await page.reload();
  deployNext(host.folder);
  appendFileSync(path.join(host.folder, 'index.html'), '<!-- added by the host -->');
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => undefined);
  });
  await page.getByRole('status', { name: 'Engine' }).getByRole('button').click();
  await expect(page.getByTestId('engine-details')).toContainText(`${host.server.url}index.html:`);
  await expect(page.getByTestId('new-version')).toHaveCount(0);
});

test('leaves another tab its version until that tab is closed', async ({
  lab,
  page,
  host,
  context,
}) => {
  await lab.open(host.server.url);
  await expectStored(page);
  await lab.fill(longRun);
  await lab.button('Train').click();
  await lab.expectTraining(1, 3);

  const other = new LabPage(await context.newPage());
  await other.page.goto(host.server.url);
  await expect(other.notice('kept')).toBeVisible();
  deployNext(host.folder);
  await findUpdate(other.page);
  await other.page.getByTestId('new-version').getByRole('button').click();
  await expect.poll(() => versionOf(other.page).catch(() => undefined)).toBe('next');

  await expect(page.getByTestId('new-version')).toBeVisible();
  await lab.goTo('Paper');
  await expect(page.getByRole('region').first()).toBeVisible();
  await lab.expectTraining(1, 3);
  await page.close();
  const countSites = () =>
    other.page.evaluate(
      async () => (await caches.keys()).filter((name) => name.startsWith('site ')).length,
    );
  // The next load finds that the tab is gone, or, on a busy machine, the one after it.
  await expect(async () => {
    await other.page.reload();
    await expect.poll(countSites, { timeout: 20_000 }).toBe(1);
  }).toPass();
});
