import type { Locator } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { tabTo } from './keyboard.ts';
import { tinyRun } from './labPage.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

const wide = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };

for (const viewport of [wide, phone]) {
  test.describe(`${viewport.width} px`, () => {
    test.use({ viewport });

    test('axe finds nothing before, during and after training', async ({ lab, page }) => {
      test.setTimeout(300_000); // axe looks at the whole page ten times
      const isPhone = viewport === phone;
      await lab.open();
      await expect(lab.examples.getByRole('img').first()).toBeVisible();
      await check();

      if (isPhone) await lab.button('Setup').click();
      await lab.fill({ ...tinyRun, 'Batch size': '0' });
      await check();
      await lab.fill(tinyRun);
      if (isPhone) await page.getByRole('button', { name: 'Close' }).click();

      await lab.button('Train').click();
      await expect(lab.status('Finished')).toBeVisible({ timeout: 60_000 });
      await expect(lab.verdict).toBeVisible();
      await check();
      await lab.showTable();
      await check();
      // The curves drawn again, with the logarithmic scale's own ticks.
      await lab.curves.getByRole('checkbox', { name: 'Table' }).uncheck();
      await lab.curves.getByRole('checkbox', { name: 'Log scale' }).check();
      await check();

      async function check(): Promise<void> {
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    });
  });
}

test('axe finds nothing in an error message', async ({ lab, page }) => {
  await lab.open();
  const [worker] = page.workers();
  await worker!.evaluate(() => {
    setTimeout(() => {
      throw new Error('stopped by a test');
    });
  });
  await expect(lab.alert).toBeVisible();
  await expectAccessible(page);
});

test('trains with the keyboard alone', async ({ lab, page }) => {
  await lab.open();
  await lab.fill(tinyRun);
  await lab.field('Hidden layers').focus();
  await tabTo(lab.button('Train'));
  await page.keyboard.press('Enter');
  await expect(lab.status('Finished')).toBeVisible({ timeout: 60_000 });
});

test('pauses, steps, resets and attacks with the keyboard alone', async ({ lab, page }) => {
  // Steps small enough that some epochs are seen, epochs enough that none is the last.
  await lab.open('/#v=1&engine=simd&layers=16&images=640&epochs=1000&runs=plain;adversarial');
  await expect(lab.engine).toContainText('SIMD', { timeout: 60_000 });
  await tabTo(lab.button('Train'));
  await page.keyboard.press('Space');
  await expect(page.getByText(/^Epoch \d+ of 1000 · step \d/).first()).toBeVisible({
    timeout: 60_000,
  });

  await tabTo(lab.button('Pause'));
  await page.keyboard.press('Enter');
  const paused = page.getByText(/^Paused · Epoch/);
  await expect(paused).toHaveCount(2);
  const before = await readSteps(paused);
  expect(before[0]).toBeGreaterThan(0);
  await expect(lab.button('Pause')).toBeFocused(); // it has nothing more to do, and keeps its place

  await tabTo(lab.button('Step'));
  await page.keyboard.press('Enter');
  await expect.poll(() => readSteps(paused)).toEqual(before.map((steps) => steps + 1));

  await tabTo(lab.button('Reset'));
  await page.keyboard.press('Space');
  await expect(lab.status('Nothing is trained yet')).toBeVisible();
  await expect(lab.button('Reset')).toBeFocused();

  await tabTo(lab.attackSlider);
  await page.keyboard.press('ArrowRight');
  await expect(lab.attackSlider).toHaveAttribute('aria-valuetext', '0.09');
  await expect(lab.examples.getByText('attacked with ε 0.09')).toBeVisible();

  const draw = new DrawPanel(page).region;
  await tabTo(draw.getByRole('button', { name: 'Put a test 3 on the pad' }));
  await page.keyboard.press('Enter');
  await expect(draw.getByText(/^FGSM, ε 0\.09\./)).toBeVisible();
  const attacks = draw.getByRole('radiogroup', { name: 'Attack' });
  await tabTo(attacks.getByRole('radio', { name: 'FGSM' }));
  await page.keyboard.press('ArrowRight');
  await expect(attacks.getByRole('radio', { name: 'PGD-20' })).toBeChecked();
  await expect(draw.getByText(/^PGD-20, ε 0\.09\./)).toBeVisible();
  await tabTo(draw.getByRole('slider', { name: 'ε', exact: true }));
  await page.keyboard.press('ArrowLeft');
  await expect(draw.getByText(/^PGD-20, ε 0\.08\./)).toBeVisible();
});

/** Steps of ten that each run has done, by the lines that tell where runs are. */
async function readSteps(lines: Locator): Promise<number[]> {
  return (await lines.allTextContents()).map((text) => {
    const [, epoch, step] = /Epoch (\d+) of .* step (\d+) of 10/.exec(text) ?? [];
    return 10 * (Number(epoch) - 1) + Number(step);
  });
}
