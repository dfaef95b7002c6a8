import type { Page, Worker } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import type { LabPage } from './labPage.ts';

// An engine that fails in the middle of a race: another one takes its place and the race goes on.
test.use({ allowedErrors: /boom/ });

/** Keeps every graphics context of the worker where `worker.evaluate` can reach it. */
const keepContexts = `
  self.graphicsContexts = [];
  const getContext = OffscreenCanvas.prototype.getContext;
  OffscreenCanvas.prototype.getContext = function (...args) {
    const context = getContext.apply(this, args);
    if (context) self.graphicsContexts.push(context);
    return context;
  };`;

async function prepareWorker(page: Page, code: string): Promise<void> {
  await page.route('**/training.worker*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code};\n${await response.text()}` });
  });
}

function trainingWorkers(page: Page): Worker[] {
  return page.workers().filter((worker) => worker.url().includes('training.worker'));
}

/** Steps and errors of all runs in the curves' table, oldest first. */
async function readTable(lab: LabPage): Promise<string[][]> {
  const table = lab.curves.getByRole('table', { name: /^Error rates/ });
  const rows = await table.evaluate((element) =>
    [...(element as HTMLTableElement).tBodies[0]!.rows].map((row) =>
      [...row.cells].map((cell) => cell.textContent),
    ),
  );
  return rows.reverse();
}

function stepsOf(table: readonly string[][]): number[] {
  return table.map((cells) => Number(cells[1]!.replaceAll(',', '')));
}

/** The position of every run that has one: [epoch, step of the epoch]. */
async function readPositions(page: Page): Promise<[number, number][]> {
  const texts = await page.getByText(/Epoch \d+ of \d+ · step/).allTextContents();
  return texts.map((text) => {
    const [, epoch, step] = /Epoch (\d+) of \d+ · step ([\d,]+)/.exec(text)!;
    return [Number(epoch), Number(step!.replaceAll(',', ''))];
  });
}

/** The last runs of Plain, Dropout and ABP. */
async function setUpRace(lab: LabPage, runs: 1 | 2, epochs: string): Promise<void> {
  await lab.open();
  await lab.setup.getByRole('button', { name: 'Remove Dropout' }).click();
  if (runs === 1) await lab.setup.getByRole('button', { name: 'Remove Plain' }).click();
  await lab.fill({
    'Hidden layers': '16',
    'Training set size': '6400', // two epochs share a full evaluation, which saves the run
    'Batch size': '64',
    Epochs: epochs,
  });
}

for (const runs of [1, 2] as const) {
  test(`a lost WebGL context, ${runs} run(s): SIMD goes on where they were saved`, async ({
    lab,
    page,
  }) => {
    await loseContext(lab, page, runs);
  });
}

async function loseContext(lab: LabPage, page: Page, runs: 1 | 2): Promise<void> {
  test.setTimeout(240_000);
  await prepareWorker(page, keepContexts);
  await setUpRace(lab, runs, '1000');
  await lab.setup.getByLabel('Computing engine').selectOption('WebGL');
  await expect(lab.engine).toContainText('WebGL');

  // A pause saves the runs, too.
  await lab.button('One epoch').click();
  await expect(page.getByText(/Paused · Epoch 1 of 1000 · step 100 of 100/)).toHaveCount(runs, {
    timeout: 120_000,
  });
  await lab.showTable();
  const saved = await readTable(lab);
  expect(stepsOf(saved)[0]).toBe(0);
  await lab.button('Train').click();
  await expect(page.getByText(/Epoch 2 of 1000 · step \d+/)).toHaveCount(runs, { timeout: 60_000 });

  const [worker] = trainingWorkers(page);
  const lost = await worker!.evaluate(() => {
    const { graphicsContexts } = self as unknown as { graphicsContexts: WebGL2RenderingContext[] };
    for (const context of graphicsContexts) {
      context.getExtension('WEBGL_lose_context')?.loseContext();
    }
    return graphicsContexts.length;
  });
  expect(lost).toBeGreaterThan(0);

  const notice = page.getByRole('status').filter({ hasText: 'The engine was replaced' });
  await expect(notice).toContainText('The browser took the WebGL context away');
  await expect(notice).toContainText('from the last checkpoint');
  await expect(lab.engine).toContainText('SIMD', { timeout: 60_000 });
  // Never back in the first epoch, and on to later ones.
  await expect
    .poll(
      async () => {
        const positions = await readPositions(page);
        for (const [epoch, step] of positions) expect(epoch > 1 || step === 100).toBe(true);
        return Math.min(...positions.map(([epoch]) => epoch));
      },
      { timeout: 60_000, intervals: [50] },
    )
    .toBeGreaterThanOrEqual(4);
  await expect.poll(async () => (await readTable(lab)).length).toBeGreaterThan(saved.length);
  const table = await readTable(lab);
  expect(table.slice(0, saved.length)).toEqual(saved);
  const steps = stepsOf(table);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  await expect(lab.alert).toHaveCount(0);

  await lab.engine.getByRole('button').click();
  await expect(page.getByText('It took the place of WebGL, which failed.').first()).toBeVisible();
  await notice.getByRole('button', { name: 'Dismiss' }).click();
  await expect(notice).toHaveCount(0);
}

test('a worker that throws: the race goes on with others, and finishes', async ({ lab, page }) => {
  await setUpRace(lab, 2, '24'); // its table shows all rows at once
  await lab.setup.getByLabel('Computing engine').selectOption('WebAssembly SIMD');
  await expect(lab.engine).toContainText('SIMD');
  await lab.button('Train').click();
  await expect(page.getByText(/Epoch ([4-9]|[12]\d) of 24 · step/)).toHaveCount(2, {
    timeout: 60_000,
  });
  await lab.showTable();
  const before = await readTable(lab);

  const workers = trainingWorkers(page);
  await workers.at(-1)!.evaluate(() => {
    setTimeout(() => {
      throw new Error('boom');
    });
  });
  const notice = page.getByRole('status').filter({ hasText: 'The engine was replaced' });
  await expect(notice).toContainText('boom');
  await expect(page.getByText(/Finished: .+ error/)).toHaveCount(2, { timeout: 90_000 });
  await expect(lab.alert).toHaveCount(0);
  for (const worker of workers) expect(page.workers()).not.toContain(worker);

  await expect.poll(async () => stepsOf(await readTable(lab)).at(-1)).toBe(2400);
  const table = await readTable(lab);
  const steps = stepsOf(table);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  // SIMD computes the same bits again: not even what was measured twice has changed.
  const again = new Map(table.map((cells) => [cells[1], cells]));
  for (const cells of before.filter((row) => !row.includes('–'))) {
    expect(again.get(cells[1])).toEqual(cells);
  }
});
