import { DrawPanel, three } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { LabPage } from './labPage.ts';

const names = ['Plain', 'Dropout', 'ABP', 'Random signs'];

test('while four runs train, all of them answer, are attacked and give up their smallest ε', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const lab = new LabPage(page);
  const draw = new DrawPanel(page);
  await page.goto(
    '/#v=1&engine=simd&layers=64&images=10000&epochs=1000&runs=plain;dropout;adversarial;noise',
  );
  await lab.button('Train').click();
  // Past the first epoch a network has something to say.
  await expect(page.getByText(/^Epoch ([2-9]|\d\d) of 1000/)).toHaveCount(4, { timeout: 120_000 });

  await draw.pad.scrollIntoViewIfNeeded();
  await draw.drawByMouse(three);
  for (const name of names) {
    await expect(
      draw.answers.getByRole('listitem', { name: new RegExp(`^${name}.*: \\d, \\d`) }),
    ).toBeVisible();
  }
  // The answers follow training: the same drawing is asked about again.
  const before = await draw.answers.innerHTML();
  await expect.poll(() => draw.answers.innerHTML()).not.toBe(before);

  await draw.region.getByText('Smallest ε', { exact: true }).click();
  await draw.region.getByRole('button', { name: 'Find the smallest ε' }).click();
  const bars = draw.region.getByRole('list', { name: 'Smallest ε found' }).getByRole('listitem');
  await expect(bars).toHaveCount(4);
  await expect(bars.filter({ hasText: /0\.\d{3} \(|none found/ })).toHaveCount(4, {
    timeout: 120_000,
  });
  await expect(draw.region.getByRole('button', { name: 'Find the smallest ε' })).toBeVisible();
  for (const text of await bars.allInnerTexts()) expect(text).not.toContain('Not searched');

  await lab.button('Pause').click();
  await expect(page.getByText(/^Paused · Epoch/)).toHaveCount(4);
  await expect(draw.region).not.toContainText('NaN');
});
