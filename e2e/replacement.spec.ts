import type { Page, Worker } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import type { LabPage } from './labPage.ts';

// An engine that fails while networks train: another one takes its place, and training resumes.
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

/** Plain and ABP. */
async function setUpRuns(lab: LabPage, epochs: string): Promise<void> {
  await lab.open();
  await lab.setup.getByRole('button', { name: 'Remove Dropout' }).click();
  await lab.fill({
    'Hidden layers': '16',
    'Training set size': '3200', // several epochs share a full evaluation, which saves the run
    'Batch size': '64',
    Epochs: epochs,
  });
}

test(
  'after a lost WebGL context SIMD resumes from the checkpoints',
  { tag: '@alone' },
  async ({ lab, page }) => {
    test.setTimeout(240_000);
    await prepareWorker(page, keepContexts);
    await setUpRuns(lab, '1000');
    await lab.setup.getByLabel('Computing engine').selectOption('WebGL');
    await expect(lab.engine).toContainText('WebGL');

    // A pause saves the runs, too.
    await lab.press('One epoch');
    await lab.expectRuns({ status: 'paused', epoch: 1, step: 50 }, 2);
    await lab.showTable();
    const saved = await readTable(lab);
    expect(stepsOf(saved)[0]).toBe(0);
    await lab.button('Train').click();
    await lab.expectTraining(2, 2);

    const [worker] = trainingWorkers(page);
    const lost = await worker!.evaluate(() => {
      const { graphicsContexts } = self as unknown as {
        graphicsContexts: WebGL2RenderingContext[];
      };
      for (const context of graphicsContexts) {
        context.getExtension('WEBGL_lose_context')?.loseContext();
      }
      return graphicsContexts.length;
    });
    expect(lost).toBeGreaterThan(0);

    const notice = lab.notice('recovery');
    await expect(notice).toContainText('WebGL');
    await expect(lab.engine).toContainText('SIMD', { timeout: 60_000 });
    // Never back in the first epoch, and on to later ones.
    await expect
      .poll(
        async () => {
          const positions = await lab.readPositions();
          const begun = positions.filter(({ epoch }) => epoch > 0);
          for (const { epoch, step } of begun) expect(epoch > 1 || step === 50).toBe(true);
          return Math.min(...positions.map(({ epoch }) => epoch));
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
    await expect(page.getByTestId('engine-details')).toContainText('WebGL');
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await expect(notice).toHaveCount(0);
  },
);

test('after a worker threw others resume, and finish with the same numbers', async ({
  lab,
  page,
}) => {
  await setUpRuns(lab, '48'); // its table shows all rows at once
  await lab.setup.getByLabel('Computing engine').selectOption('WebAssembly SIMD');
  await expect(lab.engine).toContainText('SIMD');
  await lab.button('Train').click();
  await lab.expectTraining(4, 2);
  await lab.showTable();
  const before = await readTable(lab);

  const workers = trainingWorkers(page);
  await workers.at(-1)!.evaluate(() => {
    setTimeout(() => {
      throw new Error('boom');
    });
  });
  await expect(lab.notice('recovery')).toContainText('boom');
  await lab.expectFinished(2);
  await expect(lab.alert).toHaveCount(0);
  for (const worker of workers) expect(page.workers()).not.toContain(worker);

  await expect.poll(async () => stepsOf(await readTable(lab)).at(-1)).toBe(48 * 50);
  const table = await readTable(lab);
  const steps = stepsOf(table);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  // SIMD computes the same bits again: not even what was measured twice has changed.
  const again = new Map(table.map((cells) => [cells[1], cells]));
  for (const cells of before.filter((row) => !row.includes('–'))) {
    expect(again.get(cells[1])).toEqual(cells);
  }
});
