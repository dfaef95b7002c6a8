import { type ElementId, type Point, Tab, until } from './webDriver.ts';

export interface RunPosition {
  readonly status: string | null;
  readonly epoch: number;
  readonly step: number;
}

/** A run that any engine finishes in seconds: three networks, 3 epochs of 10 steps. */
export const tinyLink = '#v=1&preset=quick&layers=16&images=640&epochs=3&seed=7&engine=simd';

/** In the page: the first visible element of a selector whose accessible name matches. */
function findElement(css: string, name: string | null): ElementId | null {
  const nameOf = (element: Element): string => {
    const labels = (element as HTMLInputElement).labels;
    const own = element.getAttribute('aria-label') ?? labels?.[0]?.textContent;
    return (own ?? element.textContent).trim();
  };
  const pattern = name === null ? null : new RegExp(name);
  const found = [...document.querySelectorAll(css)].find(
    (element) =>
      (element.checkVisibility() || element instanceof HTMLInputElement) &&
      (pattern === null || pattern.test(nameOf(element))),
  );
  // WebDriver passes elements as their ids.
  return (found as unknown as ElementId | undefined) ?? null;
}

/** The lab's page in a browser, as a user handles it. */
export class LabTab extends Tab {
  /** Waits for a visible element. @param name its accessible name, as a regular expression */
  async find(css: string, name: string | null = null): Promise<ElementId> {
    const element = await until(
      `${css}${name === null ? '' : ` named ${name}`} is there`,
      () => this.run(findElement, css, name),
      (found) => found !== null,
    );
    return element!;
  }

  /** Presses an element once it is there and available. */
  async clickOn(css: string, name: string | null = null): Promise<void> {
    const available = `:is(${css}):not([aria-disabled=true], [data-disabled=true])`;
    // React may replace an element between the look and the click.
    await until(
      `${css} can be pressed`,
      async () => {
        await this.click(await this.find(available, name));
        return true;
      },
      Boolean,
    );
  }

  count(css: string): Promise<number> {
    return this.run((selector) => document.querySelectorAll(selector).length, css);
  }

  async expectCount(css: string, count: number): Promise<void> {
    await until(
      `${count} × ${css}`,
      () => this.count(css),
      (found) => found === count,
    );
  }

  /** The text of the first element of a selector; '' if there is none. */
  text(css: string): Promise<string> {
    return this.run((selector) => document.querySelector(selector)?.textContent ?? '', css);
  }

  async expectText(css: string, pattern: RegExp): Promise<string> {
    return until(
      `${css} says ${pattern}`,
      () => this.text(css),
      (text) => pattern.test(text),
    );
  }

  /** Waits until the engine computes. */
  expectEngine(pattern = /float32/): Promise<string> {
    return this.expectText('[aria-label="Engine"]', pattern);
  }

  async openLab(url: string): Promise<void> {
    await this.open(url);
    await this.expectEngine();
  }

  readPositions(): Promise<RunPosition[]> {
    return this.run(() =>
      [...document.querySelectorAll<HTMLElement>('[data-testid=run-status]')].map((line) => ({
        status: line.getAttribute('data-status'),
        epoch: Number(line.getAttribute('data-epoch')),
        step: Number(line.getAttribute('data-step')),
      })),
    );
  }

  async expectRuns(what: string, isRight: (run: RunPosition) => boolean, runs = 3): Promise<void> {
    await until(
      `${runs} runs are ${what}`,
      () => this.readPositions(),
      (found) => found.length === runs && found.every(isRight),
    );
  }

  async expectPaused(epoch: number, step: number, runs = 3): Promise<void> {
    await this.expectRuns(
      `paused at ${epoch}/${step}`,
      (run) => run.status === 'paused' && run.epoch === epoch && run.step === step,
      runs,
    );
  }

  /** Waits until all runs have finished and were measured. */
  async expectFinished(runs = 3): Promise<void> {
    await this.expectCount('[data-testid=run-status][data-error-rate]', runs);
  }

  async train(): Promise<void> {
    await this.clickOn('[data-testid=train][data-command=train]');
  }

  /** Chooses a command of the menu beside the training button. */
  async command(name: string): Promise<void> {
    await this.clickOn('button', '^More commands$');
    await this.clickOn('[role=menuitem]', `^${name}`);
  }

  async goTo(place: string): Promise<void> {
    await this.clickOn('nav[aria-label="Places"] a', `^${place}$`);
    await this.find('nav[aria-label="Places"] a[aria-current=page]', `^${place}$`);
  }

  /** Chooses an option of a native list. @param name the list's label, as a regular expression */
  async choose(name: string, option: string): Promise<void> {
    const list = await this.find('select', name);
    const element = await this.run(
      (select, label) => {
        const { options } = select as unknown as HTMLSelectElement;
        const found = [...options].find(({ textContent }) => textContent === label);
        return (found as unknown as ElementId | undefined) ?? null;
      },
      list,
      option,
    );
    if (element === null) throw new Error(`${name} has no option ${option}.`);
    await this.click(element);
  }

  /** The bytes of the file that pressing a button saves. */
  async readSaved(css: string, name: string): Promise<Buffer> {
    await this.run(() => {
      const page = window as unknown as { saved?: Blob };
      const create = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob: Blob) => {
        page.saved = blob;
        return create(blob);
      };
      // A driver cannot answer the browser's question where to save it.
      HTMLAnchorElement.prototype.click = () => undefined;
    });
    await this.clickOn(css, name);
    const base64 = await until(
      `${name} saves a file`,
      () =>
        this.run(async () => {
          const { saved } = window as unknown as { saved?: Blob };
          if (!saved) return '';
          const bytes = new Uint8Array(await saved.arrayBuffer());
          return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
        }),
      (read) => read !== '',
    );
    await this.run(() => {
      delete (window as unknown as { saved?: Blob }).saved;
    });
    return Buffer.from(base64, 'base64');
  }

  /** Every measured point with all its digits, sorted. */
  async readCurves(): Promise<string[]> {
    if ((await this.count('[data-panel=Curves] [aria-expanded=false]')) > 0) {
      await this.clickOn('[data-panel=Curves] button', '^All curves$');
    }
    const csv = await this.readSaved('[data-panel=Curves] button', '^Save CSV$');
    return csv.toString().trim().split(/\r?\n/).slice(1).sort();
  }

  /** Places of the pad, from 0 to 1 across and down, as places of the window. */
  async locateOnPad(points: readonly (readonly [number, number])[]): Promise<Point[]> {
    const box = await this.run(() => {
      const pad = document.querySelector('[role=application]')!;
      pad.scrollIntoView({ block: 'center' });
      const { x, y, width, height } = pad.getBoundingClientRect();
      return { x, y, width, height };
    });
    return points.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
  }

  /** Waits until all networks predict this digit; null while they have none to predict. */
  async expectPrediction(digit: number | null): Promise<void> {
    const css = '[data-testid=network-card]';
    await this.expectCount(
      digit === null ? `${css}[data-before]` : `${css}[data-before="${digit}"]`,
      digit === null ? 0 : 3,
    );
  }
}
