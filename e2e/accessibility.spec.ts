import { expectAccessible } from './axe.ts';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { tabTo } from './keyboard.ts';
import { tinyRun } from './labPage.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

const wide = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };

const places = ['How it works', 'Look inside', 'Robustness', 'Paper', 'Files'] as const;

for (const viewport of [wide, phone]) {
  test.describe(`${viewport.width} px`, () => {
    test.use({ viewport });

    test('axe finds nothing before, during and after training, nor in an error message', async ({
      lab,
      page,
    }) => {
      test.setTimeout(240_000); // axe examines the Lab eight times and each other place, in two color schemes
      await lab.open();
      await expect(lab.examples.getByRole('img').first()).toBeVisible();
      // All that is folded away at first.
      await new DrawPanel(page).openMore();
      await lab.openExample();
      await check();

      await lab.fill({ ...tinyRun, 'Batch size': '0' });
      await check();
      await lab.fill(tinyRun);

      await lab.button('Train').click();
      await lab.expectFinished(3);
      await expect(lab.trainedSummary).toBeVisible();
      await check();
      for (const place of places) {
        await lab.goTo(place);
        await expect(page.getByRole('region').first()).toBeVisible();
        await check();
      }
      await lab.goTo('Lab');
      await lab.button('More commands').click();
      await expect(page.getByRole('menu')).toBeVisible();
      await expectAccessible(page, '[role=menu]');
      await expectNoSidewaysScroll(page);
      await page.keyboard.press('Escape');
      await lab.showTable();
      await check();
      // The curves drawn again, with the logarithmic scale's own ticks.
      await lab.curves.getByRole('checkbox', { name: 'Table' }).uncheck();
      await lab.curves.getByRole('checkbox', { name: 'Log scale' }).check();
      await check();

      // Without a run to resume, the engine is not replaced.
      await lab.press('Start over');
      await expect(lab.noRuns).toBeVisible();
      const [worker] = page.workers();
      await worker!.evaluate(() => {
        setTimeout(() => {
          throw new Error('stopped by a test');
        });
      });
      await expect(lab.alert.first()).toBeVisible();
      await check();

      async function check(): Promise<void> {
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    });
  });
}

test('trains, pauses, steps, resets and attacks with the keyboard alone', async ({ lab, page }) => {
  // Steps small enough that some epochs are seen, epochs enough that none is the last.
  await page.goto('/#v=1&engine=simd&layers=16&images=640&epochs=1000&runs=plain;adversarial');
  await expect(lab.engine).toContainText('SIMD');
  await tabTo(lab.button('Train'));
  await page.keyboard.press('Space');
  await lab.expectTraining(1, 2);

  await tabTo(lab.button('Pause'));
  await page.keyboard.press('Enter');
  await lab.expectRuns({ status: 'paused' }, 2);
  const before = await countSteps();
  expect(before[0]).toBeGreaterThan(0);
  await expect(lab.button('Train')).toBeFocused(); // the same button continues

  const menu = lab.button('More commands');
  await tabTo(menu);
  await page.keyboard.press('Enter');
  await expect(lab.command('One step')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(countSteps).toEqual(before.map((steps) => steps + 1));

  await expect(menu).toBeFocused();
  await page.keyboard.press('Space');
  await expect(lab.command('One step')).toBeFocused();
  for (const next of ['Half a step', 'One epoch', 'Start over']) {
    await page.keyboard.press('ArrowDown');
    await expect(lab.command(next)).toBeFocused();
  }
  await page.keyboard.press('Space');
  await expect(lab.noRuns).toBeVisible();
  await expect(menu).toBeFocused();

  await tabTo(lab.attackSlider);
  await page.keyboard.press('ArrowRight');
  await expect(lab.attackSlider).toHaveAttribute('aria-valuetext', '0.09');
  await expect(lab.examples.getByTestId('examples-summary')).toHaveAttribute(
    'data-attack-epsilon',
    '0.09',
  );

  const draw = new DrawPanel(page);
  await tabTo(draw.button('Put a test 3 on the pad'));
  await page.keyboard.press('Enter');
  await tabTo(draw.button('More ways to attack'));
  await page.keyboard.press('Enter');
  await draw.expectAttack({ attack: 'margin-pgd', epsilon: '0.09' });
  const attacks = draw.region.getByRole('radiogroup', { name: 'Attack' });
  await tabTo(attacks.getByRole('radio', { name: 'PGD-20', exact: true }));
  await page.keyboard.press('ArrowLeft');
  await expect(attacks.getByRole('radio', { name: 'FGSM' })).toBeChecked();
  await draw.expectAttack({ attack: 'fgsm', epsilon: '0.09' });
  await tabTo(draw.epsilon);
  await page.keyboard.press('ArrowLeft');
  await draw.expectAttack({ attack: 'fgsm', epsilon: '0.08' });

  async function countSteps(): Promise<number[]> {
    const stepsPerEpoch = 10;
    const positions = await lab.readPositions();
    return positions.map(({ epoch, step }) => stepsPerEpoch * (epoch - 1) + step);
  }
});
