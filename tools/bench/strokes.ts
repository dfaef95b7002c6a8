import type { Page } from 'playwright';
import { median, quantile } from './statistics.ts';

declare global {
  interface Window {
    /** Time of the last movement of the pen, and the delay of each until the bars changed, in ms. */
    strokes: { movedAt: number | null; delays: number[] };
  }
}

/** A spiral on the pad: every point gives the networks a different image. */
const points = Array.from({ length: 60 }, (_, i) => {
  const angle = i / 5;
  const radius = 0.05 + 0.3 * (i / 60);
  return { x: 0.5 + radius * Math.cos(angle), y: 0.5 + radius * Math.sin(angle) };
});
const patienceMs = 1000;
/** Wait between movements, long enough that a prediction cannot belong to an earlier movement. */
const restMs = 150;

/**
 * Measures the delay between a movement of the pen and the change of the bars of all networks: from the browser's time
 * of the input to the frame after the page has changed. Movements are made one at a time; a movement that changes no
 * bar by a tenth of a percent does not count.
 *
 * @param page the page with the drawing pad, its networks loaded
 */
export async function measureStrokes(page: Page): Promise<string> {
  const pad = page.getByRole('application', { name: 'Drawing pad' });
  await pad.scrollIntoViewIfNeeded();
  await page.evaluate(() => {
    window.strokes = { movedAt: null, delays: [] };
    const { strokes } = window;
    addEventListener('pointermove', ({ timeStamp }) => (strokes.movedAt = timeStamp), true);
    const observer = new MutationObserver(() => {
      const { movedAt } = strokes;
      if (movedAt === null) return;
      strokes.movedAt = null;
      requestAnimationFrame(() => strokes.delays.push(performance.now() - movedAt));
    });
    for (const bars of document.querySelectorAll('ol[aria-label^="Probabilities of"]')) {
      observer.observe(bars, { subtree: true, attributes: true, attributeFilter: ['style'] });
    }
  });
  const box = (await pad.boundingBox())!;
  const at = ({ x, y }: { x: number; y: number }) =>
    [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(points[0]!));
  await page.mouse.down();
  for (const point of points) {
    await page.waitForTimeout(restMs);
    const before = await page.evaluate(() => window.strokes.delays.length);
    await page.mouse.move(...at(point));
    await page
      .waitForFunction((count) => window.strokes.delays.length > count, before, {
        timeout: patienceMs,
      })
      .catch(() => undefined); // no bar changed
  }
  await page.mouse.up();
  const delays = await page.evaluate(() => window.strokes.delays);
  if (delays.length < points.length / 2) {
    throw new Error(`Only ${delays.length} of ${points.length} movements changed a bar.`);
  }
  const [first] = delays;
  const inMs = (value: number): string => `${value.toFixed(0)} ms`;
  return (
    `${inMs(median(delays))} (median of ${delays.length}), 95 % within ${inMs(quantile(delays, 0.95))}, ` +
    `the longest ${inMs(Math.max(...delays))}, the first ${inMs(first!)}`
  );
}
