import type { JSHandle, Locator, Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect } from './fixtures.ts';

export class DrawPanel {
  readonly page: Page;
  readonly region: Locator;
  readonly pad: Locator;
  readonly answers: Locator;
  /** What the networks make of the digit, or why there is no answer. */
  readonly verdict: Locator;
  readonly epsilon: Locator;
  readonly attackOutcome: Locator;
  /** One row a network. */
  readonly smallestEpsilons: Locator;
  readonly fileInput: Locator;

  constructor(page: Page) {
    this.page = page;
    this.region = page.getByRole('region', { name: 'Draw', exact: true });
    this.pad = page.getByRole('application', { name: 'Drawing pad' });
    this.answers = this.region.getByRole('list', { name: 'Predictions' });
    this.verdict = this.region.getByTestId('headline');
    this.epsilon = this.region.getByRole('slider', { name: 'Nudge each pixel by up to ε' });
    this.attackOutcome = this.region.getByTestId('attack-outcome');
    this.smallestEpsilons = this.region.getByTestId('smallest-epsilon');
    this.fileInput = this.region.getByLabel('Picture of a digit');
  }

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }

  /** Of one network: its predictions, and how little fools it. */
  card(network: string): Locator {
    return this.answers.getByRole('listitem', { name: new RegExp(`^${network}: `) });
  }

  get cards(): Locator {
    return this.answers.getByTestId('network-card');
  }

  /** The networks' predictions without an attack, "Plain: 3, 99.9 %". */
  readPredictions(): Promise<string[]> {
    return this.cards.evaluateAll((cards) =>
      cards.map((card) => card.getAttribute('aria-label')!.split(';')[0]!),
    );
  }

  async open(): Promise<void> {
    await this.page.goto('/');
    // The networks can be asked: the page is ready.
    await expect(this.answers.getByRole('listitem', { name: 'Dropout' })).toBeVisible({
      timeout: 60_000,
    });
    // What stands above and beside the pad has come, and moves it no more.
    await expect(this.page.getByTestId('examples-summary')).toBeVisible();
    await expect(this.button('Put a test 8 on the pad')).toBeVisible();
    await this.openMore();
    await this.pad.scrollIntoViewIfNeeded();
  }

  /** Unfolds what else can be done with the digit. */
  async openMore(): Promise<void> {
    const more = this.button('More ways to attack');
    if ((await more.getAttribute('aria-expanded')) === 'false') await more.click();
  }

  /** Places of the pad as places of the window. */
  async locate(
    points: readonly (readonly [number, number])[],
  ): Promise<{ x: number; y: number }[]> {
    const box = (await this.pad.boundingBox())!;
    return points.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
  }

  async drawByMouse(points: readonly (readonly [number, number])[]): Promise<void> {
    const [first, ...rest] = await this.locate(points);
    await this.page.mouse.move(first!.x, first!.y);
    await this.page.mouse.down();
    for (const { x, y } of rest) await this.page.mouse.move(x, y);
    await this.page.mouse.up();
  }

  /** The page is ready: from here on nothing reaches it. */
  async cutNetwork(): Promise<void> {
    await this.page.context().setOffline(true);
    const answer = await this.page.evaluate(() =>
      fetch(`/?${Math.random()}`).then(
        () => 'reached',
        () => 'cut',
      ),
    );
    expect(answer).toBe('cut');
  }

  /** Carries a picture over the pad and lets it go there. */
  async drop(name: string, bytes: Buffer): Promise<void> {
    const dataTransfer = await this.transferOf(name, bytes);
    await this.pad.dispatchEvent('dragover', { dataTransfer });
    await this.pad.dispatchEvent('drop', { dataTransfer });
  }

  /** Pastes a picture into the page. */
  async paste(name: string, bytes: Buffer): Promise<void> {
    const clipboardData = await this.transferOf(name, bytes);
    await clipboardData.evaluate((data) => {
      const paste = { clipboardData: data, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new ClipboardEvent('paste', paste));
    });
  }

  private transferOf(name: string, bytes: Buffer): Promise<JSHandle<DataTransfer>> {
    return this.page.evaluateHandle(
      (file) => {
        const content = Uint8Array.from(atob(file.base64), (char) => char.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([content], file.name, { type: 'image/png' }));
        return transfer;
      },
      { name, base64: bytes.toString('base64') },
    );
  }

  /** Waits until all three networks that come with the page answer with this digit. */
  async expectAnswer(digit: number): Promise<void> {
    for (const name of ['Plain', 'Dropout', 'ABP']) {
      await expect(
        this.answers.getByRole('listitem', { name: new RegExp(`^${name}: ${digit}, `) }),
      ).toBeVisible();
      await expect(this.card(name)).toHaveAttribute('data-before', String(digit));
    }
    await expect(this.verdict).toHaveAttribute('data-answered');
  }

  async expectNoAnswer(): Promise<void> {
    await expect(this.answers.getByRole('listitem', { name: 'no prediction yet' })).toHaveCount(3);
  }

  /** Waits until this attack on the drawing is there; values as attributes have them. */
  async expectAttack(expected: {
    readonly attack: 'fgsm' | 'margin-pgd';
    readonly epsilon: string;
    readonly target?: string;
  }): Promise<void> {
    for (const [name, value] of Object.entries(expected)) {
      await expect(this.attackOutcome).toHaveAttribute(`data-${name}`, value);
    }
  }

  async expectAccessible(): Promise<void> {
    await expectAccessible(this.page, 'section[data-panel="Draw"]');
  }
}
