import type { Locator, Page } from '@playwright/test';
import type { LabPage } from './labPage.ts';

/** Marks each question to the engine about the inside of a network in the page's performance timeline. */
const questionMark = 'asked-inside';

/** The panel with what training made of the networks. */
export class InsidePanel {
  readonly lab: LabPage;
  readonly page: Page;
  readonly region: Locator;
  readonly pretrainedNote: Locator;
  /** When the shown networks were trained to, one a network. */
  readonly moments: Locator;

  constructor(lab: LabPage) {
    const { page } = lab;
    this.lab = lab;
    this.page = page;
    this.region = page.getByRole('region', { name: 'Inside the networks' });
    this.pretrainedNote = this.region.getByTestId('pretrained-note');
    this.moments = this.region.getByTestId('network-moment');
  }

  /** Goes to the panel, and opens one of its views. */
  async open(tab: string): Promise<void> {
    await this.lab.goTo('Look inside');
    await this.region.getByRole('tab', { name: tab }).click();
    await this.region.getByRole('tabpanel', { name: tab }).scrollIntoViewIfNeeded();
  }

  /** Notes from the next page on what the engine is asked. */
  async watchQuestions(): Promise<void> {
    await this.page.addInitScript((mark) => {
      const workers = Worker.prototype as { postMessage: (message: { method?: string }) => void };
      workers.postMessage = new Proxy(workers.postMessage, {
        apply(send, worker, args: [{ method?: string }]) {
          if (args[0].method === 'inspect') performance.mark(mark);
          Reflect.apply(send, worker, args);
        },
      });
    }, questionMark);
  }

  /** How many questions the networks were asked for this panel; needs `watchQuestions`. */
  async countQuestions(): Promise<number> {
    return this.page.evaluate((mark) => performance.getEntriesByName(mark).length, questionMark);
  }

  button(name: string | RegExp): Locator {
    return this.region.getByRole('button', { name });
  }

  image(name: string | RegExp): Locator {
    return this.region.getByRole('img', { name });
  }
}
