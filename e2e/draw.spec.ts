import { DrawPanel, three } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { savePng } from './savedPng.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

test.describe('with the network cut', () => {
  // Chromium asks for the favicon again whenever the address changes, as it does with the drawing.
  test.use({ allowedErrors: /ERR_INTERNET_DISCONNECTED/ });

  test('reads a 3 drawn with the mouse on first visit, with the network cut', async ({ page }) => {
    const draw = new DrawPanel(page);
    await draw.open();
    await draw.cutNetwork();
    await draw.drawByMouse(three);
    await draw.expectAnswer(3);
    await draw.region.getByRole('button', { name: 'Show the steps' }).click();
    await expect(draw.region.getByRole('img', { name: 'The drawing, scaled' })).toBeVisible();

    // The attack is there without asking; one with ε 0 changes nothing.
    await expect(draw.region.getByText(/^FGSM, ε 0.08\./)).toBeVisible();
    await draw.region.getByRole('slider', { name: 'ε', exact: true }).fill('0');
    await expect(
      draw.region.getByText('FGSM, ε 0.00. The attack leads no network to another answer.'),
    ).toBeVisible();
    await draw.region.getByRole('slider', { name: 'ε', exact: true }).fill('0.3');
    await draw.region.getByLabel('Aim').selectOption('Towards an 8');
    await expect(draw.region.getByText(/^FGSM, ε 0.30\. .*an 8/)).toBeVisible();
    await expect(
      draw.region.getByRole('table').getByRole('columnheader', { name: 'Adversarial' }),
    ).toBeVisible();
    await draw.expectAccessible();

    await page.getByRole('tab', { name: 'Smallest ε' }).click();
    await draw.region.getByLabel('Aim').selectOption('Away from the answer');
    await draw.region.getByRole('button', { name: 'Find the smallest ε' }).click();
    await expect(draw.region.getByText(/’s answer changes at ε 0\.\d{3}/)).toBeVisible();
    const bars = draw.region.getByRole('list', { name: 'Smallest ε found' });
    await expect(bars.getByText(/reads an? \d/)).toHaveCount(3);
    await draw.expectAccessible();

    await page.getByRole('tab', { name: 'Transform it' }).click();
    const before = await draw.answers.getByRole('listitem', { name: /^Plain:/ }).textContent();
    await draw.region.getByRole('slider', { name: 'Rotate' }).fill('80');
    await expect(draw.answers.getByRole('listitem', { name: /^Plain:/ })).not.toHaveText(before!);
    await draw.expectAccessible();
    await draw.region.getByRole('button', { name: 'Undo all' }).click();
    await draw.expectAnswer(3);
  });

  test('reads a 3 drawn with the keyboard, and undoes it', async ({ page }) => {
    const draw = new DrawPanel(page);
    await draw.open();
    await draw.cutNetwork();
    await draw.pad.focus();
    const press = async (key: string, times = 1): Promise<void> => {
      for (let i = 0; i < times; i++) await page.keyboard.press(key);
    };
    // From the middle to the upper left, then along a 3 of straight lines.
    await press('ArrowUp', 8);
    await press('ArrowLeft', 4);
    await page.keyboard.press('Space');
    await expect(draw.region.getByText(/^Pen down, column 10, row 6 of 28/)).toBeAttached();
    await press('ArrowRight', 8);
    await press('ArrowDown', 8);
    await press('ArrowLeft', 5);
    await press('ArrowRight', 5);
    await press('ArrowDown', 8);
    await press('ArrowLeft', 8);
    await page.keyboard.press('Space');
    await draw.expectAnswer(3);
    await page.keyboard.press('Control+z');
    await expect(draw.answers.getByRole('status')).toHaveText(/^Draw a digit/);
  });
});

test('keeps a drawing over a reload, and in the link', async ({ page, browser, guard }) => {
  const draw = new DrawPanel(page);
  await draw.open();
  await draw.drawByMouse(three);
  await draw.expectAnswer(3);
  await expect(page).toHaveURL(/drawing=/);
  const link = page.url();
  // Without the link: what the browser keeps brings it back.
  await page.goto('about:blank');
  await page.goto('/');
  await draw.expectAnswer(3);
  // Elsewhere, where nothing is kept, the link brings it.
  const elsewhere = await browser.newContext();
  await guard(elsewhere);
  const other = await elsewhere.newPage();
  await other.goto(link);
  await new DrawPanel(other).expectAnswer(3);
  await elsewhere.close();
});

