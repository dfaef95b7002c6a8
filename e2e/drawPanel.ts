import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** A 3 on the pad: places from 0 to 1 across and down. */
export const three: readonly (readonly [x: number, y: number])[] = [
  ...arc(0.48, 0.34, 0.16, -150, 90),
  ...arc(0.48, 0.69, 0.19, -90, 150),
];

function arc(x: number, y: number, radius: number, from: number, to: number): [number, number][] {
  const points: [number, number][] = [];
  for (let degrees = from; degrees <= to; degrees += 10) {
    const angle = (degrees * Math.PI) / 180;
    points.push([x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
  }
  return points;
}

export class DrawPanel {
  readonly page: Page;
  readonly region: Locator;
  readonly pad: Locator;
  readonly answers: Locator;

  constructor(page: Page) {
    this.page = page;
    this.region = page.getByRole('region', { name: 'Draw', exact: true });
    this.pad = page.getByRole('application', { name: 'Drawing pad' });
    this.answers = page.getByRole('region', { name: 'Answers' });
  }

  async open(): Promise<void> {
    await this.page.goto('/');
    // All three can be asked: the page is ready.
    await expect(this.answers.getByText('Draw a digit, and every network')).toBeVisible({
      timeout: 60_000,
    });
    await expect(this.answers.getByRole('list').first().getByText('Dropout')).toBeVisible();
    // What stands above and beside the pad has come, and moves it no more.
    await expect(this.page.getByText(/^Of \d+ digits, attacked/)).toBeVisible();
    await expect(
      this.region.getByRole('button', { name: 'Put a test 8 on the pad' }),
    ).toBeVisible();
    await this.pad.scrollIntoViewIfNeeded();
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

  async expectAnswer(digit: number): Promise<void> {
    await expect(this.answers.getByRole('status')).toHaveText(`All 3 networks read a ${digit}.`);
    for (const name of ['Plain', 'Dropout', 'Adversarial']) {
      await expect(
        this.answers.getByRole('listitem', { name: new RegExp(`^${name}: ${digit}, \\d`) }),
      ).toBeVisible();
    }
  }

  async expectAccessible(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(this.page.locator('html')).toHaveAttribute(
        'data-mantine-color-scheme',
        colorScheme,
      );
      await this.page.evaluate(async () => {
        const transitions = document.getAnimations().filter((a) => a instanceof CSSTransition);
        await Promise.allSettled(transitions.map((transition) => transition.finished));
      });
      const { violations } = await new AxeBuilder({ page: this.page }).analyze();
      expect(
        violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
      ).toEqual([]);
    }
  }
}
