import { three } from '../tools/browsers/digits.ts';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';

const names = ['Plain', 'Dropout', 'ABP', 'Random signs'];

// Four workers that train without a pause.
test(
  'predicts a drawing and finds the smallest ε on four runs while they train',
  { tag: '@alone' },
  async ({ lab, page }) => {
    test.setTimeout(240_000);
    const draw = new DrawPanel(page);
    await lab.open(
      '/#v=1&engine=simd&layers=64&images=4000&epochs=1000&runs=plain;dropout;adversarial;noise',
    );
    await lab.button('Train').click();
    // Past the first epoch a network has something to say.
    await lab.expectTraining(2, names.length);

    await draw.pad.scrollIntoViewIfNeeded();
    await draw.drawByMouse(three);
    for (const name of names) {
      await expect(
        draw.answers.getByRole('listitem', { name: new RegExp(`^${name}.*: \\d, `) }),
      ).toBeVisible();
    }
    // The networks are asked again about the same drawing as they train.
    const before = await draw.readPredictions();
    await expect.poll(() => draw.readPredictions()).not.toEqual(before);

    await draw.openMore();
    await page.getByRole('tab', { name: 'Smallest ε' }).click();
    await draw.button('Find the smallest ε').click();
    await expect(draw.smallestEpsilons.and(page.locator('[data-searched]'))).toHaveCount(
      names.length,
      { timeout: 120_000 },
    );
    await expect(draw.button('Find the smallest ε')).toBeVisible();

    await lab.button('Pause').click();
    await lab.expectRuns({ status: 'paused' }, names.length);
    await expect(draw.region).not.toContainText('NaN');
  },
);
