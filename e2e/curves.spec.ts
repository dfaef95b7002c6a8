import { expect, test } from './fixtures.ts';
import { savePng } from './savedPng.ts';

/** Pixels of the file for each of the page's. */
const resolution = 2;

test('saves the curves as a picture of their size', async ({ lab }) => {
  await lab.open('/#v=1&engine=simd&layers=16&images=640&epochs=3&runs=plain;adversarial');
  await lab.button('Train').click();
  await lab.expectFinished(2);
  const charts = lab.curves.locator('[data-chart] svg.recharts-surface');
  await expect(charts).toHaveCount(2); // the loss is for those who ask
  await lab.showAllCurves();
  await expect(charts).toHaveCount(3);
  const boxes = await charts.evaluateAll((svgs) =>
    svgs.map((svg) => {
      const { left, right, top, bottom } = svg.getBoundingClientRect();
      return { left, right, top, bottom };
    }),
  );
  const [first, second, third] = [boxes[0]!, boxes[1]!, boxes[2]!];
  expect([second.top, third.top]).toEqual([first.top, first.top]); // in one row

  const { name, width, height, colors } = await savePng(
    lab.curves.getByRole('button', { name: 'Save PNG' }),
  );
  expect(name).toBe('curves.png');
  const margins = 2 * 24;
  expect(width).toBe(resolution * Math.ceil(third.right - first.left + margins));
  // Above the charts stand a title, the legend in one line, and each chart's own title.
  expect(height).toBe(resolution * Math.ceil(third.bottom - third.top + 94 + margins));
  // Lines in two colors, text and axes, with soft edges.
  expect(colors).toBeGreaterThan(100);
});
