import type { Page } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { lastOf, longRun, tinyRun } from './labPage.ts';

test.use({ allowedErrors: /Failed to load resource|boom/ });

const workerScript = '**/training.worker*.js';
const testImages = '**/t10k-images-idx3-ubyte.bin';
const trainingImages = '**/train-images-idx3-ubyte.bin';

/** As long as the small build's file, so that its checksum alone is wrong. */
const wrongImages = new Uint8Array(16 + 1000 * 28 * 28);

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

test('an engine that dies four times stops, keeps the curves, and resumes after a restart', async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.chooseMethods('Adversarial back-propagation');
  await lab.fill(longRun);
  await lab.button('Train').click();
  await lab.expectTraining();
  await lab.button('Pause').click();
  await lab.expectRuns({ status: 'paused' });
  await lab.showTable();
  const before = await lab.readErrors();

  // The fourth death in a row is the last, or one of an engine that had not started again.
  for (let deaths = 0; deaths < 4 && !(await lab.alert.isVisible()); deaths++) {
    await killWorker(page);
    await expect(lab.notice('recovery').nth(deaths).or(lab.alert)).toBeVisible();
    await expect(lab.engine).toContainText(/float32|stopped/, { timeout: 60_000 });
  }
  await expect(lab.alert).toHaveAttribute('data-code', 'worker-died');
  await expect(lab.alert).toContainText('boom');
  await expect(lab.engine).toContainText('stopped');
  expect((await lab.readErrors()).slice(0, before.length)).toEqual(before);
  await expect(lab.trainedSummary).toBeVisible();

  await lab.alert.getByRole('button', { name: 'Restart' }).click();
  await expect(lab.engine).toContainText('float32', { timeout: 60_000 });
  await lab.expectRuns({ status: 'paused' });
  expect((await lab.readErrors()).slice(0, before.length)).toEqual(before);
  await lab.button('Train').click();
  await lab.expectTraining();
  await expect(lab.alert).toHaveCount(0);
});

test('says that the worker’s script cannot be loaded', async ({ lab, page }) => {
  await page.route(workerScript, (route) => route.fulfill({ status: 404 }));
  await page.goto('/');
  await expect(lab.alert).toHaveAttribute('data-code', 'worker-died');
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

test('where the engine that a link names does not start, another one is offered', async ({
  lab,
  page,
}) => {
  await prepareWorker(page, withoutWebGL);
  await page.goto('/#v=1&engine=webgl');
  await expect(lab.alert).toHaveAttribute('data-code', 'engine-unavailable');
  await lab.alert.getByRole('button', { name: 'Choose automatically' }).click();
  await expect(lab.engine).toContainText('SIMD');
  await expect(lab.alert).toHaveCount(0);
  await expect(lab.button('Train')).toBeEnabled();
});

test('refuses a picture where the browser returns noise for its pixels', async ({ page }) => {
  // As Firefox does with resistFingerprinting.
  await page.addInitScript(() => {
    CanvasRenderingContext2D.prototype.getImageData = (_x, _y, width, height) => {
      const noise = new Uint8ClampedArray(4 * width * height);
      return new ImageData(
        noise.map((_, i) => (i * 7919) & 255),
        width,
        height,
      );
    };
  });
  const draw = new DrawPanel(page);
  await draw.open();
  const before = await draw.readPredictions();
  await draw.fileInput.setInputFiles('public/og.png');
  await expect(draw.region.getByRole('alert')).toContainText('fingerprinting');
  expect(await draw.readPredictions()).toEqual(before);
});

test('says that nothing in this browser can compute', async ({ lab, page }) => {
  await prepareWorker(page, `${withoutWebGL};${withoutWebAssembly}`);
  await page.goto('/');
  await expect(lab.alert).toHaveAttribute('data-code', 'engine-unavailable');
  await expect(lab.button('Train')).toBeDisabled();
});

test('data that are damaged, missing or a web page are refused, and can be fetched again', async ({
  lab,
  page,
}) => {
  const digits = lab.examples.getByRole('img', { name: /^Test digit/ });
  const loadAgain = lab.alert.getByRole('button', { name: 'Load again' });

  await test.step('a web page', async () => {
    await page.route(testImages, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    );
    await lab.open();
    await expect(lab.alert).toHaveAttribute('data-code', 'data-unreachable');
    await page.unroute(testImages);
  });
  await test.step('test images that fail their checksum', async () => {
    await page.route(testImages, (route) => route.fulfill({ body: gzipSync(wrongImages) }));
    await loadAgain.click();
    await expect(lab.alert).toHaveAttribute('data-code', 'data-corrupt');
    await expect(lab.alert).toContainText('SHA-256');
    await page.unroute(testImages);
  });
  await test.step('a server that does not answer', async () => {
    await page.route(testImages, (route) => route.abort());
    await loadAgain.click();
    await expect(lab.alert).toHaveAttribute('data-code', 'data-unreachable');
    await expect(digits).toHaveCount(0);
    await page.unroute(testImages);
    await loadAgain.click();
    await expect(digits.first()).toBeVisible();
    await expect(lab.alert).toHaveCount(0);
  });
  await test.step('a training set that cannot be fetched fails the run', async () => {
    await page.route(trainingImages, (route) => route.fulfill({ status: 503 }));
    await lab.fill({ ...tinyRun, Epochs: '1' });
    await lab.button('Train').click();
    await expect(lab.alert).toHaveAttribute('data-code', 'data-unreachable');
    await page.unroute(trainingImages);
    await lab.button('Train').click();
    await lab.expectFinished(3);
    await expect(lab.alert).toHaveCount(0);
  });
});
