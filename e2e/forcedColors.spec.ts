import type { Locator } from '@playwright/test';
import { type Place, readColors } from './colors.ts';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { HowPanel } from './howPanel.ts';
import { InsidePanel } from './insidePanel.ts';

// What a person with Windows' contrast themes sees: the system takes away backgrounds and shadows, and colors borders.

for (const colorScheme of ['light', 'dark'] as const) {
  test(`forced colors, ${colorScheme}: sliders, bars and what is chosen are seen`, async ({
    lab,
    page,
  }) => {
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    await lab.open();
    const draw = new DrawPanel(page);

    await test.step('a slider: its filled part, its thumb and the rest', async () => {
      await lab.attackSlider.fill('0.25');
      await expectDifferent(lab.attackSlider, [
        [0.2, 0.5],
        [0.8, 0.5],
        [0.8, 0.05],
      ]);
      await expectDifferent(lab.attackSlider, [
        [0.5, 0.3],
        [0.8, 0.3],
      ]);
    });

    await test.step('the bar of a card, and those of the smallest ε', async () => {
      await draw.openMore();
      await page.getByRole('tab', { name: 'Smallest ε' }).click();
      await expect(draw.button('Find the smallest ε')).not.toHaveAttribute('data-disabled', 'true');
      await draw.button('Find the smallest ε').click();
      await expect(draw.smallestEpsilons.and(page.locator('[data-searched]'))).toHaveCount(3, {
        timeout: 120_000,
      });
      // Those of ABP, which are long.
      for (const row of [draw.smallestEpsilons.last(), page.getByTestId('network-card').last()]) {
        await expectDifferent(row.locator('[style*=width]').first().locator('..'), [
          [0.02, 0.5],
          [0.98, 0.5],
        ]);
      }
    });

    await test.step('the probabilities', async () => {
      await page.getByRole('tab', { name: 'Probabilities' }).click();
      const bars = page.getByRole('list', { name: 'Probabilities of Plain' });
      await expectApart(
        bars.locator('[data-largest] [aria-hidden]'),
        bars.locator('li:not([data-largest]) [aria-hidden]').first(),
        [0.2, 0.5],
      );
    });

    await test.step('the tab, the type of network and the methods that are chosen', async () => {
      const corner: Place = [0.05, 0.5];
      const tabs = draw.region.getByRole('tab');
      await expectApart(
        tabs.and(page.locator('[aria-selected=true]')),
        tabs.and(page.locator('[aria-selected=false]')).first(),
        corner,
      );
      const types = page.getByRole('radiogroup', { name: 'Network type' }).locator('label');
      await expectApart(
        types.filter({ has: page.locator(':checked') }),
        types.filter({ hasNot: page.locator(':checked') }).first(),
        corner,
      );
      const methods = page.getByRole('group', { name: 'Methods to compare' });
      await expectApart(
        methods.getByText('Plain', { exact: true }),
        methods.getByText('TRADES', { exact: true }),
        [0.5, 0.15],
      );
    });

    await test.step('a place, a stage and its bars', async () => {
      const how = new HowPanel(lab);
      await how.find();
      const nav = page.getByRole('navigation', { name: 'Places' });
      await expectApart(
        nav.locator('[aria-current=page]'),
        nav.getByRole('link', { name: 'Paper' }),
        [0.5, 1],
      );
      const stages = how.region.locator('[data-stage] [aria-label^="Output"]').first();
      await expectApart(
        stages.locator('[data-answer] [aria-hidden]'),
        stages.locator('li:not([data-answer]) [aria-hidden]').first(),
        [0.5, 0.7],
      );
    });

    await test.step('the scale of colors and the chosen digit', async () => {
      const inside = new InsidePanel(lab);
      await inside.open('Loss landscape');
      const legend = inside.region.locator('[style*=linear-gradient]').filter({ visible: true });
      await expectDifferent(legend.first(), [
        [0.1, 0.5],
        [0.5, 0.5],
        [0.9, 0.5],
      ]);
      const digits = inside.region.getByRole('button', { pressed: false });
      await expectApart(
        inside.region.getByRole('button', { pressed: true }).first(),
        digits.first(),
        [0.5, 0],
      );
    });
  });
}

/** Waits until places of an element have a color each of its own. */
async function expectDifferent(element: Locator, places: readonly Place[]): Promise<void> {
  await expect
    .poll(async () => new Set(await readColors(element, places)).size)
    .toBe(places.length);
}

/** Waits until two elements differ at a place. */
async function expectApart(chosen: Locator, other: Locator, place: Place): Promise<void> {
  await expect
    .poll(async () => {
      const colors = [await readColors(chosen, [place]), await readColors(other, [place])];
      return colors[0]!.join() !== colors[1]!.join();
    })
    .toBe(true);
}