test('saves the drawing as a PNG, and takes it back dropped or pasted', async ({ page }) => {
  const draw = new DrawPanel(page);
  await draw.open();
  await draw.drawByMouse(three);
  await draw.expectAnswer(3);
  const save = draw.region.getByRole('button', { name: 'Save as PNG' });
  const saved = await savePng(save);
  expect(saved.name).toBe('digit.png');
  expect([saved.width, saved.height]).toEqual([560, 560]);
  expect(saved.colors).toBeGreaterThan(1);

  const clear = draw.region.getByRole('button', { name: 'Clear' });
  await clear.click();
  await expect(draw.answers.getByRole('status')).toHaveText(/^Draw a digit/);
  await draw.drop('dropped.png', saved.bytes);
  await expect(draw.region.getByText('dropped.png is on the pad.')).toBeVisible();
  await draw.expectAnswer(3);

  // Another picture than the one that lies there.
  await draw.region.getByRole('button', { name: 'Put a test 7 on the pad' }).click();
  await draw.expectAnswer(7);
  const seven = await savePng(save);
  expect(seven.bytes.equals(saved.bytes)).toBe(false);
  await clear.click();
  await draw.paste('pasted.png', saved.bytes);
  await expect(draw.region.getByText('pasted.png is on the pad.')).toBeVisible();
  await draw.expectAnswer(3);
  await draw.paste('seven.png', seven.bytes);
  await expect(draw.region.getByText('seven.png is on the pad.')).toBeVisible();
  await draw.expectAnswer(7);
});

test('says what is wrong with what is no digit', async ({ page }) => {
  const draw = new DrawPanel(page);
  await draw.open();
  const verdict = draw.answers.getByRole('status');
  await draw.drawByMouse([[0.5, 0.5]]);
  await expect(verdict).toHaveText('Only a dot is drawn; a digit needs strokes.');
  await draw.region.getByRole('button', { name: 'Clear' }).click();
  await expect(verdict).toHaveText(/^Draw a digit/);

  await draw.region.getByRole('slider', { name: 'Pen' }).fill('0.15');
  const rows = Array.from({ length: 21 }, (_, row) => 0.02 + 0.048 * row);
  await draw.drawByMouse(
    rows.flatMap((y, i): [number, number][] =>
      i % 2
        ? [
            [0.98, y],
            [0.02, y],
          ]
        : [
            [0.02, y],
            [0.98, y],
          ],
    ),
  );
  await expect(verdict).toHaveText('Everything is filled, so no digit stands out.');
  await expect(draw.region).not.toContainText('NaN');

  const input = draw.region.getByLabel('Picture of a digit');
  await input.setInputFiles({
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('no picture'),
  });
  await expect(draw.region.getByRole('alert')).toContainText('notes.txt was not opened');
  await input.setInputFiles({
    name: 'broken.png',
    mimeType: 'image/png',
    buffer: Buffer.from('no picture'),
  });
  await expect(draw.region.getByRole('alert')).toContainText('could not read broken.png');
  await draw.expectAccessible();

  // A photo of 20 megapixels: a dark 1 on light paper.
  const photo = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 5000, height: 4000 });
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#ddd';
    context.fillRect(0, 0, 5000, 4000);
    context.fillStyle = '#222';
    context.fillRect(2400, 800, 300, 2400);
    const blob = await new Promise<Blob>((resolve) =>
      canvas.toBlob((made) => resolve(made!), 'image/jpeg'),
    );
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  await input.setInputFiles({
    name: 'photo.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from(photo),
  });
  await expect(draw.region.getByText('photo.jpg is on the pad.')).toBeVisible();
  await draw.expectAnswer(1);

  await draw.region.getByRole('button', { name: 'Put a test 7 on the pad' }).click();
  await draw.expectAnswer(7);
});

test.describe('on a phone', () => {
  test.use({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    allowedErrors: /ERR_INTERNET_DISCONNECTED/,
  });

  test('reads a 3 drawn with a finger, and the page stays where it is', async ({ page }) => {
    const draw = new DrawPanel(page);
    await draw.open();
    await draw.cutNetwork();
    const scrolled = await page.evaluate(() => window.scrollY);
    const touch = await page.context().newCDPSession(page);
    const [first, ...rest] = await draw.locate(three);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [first!] });
    for (const point of rest) {
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] });
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await draw.expectAnswer(3);
    expect(await page.evaluate(() => window.scrollY)).toBe(scrolled);
    await draw.expectAccessible();
    await expectNoSidewaysScroll(page);
  });
});
