import { type Download, expect, type Locator, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';

type Epsilon = '0.02' | '0.08';
type Header<E extends Epsilon> = 'Run' | 'Clean error' | `FGSM, ε ${E}` | `PGD-20, ε ${E}`;

function listHeaders<E extends Epsilon>(epsilon: E): readonly Header<E>[] {
  return ['Run', 'Clean error', `FGSM, ε ${epsilon}`, `PGD-20, ε ${epsilon}`];
}

/** The panel with the errors of all runs. */
export function results(page: Page): Locator {
  return page.getByRole('region', { name: 'Results' });
}

/** The cells of the results at the preset's ε, by the names of runs and columns. */
export function readResults(page: Page): Promise<Record<string, Record<Header<'0.08'>, string>>> {
  return readResultsAt(page, '0.08');
}

async function readResultsAt<E extends Epsilon>(
  page: Page,
  epsilon: E,
): Promise<Record<string, Record<Header<E>, string>>> {
  const headers = listHeaders(epsilon);
  const table = results(page).getByRole('table', { name: 'Results of all runs' });
  const [head, ...rows] = await table.evaluate((element) =>
    [...(element as HTMLTableElement).rows].map((row) =>
      [...row.cells].map((cell) => cell.textContent.trim()),
    ),
  );
  const columns = headers.map((header) => head!.indexOf(header));
  return Object.fromEntries(
    rows.map((row) => [
      row[0]!,
      Object.fromEntries(headers.map((header, i) => [header, row[columns[i]!]])),
    ]),
  ) as Record<string, Record<Header<E>, string>>;
}

/** Waits until every run was measured on all images at the page's ε. */
export async function expectMeasured(
  page: Page,
  runs: number,
  epsilon: Epsilon = '0.08',
): Promise<void> {
  await expect
    .poll(
      async () => {
        const rows = Object.values(await readResultsAt(page, epsilon));
        const cells = rows.flatMap((row) => Object.values<string>(row));
        return cells.filter((cell) => cell.endsWith(' %')).length;
      },
      { timeout: 180_000, intervals: [1000] },
    )
    .toBe(3 * runs);
}

/** Files to save and to open, in the place Files. */
export function transfer(page: Page): Locator {
  return page.getByRole('region', { name: 'Export and open' });
}

/** Presses the button that saves a run's weights, and reads the file. */
export async function saveWeights(
  page: Page,
  run: string,
): Promise<{ download: Download; bytes: Buffer }> {
  const waiting = page.waitForEvent('download');
  await transfer(page)
    .getByRole('button', { name: `Save weights of ${run}` })
    .click();
  const download = await waiting;
  return { download, bytes: await readFile(await download.path()) };
}

/** Chooses a file under Bring back. */
export async function openFile(page: Page, name: string, buffer: Buffer): Promise<void> {
  const mimeType = 'application/octet-stream';
  await transfer(page).getByLabel('File to open').setInputFiles({ name, mimeType, buffer });
}
