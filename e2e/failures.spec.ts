import type { Page } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { expect, test } from './fixtures.ts';
import { lastOf, longRun, tinyRun } from './labPage.ts';

test.use({ allowedErrors: /Failed to load resource|boom/ });

const workerScript = '**/training.worker*.js';
const testImages = '**/t10k-images-idx3-ubyte.bin';
const trainingImages = '**/train-images-idx3-ubyte.bin';

/** Lets the worker's script run in a browser that lacks something: `code` runs before it. */
async function prepareWorker(page: Page, code: string): Promise<void> {
  await page.route(workerScript, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code};\n${await response.text()}` });
  });
}

/** Lets the newest worker of the page throw. */
async function killWorker(page: Page): Promise<void> {
  await lastOf(page.workers()).evaluate(() => {
    setTimeout(() => {
      throw new Error('boom');
    });
  });
}

test('a worker that dies is replaced, and the race goes on', async ({ lab, page }) => {
  await lab.open();
  await lab.race('Back-propagation', 'Adversarial back-propagation');
  await lab.fill(longRun);
  await lab.button('Train').click();
  await expect(lab.status(/^Epoch \d+ of 1000 · step [1-9]/)).toBeVisible({ timeout: 60_000 });
  await killWorker(page);
  await expect(page.getByText(/boom.*The engine was replaced/)).toBeVisible();
  await expect(lab.engine).toContainText('float32', { timeout: 60_000 });
  await expect(lab.status(/^Epoch \d+ of 1000 · step [1-9]/)).toBeVisible({ timeout: 60_000 });
  await expect(lab.alert).toHaveCount(0);
});

test('workers that keep dying are told of, curves stay, and a restart goes on', async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.race('Adversarial back-propagation');
  await lab.fill(longRun);
  await lab.button('Train').click();
  await expect(lab.status(/^Epoch \d+ of 1000 · step [1-9]/)).toBeVisible({ timeout: 60_000 });
  await lab.button('Pause').click();
  await expect(lab.status(/Paused/)).toBeVisible();
  await lab.showTable();
  const before = await lab.readErrors();

  // The fourth death in a row is the last, or one of an engine that had not started again.
  const notices = page.getByText(/boom.*The engine was replaced/);
  for (let deaths = 0; deaths < 4 && !(await lab.alert.isVisible()); deaths++) {
    await killWorker(page);
    await expect(notices.nth(deaths).or(lab.alert)).toBeVisible();
    await expect(lab.engine).toContainText(/float32|stopped/, { timeout: 60_000 });
  }
  await expect(lab.alert).toContainText('The training worker stopped');
  await expect(lab.alert).toContainText('boom');
  await expect(lab.engine).toContainText('stopped');
  expect((await lab.readErrors()).slice(0, before.length)).toEqual(before);
  await expect(lab.verdict).toBeVisible();

  await lab.alert.getByRole('button', { name: 'Restart' }).click();
  await expect(lab.engine).toContainText('float32', { timeout: 60_000 });
  await expect(lab.status(/Paused/)).toBeVisible({ timeout: 60_000 });
  expect((await lab.readErrors()).slice(0, before.length)).toEqual(before);
  await lab.button('Train').click();
  await expect(lab.status(/^Epoch \d+ of 1000/)).toBeVisible({ timeout: 60_000 });
  await expect(lab.alert).toHaveCount(0);
});

test('a worker whose script cannot be loaded is told of', async ({ lab, page }) => {
  await page.route(workerScript, (route) => route.fulfill({ status: 404 }));
  await page.goto('/');
  await expect(lab.alert).toContainText('The training worker stopped');
  await expect(lab.button('Train')).toBeDisabled();
});

const withoutWebGL = 'OffscreenCanvas.prototype.getContext = () => null';
const withoutWebAssembly = `
  WebAssembly.validate = () => false;
  for (const name of ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming'])
    WebAssembly[name] = () => Promise.reject(new Error('WebAssembly is disabled.'))`;

test('a browser without WebGL in workers trains with WebAssembly', async ({ lab, page }) => {
  await prepareWorker(page, withoutWebGL);
  await lab.open();
  await expect(lab.engine).toContainText('SIMD');
});

test('a browser in which nothing can compute is told so', async ({ lab, page }) => {
  await prepareWorker(page, `${withoutWebGL};${withoutWebAssembly}`);
  await page.goto('/');
  await expect(lab.alert).toContainText('WebGL');
  await expect(lab.alert).toContainText('Use a current');
  await expect(lab.button('Train')).toBeDisabled();
});

test('test images that fail their checksum are refused, and can be fetched again', async ({
  lab,
  page,
}) => {
  const wrong = new Uint8Array(7_840_016);
  await page.route(testImages, (route) => route.fulfill({ body: gzipSync(wrong) }));
  await lab.open();
  await expect(lab.alert).toContainText('t10k-images-idx3-ubyte is damaged: expected SHA-256 0fa7');
  await page.unroute(testImages);
  await lab.alert.getByRole('button', { name: 'Load again' }).click();
  await expect(lab.examples.getByRole('img').first()).toBeVisible();
  await expect(lab.alert).toHaveCount(0);
});

test('a training set that cannot be fetched fails the run, and the next one loads it', async ({
  lab,
  page,
}) => {
  await page.route(trainingImages, (route) => route.fulfill({ status: 503 }));
  await lab.open();
  await lab.fill({ ...tinyRun, Epochs: '1' });
  await lab.button('Train').click();
  await expect(lab.alert).toContainText('the server answered 503');
  await page.unroute(trainingImages);
  await lab.button('Train').click();
  await expect(lab.status('Finished')).toBeVisible({ timeout: 60_000 });
  await expect(lab.alert).toHaveCount(0);
});

test('data that are a web page, or nothing, are told of', async ({ lab, page }) => {
  await page.route(testImages, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  );
  await lab.open();
  await expect(lab.alert).toContainText('expected data, found a web page');
  await page.unroute(testImages);
  await page.route(testImages, (route) => route.abort());
  await lab.alert.getByRole('button', { name: 'Load again' }).click();
  await expect(lab.alert).toContainText('the server does not answer');
});

test('training that diverges says so and keeps its curves', async ({ lab }) => {
  await lab.open();
  await lab.setUpDivergence();
  await lab.button('Train').click();
  await expect(lab.alert).toContainText('training diverged', { timeout: 60_000 });
  await expect(lab.alert).toContainText('Lower the learning rate');
  await lab.showTable();
  expect((await lab.readErrors()).length).toBeGreaterThan(0);
});
