import { type Browser, type CDPSession, chromium, type Page } from 'playwright';
import { median } from '../bench/statistics.ts';
import { browserLaunchOptions } from '../browser.ts';
import { prepareForFunctions } from './browser.ts';

const small = '#v=1&preset=quick&layers=16&images=640&epochs=2&seed=7&engine=simd';
const patience = { timeout: 120_000 };
/** What a hundred saved experiments may cost, at the start and at “Start over”. */
const mostMs = 100;
const repeats = 5;

/** In the page: copies its saved experiment, with everything that belongs to it. */
async function copySaved(copies: number): Promise<void> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  const database = await answer(indexedDB.open('adversarial-gradient-lab'));
  const names = ['experiments', 'summaries', 'curves', 'checkpoints'];
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

/** A page with one trained experiment, which a reload resumes. */
interface Visit {
  readonly page: Page;
  readonly session: CDPSession;
}

async function trainOne(browser: Browser, url: string): Promise<Visit> {
  const page = await (await browser.newContext()).newPage();
  await prepareForFunctions(page);
  await page.goto(`${url}${small}`);
  await page.locator('[data-testid=train][data-command=train]').click(patience);
  await page.locator('[data-testid=run-status][data-status=finished]').nth(2).waitFor(patience);
  await page.waitForTimeout(2000); // the last checkpoints
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return { page, session };
}

/** Milliseconds of processor time that the main thread has used since the page was loaded: others' work does not count. */
async function readBusyMs({ session }: Visit): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

/** From a reload until the engine is ready and the page is quiet. */
async function measureStart(visit: Visit): Promise<number> {
  await visit.page.reload();
  await visit.page.locator('[data-testid=train]:not([disabled])').waitFor(patience);
  await visit.page.waitForTimeout(3000);
  return readBusyMs(visit); // a reload begins at 0
}

async function measureStartOver(visit: Visit): Promise<number> {
  const before = await readBusyMs(visit);
  await visit.page.getByRole('button', { name: 'More commands' }).click();
  await visit.page.getByRole('menuitem', { name: 'Start over' }).click();
  await visit.page.locator('[data-testid=run-status]').first().waitFor({ state: 'detached' });
  await visit.page.waitForTimeout(1000);
  return (await readBusyMs(visit)) - before;
}

/**
 * Measures the start of the page, and “Start over”, with one saved experiment and with many, in turns.
 *
 * @returns what went wrong: either takes 100 ms longer
 */
export async function tryManySaved(url: string, copies: number) {
  const browser: Browser = await chromium.launch(browserLaunchOptions());
  try {
    const one = await trainOne(browser, url);
    const many = await trainOne(browser, url);
    await many.page.evaluate(copySaved, copies);
    const starts = { one: [] as number[], many: [] as number[] };
    for (let i = 0; i < repeats; i++) {
      starts.one.push(await measureStart(one));
      starts.many.push(await measureStart(many));
    }
    const figures: string[] = [];
    const faults: string[] = [];
    for (const [what, few, lots] of [
      ['start', median(starts.one), median(starts.many)],
      ['Start over', await measureStartOver(one), await measureStartOver(many)],
    ] as const) {
      const times = `${Math.round(few)} ms of the main thread’s processor time with 1 saved experiment, ${Math.round(lots)} with ${copies + 1}`;
      figures.push(`${what}: ${times}`);
      if (lots > few + mostMs)
        faults.push(`More saved experiments cost too much: ${what}, ${times}.`);
    }
    return { faults, figures: figures.join('; ') };
  } finally {
    await browser.close();
  }
}
