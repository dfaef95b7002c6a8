import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import type { LabPage } from './labPage.ts';

type HowTab =
  | 'What each method trains on'
  | 'One step in five stages'
  | 'Half a step of the experiment'
  | 'Why it works';

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
  /** Chooses the network. */
  readonly weights: Locator;
  /** Chooses what a drawing is. */
  readonly label: Locator;

  constructor(lab: LabPage) {
    const { page } = lab;
    this.lab = lab;
    this.page = page;
    this.region = page.getByRole('region', { name: 'How it works' });
    this.slider = this.region.getByRole('slider', { name: 'Stage', exact: true });
    this.equations = this.region.getByRole('group', { name: /^Equations/ });
    // Tabs that were left keep their own.
    this.weights = this.region.getByLabel('Weights of').filter({ visible: true });
    this.label = this.region.getByLabel('Label of the drawing').filter({ visible: true });
    this.source = this.region.getByTestId('step-source').filter({ visible: true });
  }

  /** The content of a tab that is open. */
  tab(name: HowTab): Locator {
    return this.region.getByRole('tabpanel', { name });
  }

  /** Goes to a tab, and waits for it. */
  async open(name: HowTab): Promise<Locator> {
    await this.lab.goTo('How it works');
    await this.region.getByRole('tab', { name }).click();
    await expect(this.tab(name)).toBeVisible();
    return this.tab(name);
  }

  /** Goes to the step, and waits until that of a network is there: any, or this one after a number of steps. */
  async find(network?: string, step?: number): Promise<void> {
    await this.open('One step in five stages');
    await expect(this.source).toBeVisible({ timeout: 60_000 });
    if (network !== undefined) await expect(this.source).toHaveAttribute('data-network', network);
    if (step !== undefined) await expect(this.source).toHaveAttribute('data-step', String(step));
  }

  async expectStage(text: string): Promise<void> {
    await expect(this.slider).toHaveAttribute('aria-valuetext', text);
  }

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }

  /** A picture on which a pixel is marked. */
  picture(name: string): Locator {
    return this.region.getByRole('slider', { name: `${name}: the marked pixel`, exact: true });
  }

  /** All numbers of the step in full, by their names. */
  async readNumbers(): Promise<Map<string, number>> {
    const { values } = await readShown(this.equations.locator('..'));
    return new Map(values.map(({ name, value }) => [name, value]));
  }

  /** All that is shown of the step, in its five stages and by the three methods. */
  async readStage(): Promise<ShownStage> {
    const methods = await this.open('What each method trains on');
    const about = methods.getByRole('button', { name: 'About the three methods' });
    await about.click();
    await expect(methods.getByText(/^Dropout drops each pixel/)).toBeVisible();
    const compared = await readShown(methods);
    await about.click();
    await this.find();
    const stages = await readShown(this.equations.locator('..'));
    return {
      values: [...stages.values, ...compared.values],
      lengths: [...stages.lengths, ...compared.lengths],
      // The digits to choose from, too, are pictures of that tab.
      pictures: [
        ...stages.pictures,
        ...compared.pictures.filter(({ label }) => label.startsWith('What the ')),
      ],
      readings: stages.readings,
      looseTexts: [...stages.looseTexts, ...compared.looseTexts],
      equations: (await this.equations.textContent()) ?? '',
      text: `${stages.text} ${compared.text}`,
    };
  }
}

/** In one go, so that all of it belongs to the same step. */
function readShown(place: Locator): Promise<Omit<ShownStage, 'equations'>> {
  return place.evaluate((stage: HTMLElement) => {
    const all = <E extends Element>(selector: string) => [...stage.querySelectorAll<E>(selector)];
    const loose = new Set<string>();
    // The list of methods belongs to no step.
    const cells = 'tbody tr:not([data-listed-method]) > td';
    for (const place of all(`li[data-stage], ${cells}, p:has(data)`)) {
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
      text: stage.textContent,
    };
  });
}
