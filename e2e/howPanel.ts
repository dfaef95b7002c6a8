import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import type { LabPage } from './labPage.ts';

/** A number of the page: in full, and as a person reads it. */
export interface ShownValue {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** A bar or a mark: how far it goes, 0 to 1. */
export interface ShownLength {
  readonly name: string;
  readonly share: number;
}

export interface ShownPicture {
  readonly label: string;
  readonly width: number;
  /** RGBA */
  readonly bytes: readonly number[];
}

/** All that the stage of the step shows, of one moment. */
export interface ShownStage {
  readonly values: readonly ShownValue[];
  readonly lengths: readonly ShownLength[];
  readonly pictures: readonly ShownPicture[];
  /** Where the pictures' marks stand and what is read there, by the pictures' names. */
  readonly readings: Readonly<Record<string, string>>;
  /** Texts with digits in moments, table and pixel line that are no values. */
  readonly looseTexts: readonly string[];
  readonly equations: string;
  readonly text: string;
}

/** The panel as a person finds it. */
export class HowPanel {
  readonly lab: LabPage;
  readonly page: Page;
  readonly region: Locator;
  readonly slider: Locator;
  readonly equations: Locator;
  /** Whose weights the step is of. */
  readonly source: Locator;

  constructor(lab: LabPage) {
    const { page } = lab;
    this.lab = lab;
    this.page = page;
    this.region = page.getByRole('region', { name: 'How it works' });
    this.slider = this.region.getByRole('slider', { name: 'Moment', exact: true });
    this.equations = this.region.getByRole('group', { name: /^Equations/ });
    this.source = this.region.getByTestId('step-source');
  }

  /** Goes there, and waits until the step of a network is there: any, or this one after a number of steps. */
  async find(network?: string, step?: number): Promise<void> {
    await this.lab.goTo('How it works');
    await expect(this.source).toBeVisible({ timeout: 60_000 });
    if (network !== undefined) await expect(this.source).toHaveAttribute('data-network', network);
    if (step !== undefined) await expect(this.source).toHaveAttribute('data-step', String(step));
  }

  async expectMoment(text: string): Promise<void> {
    await expect(this.slider).toHaveAttribute('aria-valuetext', text);
  }

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }

  /** A picture on which a pixel is marked. */
  picture(name: string): Locator {
    return this.region.getByRole('slider', { name: `${name}: the marked pixel`, exact: true });
  }

  /** All numbers of the panel in full, by their names. */
  async readNumbers(): Promise<Map<string, number>> {
    const { values } = await this.readStage();
    return new Map(values.map(({ name, value }) => [name, value]));
  }

  /** In one go, so that all of it belongs to the same step. */
  async readStage(): Promise<ShownStage> {
    return this.equations.locator('..').evaluate((stage: HTMLElement): ShownStage => {
      const all = <E extends Element>(selector: string) => [...stage.querySelectorAll<E>(selector)];
      const loose = new Set<string>();
      for (const place of all('li[data-moment], tbody td, p:has(data)')) {
        const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
          const { textContent, parentElement } = texts.currentNode;
          const text = textContent!.trim();
          if (/\d/.test(text) && parentElement!.closest('data') === null) loose.add(text);
        }
      }
      return {
        values: all<HTMLDataElement>('data').map((data) => ({
          name: data.dataset.name ?? '',
          value: Number(data.value),
          text: data.textContent,
        })),
        lengths: all<HTMLElement>('[data-length]').map(({ dataset, style }) => ({
          name: dataset.length!,
          share: Number.parseFloat(style.height || style.width || style.bottom) / 100,
        })),
        pictures: all<HTMLCanvasElement>('canvas').map((canvas) => {
          const { width, height } = canvas;
          // A copy: the page's own canvas is not made to be read.
          const copy = Object.assign(document.createElement('canvas'), { width, height });
          const context = copy.getContext('2d', { willReadFrequently: true })!;
          context.drawImage(canvas, 0, 0);
          const bytes = [...context.getImageData(0, 0, width, height).data];
          return { label: canvas.getAttribute('aria-label') ?? '', width, bytes };
        }),
        readings: Object.fromEntries(
          all('[role="slider"]').map((slider) => [
            slider.getAttribute('aria-label')!.replace(': the marked pixel', ''),
            slider.getAttribute('aria-valuetext')!,
          ]),
        ),
        looseTexts: [...loose],
        equations: stage.firstElementChild!.textContent,
        text: stage.textContent,
      };
    });
  }
}
