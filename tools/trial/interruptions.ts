import type { Page } from 'playwright';
import type { Chance } from './chance.ts';
import { KillableBrowser } from './browser.ts';

/** Three runs of some seconds, with dropout, on an engine that repeats its numbers. */
const experiment = '#v=1&preset=quick&layers=100&images=20000&epochs=4&seed=7&engine=simd';
const patience = { timeout: 120_000 };

interface Progress {
  /** Weight updates of all runs together. */
  readonly steps: number;
  readonly isFinished: boolean;
}

/** In the page: how far the runs are, from the attributes of their lines. */
function readProgress(page: Page): Promise<Progress> {
  return page.evaluate(() => {
    const lines = [...document.querySelectorAll<HTMLElement>('[data-testid=run-status]')];
    return {
      steps: lines.reduce((sum, { dataset }) => sum + Number(dataset.step ?? 0), 0),
      isFinished: lines.length > 0 && lines.every(({ dataset }) => dataset.status === 'finished'),
    };
  });
}

/** In the page: each run's settings, curves and weights as SHA-256, once the database has its last checkpoint. */
async function readSavedRuns(page: Page): Promise<string[] | null> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
    const digest = async (...parts: ArrayBufferView<ArrayBuffer>[]): Promise<string> => {
      const hash = await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer());
      return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    };
    const database = await answer(indexedDB.open('adversarial-gradient-lab'));
    try {
      const stores = database.transaction(['state', 'experiments', 'curves', 'checkpoints']);
      const present: unknown = await answer(stores.objectStore('state').get('present'));
      const found = (await answer(stores.objectStore('experiments').get(String(present)))) as
        | {
            runs: {
              id: string;
              config: { method: string };
              progress: { totalSteps: number } | null;
            }[];
          }
        | undefined;
      const runs: string[] = [];
      for (const { id, config, progress } of found?.runs ?? []) {
        const key = [String(present), id];
        const store = database.transaction(['curves', 'checkpoints']);
        const curves = (await answer(store.objectStore('curves').get(key))) as
          | { losses: Float64Array<ArrayBuffer>; evaluations: Float64Array<ArrayBuffer> }
          | undefined;
        const checkpoint = (await answer(store.objectStore('checkpoints').get(key))) as
          | { step: number; layers: { parameters: Float32Array<ArrayBuffer> }[] }
          | undefined;
        if (!curves || !checkpoint || checkpoint.step !== progress?.totalSteps) return null;
        const weights = checkpoint.layers.map(({ parameters }) => parameters);
        const hash = await digest(curves.losses, curves.evaluations, ...weights);
        runs.push(`${config.method} ${hash}`);
      }
      return runs.length > 0 ? runs : null;
    } finally {
      database.close();
    }
  });
}

async function waitForEnd(page: Page): Promise<string[]> {
  for (const end = Date.now() + patience.timeout; Date.now() < end;) {
    const { isFinished } = await readProgress(page);
    const saved = isFinished ? await readSavedRuns(page) : null;
    if (saved !== null) return saved;
    await page.waitForTimeout(200);
  }
  throw new Error('The experiment did not end within two minutes.');
}

async function train(page: Page): Promise<void> {
  await page.locator('[data-testid=train][data-command=train]').click(patience);
}

/** Waits until the page shows its runs again, and continues if it came back paused. */
async function continueTraining(page: Page): Promise<void> {
  await page.getByTestId('run-status').first().waitFor(patience);
  const button = page.getByTestId('train');
  if ((await button.getAttribute('data-command')) === 'train') await button.click();
}

/**
 * Trains one experiment without interruption, and again while its page is reloaded and its browser killed, at random
 * moments. Losses, curves and weights must be the same to the bit.
 *
 * @returns what went wrong
 */
export async function tryInterruptions(
  url: string,
  chance: Chance,
  reloads: number,
  kills: number,
) {
  const faults: string[] = [];
  const address = `${url}${experiment}`;
  const browser = await KillableBrowser.create();
  let mostLost = 0;
  try {
    let page = await browser.open(address);
    await train(page);
    const expected = await waitForEnd(page);
    const pauseMs = () => 300 + chance.below(2000);

    for (const [what, times] of [
      ['reloads', reloads],
      ['kills', kills],
    ] as const) {
      let left = times;
      while (left > 0) {
        await page.getByRole('button', { name: 'More commands' }).click();
        await page.getByRole('menuitem', { name: 'Start over' }).click();
        await train(page);
        while (left > 0) {
          await page.waitForTimeout(pauseMs());
          const before = await readProgress(page);
          if (before.isFinished) break;
          left--;
          if (what === 'reloads') {
            await page.reload();
          } else {
            await browser.kill();
            page = await browser.open(address);
          }
          await page.getByTestId('run-status').first().waitFor(patience);
          mostLost = Math.max(mostLost, before.steps - (await readProgress(page)).steps);
          await continueTraining(page);
        }
        const found = await waitForEnd(page);
        if (found.join() !== expected.join()) {
          faults.push(`after ${what}: expected ${expected.join(', ')}; found ${found.join(', ')}`);
        }
      }
    }
  } finally {
    await browser.remove();
  }
  return {
    faults,
    figures: `${reloads} reloads and ${kills} kills, at most ${mostLost} of all runs' updates repeated`,
  };
}
