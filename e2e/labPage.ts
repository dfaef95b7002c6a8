import { expect, type Locator, type Page } from '@playwright/test';

/** One row of the table of error rates. */
export interface ErrorRow {
  readonly step: number;
  readonly images: number;
  /** Fractions, 0 to 1. */
  readonly cleanError: number;
  readonly adversarialError: number;
}

/** Settings by their labels; all but the first two are under Advanced. */
export interface FormValues {
  readonly 'Hidden layers'?: string;
  readonly 'Training ε'?: string;
  readonly 'Training set size'?: string;
  readonly 'Batch size'?: string;
  readonly 'Learning rate'?: string;
  readonly Epochs?: string;
  readonly Seed?: string;
}

/** A run that any engine finishes in seconds: 3 epochs of 10 steps. */
export const tinyRun: FormValues = {
  'Hidden layers': '16',
  'Training set size': '640',
  'Batch size': '64',
  Epochs: '3',
};

/** A run that no engine finishes while a test looks on. */
export const longRun: FormValues = { 'Hidden layers': '100', Epochs: '1000' };

export type RunStatus = 'starting' | 'running' | 'pausing' | 'paused' | 'finished' | 'failed';

/** Where a run is, as its line in the control bar shows it. */
export interface RunPosition {
  readonly status: RunStatus;
  /** From 1; 0 before the first progress. */
  readonly epoch: number;
  /** Within the epoch. */
  readonly step: number;
}

/** The page as a person finds it: by roles and names. */
export class LabPage {
  readonly page: Page;
  readonly engine: Locator;
  readonly setup: Locator;
  readonly curves: Locator;
  readonly examples: Locator;
  readonly alert: Locator;
  readonly attackSlider: Locator;

  constructor(page: Page) {
    this.page = page;
    this.engine = page.getByRole('status', { name: 'Engine' });
    this.setup = page.getByRole('region', { name: 'Train', exact: true });
    this.curves = page.getByRole('region', { name: 'Curves' });
    this.examples = page.getByRole('region', { name: 'Examples' });
    this.alert = page.getByRole('alert');
    this.attackSlider = page.getByRole('slider', { name: 'Nudge each pixel by up to ε' });
  }

