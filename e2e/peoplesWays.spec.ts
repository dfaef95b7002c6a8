import type { Page } from '@playwright/test';
import { encode } from 'fast-png';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { tinyRun } from './labPage.ts';

interface Drawing {
  readonly base: readonly number[] | null;
  readonly strokes: readonly unknown[];
}

function readDrawing(page: Page): Promise<Drawing> {
  return page.evaluate(
    () => JSON.parse(localStorage.getItem('drawing') ?? '{"base":null,"strokes":[]}') as Drawing,
  );
}

/** Sends events of a pointer to the pad; places are parts of its side. */
async function touch(
  page: Page,
  pointer: { pointerId: number; pointerType: string },
  ...events: readonly (readonly [type: string, x: number, y: number])[]
): Promise<void> {
  await page.getByRole('application', { name: 'Drawing pad' }).evaluate(
    (pad, [init, all]) => {
      const { left, top, width, height } = pad.getBoundingClientRect();
      for (const [type, x, y] of all) {
        const place = { clientX: left + x * width, clientY: top + y * height };
        pad.dispatchEvent(
          new PointerEvent(type, { ...init, ...place, bubbles: true, cancelable: true }),
        );
      }
    },
    [pointer, events] as const,
  );
}

const stroke = [
  ['pointerdown', 0.5, 0.2],
  ['pointermove', 0.5, 0.5],
  ['pointermove', 0.5, 0.8],
  ['pointerup', 0.5, 0.8],
] as const;

test('a stroke draws without coalesced events, and after a capture that failed', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(PointerEvent.prototype, 'getCoalescedEvents');
    // oxlint-disable-next-line typescript/unbound-method -- it is put back
    const capture = Element.prototype.setPointerCapture;
    Element.prototype.setPointerCapture = () => {
      Element.prototype.setPointerCapture = capture;
      throw new DOMException('No active pointer.', 'NotFoundError');
    };
  });
  const draw = new DrawPanel(page);
  await draw.open();
  const before = (await readDrawing(page)).strokes.length;
  for (const count of [1, 2]) {
    const box = (await draw.pad.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.8, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await readDrawing(page)).strokes.length).toBe(before + count);
  }
});

test('a pen draws although a palm was on the pad first, and the palm leaves no mark', async ({
  page,
}) => {
  const draw = new DrawPanel(page);
  await draw.open();
  await touch(page, { pointerId: 7, pointerType: 'touch' }, ['pointerdown', 0.9, 0.9]);
  await touch(page, { pointerId: 8, pointerType: 'pen' }, ...stroke);
  await touch(
    page,
    { pointerId: 7, pointerType: 'touch' },
    ['pointermove', 0.8, 0.9],
    ['pointerup', 0.8, 0.9],
  );
  await expect
    .poll(async () => (await readDrawing(page)).strokes)
    .toMatchObject([{ points: [0.5, 0.2, 0.5, 0.5, 0.5, 0.8] }]);
});

test('text with a picture of it, pasted into a field, stays text', async ({ lab, page }) => {
  await lab.open();
  const paste = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((target) => {
        const data = new DataTransfer();
        data.setData('text/plain', '0.2');
        data.items.add(new File([new Uint8Array(4)], 'cell.png', { type: 'image/png' }));
        const event = new ClipboardEvent('paste', {
          clipboardData: data,
          bubbles: true,
          cancelable: true,
        });
        target.dispatchEvent(event);
        return event.defaultPrevented;
      });
  expect(await paste('input[role="spinbutton"]')).toBe(false);
  expect(await paste('body')).toBe(true); // elsewhere, a picture goes to the pad
});

test('a picture of 28 × 28 gray pixels is on the pad as it is', async ({ page }) => {
  const levels = Uint8Array.from({ length: 784 }, (_, i) => {
    const [row, column] = [Math.floor(i / 28), i % 28];
    return row > 5 && row < 22 && column > 11 && column < 16 ? 255 - (i % 30) : (i * 7) % 21;
  });
  const draw = new DrawPanel(page);
  await draw.open();
  const png = encode({ width: 28, height: 28, channels: 1, depth: 8, data: levels });
  await draw.fileInput.setInputFiles({
    name: 'a.png',
    mimeType: 'image/png',
    buffer: Buffer.from(png),
  });
  await expect.poll(async () => (await readDrawing(page)).base).toEqual([...levels]);
});

test('the page works while a translator replaces its texts', async ({ lab, page }) => {
  await lab.open();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.evaluate(() => {
    // As Chrome's translator does, again and again: another text in two <font> elements takes the place of each.
    const translateAll = (): void => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      for (const text of texts) {
        const parent = text.parentElement;
        if (!parent || parent.closest('font, script, style, [translate="no"]') || !text.data.trim())
          continue;
        const make = () => document.createElementNS('http://www.w3.org/1999/xhtml', 'font');
        const [outer, inner] = [make(), make()];
        inner.append(text.data);
        outer.append(inner);
        parent.replaceChild(outer, text);
      }
    };
    translateAll();
    setInterval(translateAll, 100);
  });
  await lab.fill({ ...tinyRun, Epochs: '2' });
  await lab.chooseMethods('plain', 'adversarial');
  await lab.button('Train').click();
  await lab.showTable();
  await lab.expectFinished(2);
  // What changes is not translated, so it stays up to date.
  await expect(lab.runStatuses.first()).toHaveText(/^Finished:\s2\sepochs/);
  for (const place of ['Robustness', 'Inside', 'Files', 'Lab']) {
    await page
      .getByRole('navigation')
      .getByRole('link', { name: place })
      .or(page.getByRole('tab', { name: place, exact: true }))
      .first()
      .click();
  }
  await expect(
    lab
      .button('Train')
      .or(page.getByRole('button', { name: /^Train/ }))
      .first(),
  ).toBeVisible();
});
