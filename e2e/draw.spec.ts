import { three } from '../tools/browsers/digits.ts';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { savePng } from './savedPng.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

test.describe('without a network connection', () => {
  // Chromium asks for the favicon again whenever the address changes, as it does with the drawing; axe, for the styles.
  test.use({ allowedErrors: /ERR_INTERNET_DISCONNECTED|Couldn't load preload assets/ });

  test('predicts, attacks and transforms a 3 drawn with the mouse, and predicts one drawn with keys', async ({
    page,
  }) => {
    const draw = new DrawPanel(page);
    await draw.open();
    await draw.cutNetwork();
    await draw.drawByMouse(three);
    await draw.expectAnswer(3);
    await draw.button('Show the steps').click();
    await expect(draw.region.getByRole('img', { name: 'The drawing, scaled' })).toBeVisible();

    await test.step('attacks by itself, with ε 0 without effect, and with a target', async () => {
      await draw.expectAttack({ attack: 'margin-pgd', epsilon: '0.1' });
      await draw.region.getByRole('radio', { name: 'FGSM' }).check();
      await draw.expectAttack({ attack: 'fgsm', epsilon: '0.1' });
      await draw.epsilon.fill('0');
      await draw.expectAttack({ attack: 'fgsm', epsilon: '0' });
      await expect(draw.cards.and(page.locator('[data-before="3"][data-after="3"]'))).toHaveCount(
        3,
      );
      await draw.epsilon.fill('0.3');
      await draw.region.getByLabel('Target').selectOption('an 8');
      await draw.expectAttack({ attack: 'fgsm', epsilon: '0.3', target: '8' });
      await expect(draw.card('Plain')).toHaveAttribute('data-before', '3');
      await expect(draw.card('Plain')).toHaveAttribute('data-after', '8');
      await expect(
        draw.region.getByRole('table').getByRole('columnheader', { name: 'ABP' }),
      ).toBeVisible();
      await draw.expectAccessible();
    });

    await test.step('finds the smallest ε, by itself and when asked', async () => {
      const levels = draw.region.getByTestId('smallest-found').and(page.locator('[data-levels]'));
      await expect(levels).toHaveCount(3);
      await page.getByRole('tab', { name: 'Smallest ε' }).click();
      await draw.region
        .getByRole('combobox', { name: 'Target' })
        .selectOption('Any other digit (untargeted)');
      await draw.button('Find the smallest ε').click();
      await expect(draw.smallestEpsilons.and(page.locator('[data-epsilon]'))).toHaveCount(3);
      await expect(draw.button('Find the smallest ε')).toBeVisible();
      await draw.expectAccessible();
    });

    await test.step('transforms the drawing, and undoes that', async () => {
      await page.getByRole('tab', { name: 'Transform' }).click();
      const [before] = await draw.readPredictions();
      await draw.region.getByRole('slider', { name: 'Rotate' }).fill('80');
      await expect.poll(async () => (await draw.readPredictions())[0]).not.toBe(before);
      await draw.expectAccessible();
      await draw.button('Undo all').click();
      await draw.expectAnswer(3);
    });

    await test.step('predicts what is drawn with the keyboard, which undoes it', async () => {
      await draw.button('Clear').click();
      await draw.expectNoAnswer();
      await draw.pad.focus();
      const press = async (key: string, times = 1): Promise<void> => {
        for (let i = 0; i < times; i++) await page.keyboard.press(key);
      };
      // From the middle to the upper left, then along a 3 of straight lines.
      await press('ArrowUp', 8);
      await press('ArrowLeft', 4);
      await press('Space');
      await press('ArrowRight', 8);
      await press('ArrowDown', 8);
      await press('ArrowLeft', 5);
      await press('ArrowRight', 5);
      await press('ArrowDown', 8);
      await press('ArrowLeft', 8);
      await press('Space');
      await draw.expectAnswer(3);
      await press('Control+z');
      await draw.expectNoAnswer();
    });
  });
});

test('takes the drawing along: as a PNG that is dropped or pasted, over a reload, and in the link', async ({
  page,
  browser,
  guard,
}) => {
  const draw = new DrawPanel(page);
  await draw.open();
  await draw.drawByMouse(three);
  await draw.expectAnswer(3);
  const save = draw.button('Save as PNG');
  const saved = await savePng(save);
  expect(saved.name).toBe('digit.png');
  expect([saved.width, saved.height]).toEqual([560, 560]);
  expect(saved.colors).toBeGreaterThan(1);

  await draw.button('Clear').click();
  await draw.expectNoAnswer();
  await draw.drop('dropped.png', saved.bytes);
  await draw.expectAnswer(3);

  // Another picture than the one that is there.
  await draw.button('Put a test 7 on the pad').click();
  await draw.expectAnswer(7);
  const seven = await savePng(save);
  expect(seven.bytes.equals(saved.bytes)).toBe(false);
  await draw.paste('pasted.png', saved.bytes);
  await draw.expectAnswer(3);

  await draw.button('Clear').click();
  await draw.expectNoAnswer();
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

test('rejects what is no digit and what is no picture, and takes a large photo', async ({
  page,
}) => {
  const draw = new DrawPanel(page);
  await draw.open();
  await draw.drawByMouse([[0.5, 0.5]]);
  await expect(draw.verdict).toHaveAttribute('data-rejected');
  await draw.button('Clear').click();
  await expect(draw.verdict).not.toHaveAttribute('data-rejected');

  // Lines of the thickest pen, back and forth over the whole pad.
  await draw.region.getByRole('slider', { name: 'Pen' }).fill('0.15');
  const rows = Array.from({ length: 21 }, (_, row) => 0.02 + 0.048 * row);
  await draw.drawByMouse(
    rows.flatMap((y, i): [number, number][] => {
      const line: [number, number][] = [
        [0.02, y],
        [0.98, y],
      ];
      return i % 2 ? line.reverse() : line;
    }),
  );
  await expect(draw.verdict).toHaveAttribute('data-rejected');
  await expect(draw.region).not.toContainText('NaN');

  const alert = draw.region.getByRole('alert');
  for (const [name, mimeType] of [
    ['notes.txt', 'text/plain'],
    ['broken.png', 'image/png'],
  ] as const) {
    await draw.fileInput.setInputFiles({ name, mimeType, buffer: Buffer.from('no picture') });
    await expect(alert).toContainText(name);
  }
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
  await draw.fileInput.setInputFiles({
    name: 'photo.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from(photo),
  });
  await draw.expectAnswer(1);
  await expect(alert).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test('predicts a 3 drawn with a finger, and the page does not scroll meanwhile', async ({
    page,
  }) => {
    const draw = new DrawPanel(page);
    await draw.open();
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
