import { expect, type Locator, type Page } from '@playwright/test';

const headers = ['Run', 'Clean error', 'FGSM, ε 0.08', 'PGD-20, ε 0.08'] as const;
type Header = (typeof headers)[number];

/** The panel with the errors of all runs. */
export function results(page: Page): Locator {
  return page.getByRole('region', { name: 'Results' });
}

/** The cells of the results by the names of runs and columns. */
export async function readResults(page: Page): Promise<Record<string, Record<Header, string>>> {
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
  ) as Record<string, Record<Header, string>>;
}

/** Waits until every run was measured at the page's ε. */
export async function expectMeasured(page: Page, runs: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const cells = Object.values(await readResults(page)).flatMap((row) => Object.values(row));
        return cells.filter((cell) => / %$/.test(cell)).length;
      },
      { timeout: 180_000, intervals: [1000] },
    )
    .toBe(3 * runs);
}