  /** `Train` and `Pause` are one button, whose name says how many networks it trains. */
  button(name: string): Locator {
    if (name === 'Train' || name === 'Pause') {
      return this.page.locator(`[data-testid=train][data-command=${name.toLowerCase()}]`);
    }
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Presses a command of the menu beside the training button. */
  async press(
    command: 'One step' | 'Half a step' | 'One epoch' | 'Start over' | 'New random seed',
  ) {
    await this.button('More commands').click();
    await this.command(command).click();
  }

  /** A command of the menu beside the training button, while the menu is open. */
  command(name: string): Locator {
    return this.page.getByRole('menuitem', { name });
  }

  /** Opens one of the example digits, and returns what is shown of it. */
  async openExample(index = 0): Promise<Locator> {
    const tile = this.examples.getByTestId('example-tile').nth(index);
    if ((await tile.getAttribute('aria-expanded')) === 'false') await tile.click();
    return this.examples.getByTestId('example-detail');
  }

  /** Goes to another part of the page. */
  async goTo(
    place: 'Lab' | 'How it works' | 'Look inside' | 'Robustness' | 'Paper' | 'Files',
  ): Promise<void> {
    const link = this.page
      .getByRole('navigation', { name: 'Places' })
      .getByRole('link', { name: place });
    await link.click();
    await expect(link).toHaveAttribute('aria-current', 'page');
  }

  /** A line that says where a run is. */
  status(text: string | RegExp): Locator {
    return this.page.getByText(text).first();
  }

  /** One line a run, in the order of the experiment. */
  get runStatuses(): Locator {
    return this.page.getByTestId('run-status');
  }

  /** Stands where the lines of the runs will be. */
  get noRuns(): Locator {
    return this.page.getByTestId('no-runs');
  }

  /** Of networks that were trained here, and not of those that came with the page. */
  get trainedSummary(): Locator {
    return this.page
      .getByTestId('examples-summary')
      .and(this.page.locator('[data-source=trained]'));
  }

  /** What the files that were chosen in the setup are. */
  get customData(): Locator {
    return this.setup.getByTestId('own-data');
  }

  get dropTarget(): Locator {
    return this.setup.getByTestId('drop-target');
  }

  notice(kind: 'link' | 'recovery' | 'continued' | 'kept' | 'import'): Locator {
    return this.page.locator(`[data-testid=notice][data-kind=${kind}]`);
  }

  /** Every run on the page, in one reading. */
  async readPositions(): Promise<RunPosition[]> {
    const lines = await this.runStatuses.evaluateAll((elements) =>
      elements.map((element) =>
        ['data-status', 'data-epoch', 'data-step'].map((name) => element.getAttribute(name)),
      ),
    );
    return lines.map(([status, epoch, step]) => ({
      status: status as RunStatus,
      epoch: Number(epoch),
      step: Number(step),
    }));
  }

  /** Waits until every run has this status, and this position if one is given. */
  async expectRuns(
    expected: Partial<RunPosition> & { readonly status: RunStatus },
    runs = 1,
  ): Promise<void> {
    await expect
      .poll(() => this.readPositions(), { timeout: 90_000, intervals: [50, 100, 250] })
      .toEqual(Array.from({ length: runs }, () => expect.objectContaining(expected) as unknown));
  }

  /** Waits until every run trains and has made a step of epoch `epoch` or of a later one. */
  async expectTraining(epoch = 1, runs = 1): Promise<void> {
    await expect
      .poll(
        async () => {
          const positions = await this.readPositions();
          const begun = positions.filter(
            (run) => run.status === 'running' && run.epoch >= epoch && run.step > 0,
          );
          return begun.length;
        },
        { timeout: 90_000, intervals: [50, 100, 250] },
      )
      .toBe(runs);
  }

  /** Waits until all runs have finished and were measured on the whole test set. */
  async expectFinished(runs = 1): Promise<void> {
    await expect(this.runStatuses.and(this.page.locator('[data-error-rate]'))).toHaveCount(runs, {
      timeout: 120_000,
    });
  }

  field(name: string): Locator {
    return this.setup.getByLabel(name, { exact: true }).first();
  }

  /** Opens the page and waits until the engine runs. */
  async open(url = '/'): Promise<void> {
    await this.page.goto(url);
    await expect(this.engine).toContainText('float32', { timeout: 60_000 });
    await this.openSettings();
  }

  /** Unfolds all settings, where there are any. */
  async openSettings(): Promise<void> {
    const more = this.button('More settings');
    // The page renders in slices, so the button may come a moment after a reload; a link may also hide it.
    const isThere = await more.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (!isThere) return;
    if ((await more.getAttribute('aria-expanded')) === 'false') await more.click();
    await expect(this.page.getByRole('region', { name: 'Setup', exact: true })).toBeVisible();
  }

  async fill(values: FormValues): Promise<void> {
    const advanced = this.setup.getByRole('button', { name: 'Advanced' });
    if ((await advanced.getAttribute('aria-expanded')) === 'false') await advanced.click();
    for (const [name, value] of Object.entries(values))
      await this.field(name).fill(value as string);
  }

  /** Makes the next experiment one of these methods, in this order. */
  async chooseMethods(...methods: readonly string[]): Promise<void> {
    const removers = this.setup.getByRole('button', { name: /^Remove / });
    while ((await removers.count()) > 0) await removers.last().click();
    for (const [index, method] of methods.entries()) {
      if (index > 0) await this.setup.getByRole('button', { name: 'Add a run' }).click();
      await this.setup
        .getByRole('combobox', { name: /^Method of / })
        .nth(index)
        .selectOption(method);
    }
  }

  /** Unfolds the training loss, smoothing, the table and the exports. */
  async showAllCurves(): Promise<void> {
    const all = this.curves.getByRole('button', { name: 'All curves' });
    if ((await all.getAttribute('aria-expanded')) === 'false') await all.click();
  }

  async showTable(): Promise<void> {
    await this.showAllCurves();
    await this.curves.getByRole('checkbox', { name: 'Table' }).check();
  }

  /**
   * What a run measured, oldest first; needs `showTable`.
   *
   * @param run its place in the experiment
   */
  async readErrors(run = 0): Promise<ErrorRow[]> {
    const rows = await this.readTable(/^Error rates/);
    return rows
      .reverse()
      .map((cells) => [...cells.slice(0, 3), ...cells.slice(4 + 2 * run)])
      .filter((cells) => cells[3] !== '–')
      .map(([, step, images, clean, adversarial]) => ({
        step: readNumber(step!),
        images: readNumber(images!),
        cleanError: readNumber(clean!) / 100,
        adversarialError: readNumber(adversarial!) / 100,
      }));
  }

  /** Training losses of the first run, oldest first; needs `showTable`. */
  async readLosses(): Promise<{ step: number; loss: number }[]> {
    const rows = await this.readTable(/^Training loss/);
    return rows
      .reverse()
      .map(([, step, loss]) => ({ step: readNumber(step!), loss: readNumber(loss!) }));
  }

  private async readTable(name: RegExp): Promise<string[][]> {
    const table = this.curves.getByRole('table', { name });
    // In one go: rows that are added in between would shift those still unread.
    const rows = await table.evaluate((element) =>
      [...(element as HTMLTableElement).tBodies[0]!.rows].map((row) =>
        [...row.cells].map((cell) => cell.textContent),
      ),
    );
    return rows;
  }

  /** Settings with which training diverges within a few steps. */
  async setUpDivergence(): Promise<void> {
    // Maxout units never die, so nothing stops weights that grow with every layer.
    await this.chooseMethods('Adversarial back-propagation');
    await this.setup.getByRole('radio', { name: 'Maxout' }).check();
    await this.fill({ 'Hidden layers': '32, 32, 32, 32, 32, 32', 'Learning rate': '10' });
    await this.setup.getByRole('combobox', { name: 'Optimizer' }).selectOption('Momentum');
    await this.setup
      .getByRole('combobox', { name: 'Outputs and loss' })
      .selectOption('Softmax, cross-entropy');
  }
}

/** The last element of a list that is not empty. */
export function lastOf<T>(list: readonly T[]): T {
  const last = list[list.length - 1];
  expect(last).toBeDefined();
  return last as T;
}

/** The number at the start of a cell: "1,000 test", "13.50 %". */
function readNumber(cell: string): number {
  return Number.parseFloat(cell.replaceAll(',', ''));
}
