import type { Locator, Page } from '@playwright/test';

/** The panel with what training made of the networks. */
export class InsidePanel {
  readonly page: Page;
  readonly region: Locator;
  readonly pretrainedNote: Locator;
  /** When the shown networks were trained to, one a network. */
  readonly moments: Locator;

  constructor(page: Page) {
    this.page = page;
    this.region = page.getByRole('region', { name: 'Inside the networks' });
    this.pretrainedNote = this.region.getByTestId('pretrained-note');
    this.moments = this.region.getByTestId('network-moment');
  }

  /** Goes to the panel, which asks the networks nothing before, and opens one of its views. */
  async open(tab: string): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Places' })
      .getByRole('link', { name: 'Look inside' })
      .click();
    await this.region.getByRole('tab', { name: tab }).click();
    await this.region.getByRole('tabpanel', { name: tab }).scrollIntoViewIfNeeded();
  }

  button(name: string | RegExp): Locator {
    return this.region.getByRole('button', { name });
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
