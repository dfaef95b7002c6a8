import { expect, type Locator, type Page } from '@playwright/test';
import type { LabPage } from './labPage.ts';

export const robustnessTabs = [
  'Error against ε',
  'Proof',
  'Smallest ε',
  'Transfer',
  'Margins',
  'Confusion',
] as const;
export type RobustnessTab = (typeof robustnessTabs)[number];

/** What attacks do to the networks. */
export class RobustnessPanel {
  readonly lab: LabPage;
  readonly page: Page;
  readonly region: Locator;

  constructor(lab: LabPage) {
    const { page } = lab;
    this.lab = lab;
    this.page = page;
    this.region = page.getByRole('region', { name: 'Robustness', exact: true });
  }

  /** Goes to a tab. */
  async open(name: RobustnessTab): Promise<Locator> {
    await this.lab.goTo('Robustness');
    await this.region.getByRole('tab', { name }).click();
    const tab = this.region.getByRole('tabpanel', { name });
    await expect(tab).toBeVisible();
    return tab;
  }

  image(name: string | RegExp): Locator {
    return this.region.getByRole('img', { name });
  }

  matrix(network: string, when: 'clean' | 'under attack'): Locator {
    return this.region.getByRole('table', { name: `${network}, ${when}:` });
  }

  /** What is said of a matrix. */
  async readErrors(matrix: Locator): Promise<{ errors: number; total: number }> {
    const id = await matrix.getAttribute('aria-describedby');
    return this.page.locator(`[id="${id}"]`).evaluate((element) => ({
      errors: Number(element.dataset.errors),
      total: Number(element.dataset.total),
    }));
  }

  /** All counts of a matrix, row by row. */
  async readCounts(matrix: Locator): Promise<number[]> {
    const cells = await matrix.locator('tbody td').allInnerTexts();
    return cells.map((cell) => Number(cell.trim() || '0'));
  }
}
