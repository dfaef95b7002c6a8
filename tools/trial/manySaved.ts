import { type Browser, chromium, type Page } from 'playwright';
import { browserLaunchOptions } from '../browser.ts';
import { prepareForFunctions } from './browser.ts';

const small = '#v=1&preset=quick&layers=16&images=640&epochs=2&seed=7&engine=simd';
const patience = { timeout: 120_000 };
/** What a hundred saved experiments may cost at the start. */
const mostMs = 100;

/** In the page: copies its saved experiment, with everything that belongs to it. */
async function copySaved(copies: number): Promise<void> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  const database = await answer(indexedDB.open('adversarial-gradient-lab'));
  const names = ['experiments', 'curves', 'checkpoints'];
  const stores = database.transaction(names, 'readwrite');
  for (const name of names) {
    const store = stores.objectStore(name);
    const records = (await answer(store.getAll())) as Record<string, unknown>[];
    for (const [at, record] of records.entries()) {
      const key = (await answer(store.getAllKeys()))[at]!;
      for (let copy = 0; copy < copies; copy++) {
        if (Array.isArray(key))
          store.put(
            { ...record, raceId: `copy ${copy}` },
            store.keyPath === null ? [`copy ${copy}`, key[1]!] : undefined,
          );
        else store.put({ ...record, id: `copy ${copy}` });
      }
    }
  }
  await new Promise((resolve) => (stores.oncomplete = resolve));
  database.close();
}

/** The longest and the sum of all tasks over 50 ms from a reload until the engine is ready and the page is quiet. */
async function measureStart(page: Page): Promise<{ sum: number; longest: number }> {
  await page.reload();
  await page.locator('[data-testid=train]:not([disabled])').waitFor(patience);
  await page.waitForTimeout(3000);
  return page.evaluate(
    () => (window as unknown as { tasks: { sum: number; longest: number } }).tasks,
  );
}

/**
 * Measures the start of the page with one saved experiment and with many.
 *
 * @returns what went wrong: a start that takes 100 ms longer
 */
export async function tryManySaved(url: string, copies: number) {
  const faults: string[] = [];
  const browser: Browser = await chromium.launch(browserLaunchOptions());
  try {
    const page = await browser.newPage();
    await prepareForFunctions(page);
    await page.addInitScript(() => {
      const tasks = { sum: 0, longest: 0 };
      Object.assign(window, { tasks });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) {
          tasks.sum += duration;
          tasks.longest = Math.max(tasks.longest, duration);
        }
      }).observe({ type: 'longtask', buffered: true });
    });
    await page.goto(`${url}${small}`);
    await page.locator('[data-testid=train][data-command=train]').click(patience);
    await page.locator('[data-testid=run-status][data-status=finished]').nth(2).waitFor(patience);
    await page.waitForTimeout(2000); // the last checkpoints
    const median = async () => {
      const starts = [];
      for (let i = 0; i < 3; i++) starts.push(await measureStart(page));
      return starts.sort((a, b) => a.sum - b.sum)[1]!;
    };
    const one = await median();
    await page.evaluate(copySaved, copies);
    const many = await median();
    if (many.sum > one.sum + mostMs) {
      faults.push(
        `The start with ${copies} more saved experiments has ${Math.round(many.sum)} ms of long tasks instead of ${Math.round(one.sum)}.`,
      );
    }
    const describe = ({ sum, longest }: typeof one) =>
      `${Math.round(sum)} ms of tasks over 50 ms, the longest ${Math.round(longest)}`;
    return {
      faults,
      figures: `start with 1 saved experiment: ${describe(one)}; with ${copies + 1}: ${describe(many)}`,
    };
  } finally {
    await browser.close();
  }
}
