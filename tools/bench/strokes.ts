import type { Page } from 'playwright';
import { describeSpread } from './mainThreadRecorder.ts';

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
  const { x, y, width, height } = (await pad.boundingBox())!;
  const [start] = points;
  await page.mouse.move(x + start!.x * width, y + start!.y * height);
  await page.mouse.down();
  for (const point of points) {
    await page.waitForTimeout(restMs);
    const before = await page.evaluate(() => window.strokes.delays.length);
    await page.mouse.move(x + point.x * width, y + point.y * height);
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
  return `${delays.length} movements, ${describeSpread(delays)}, ${delays[0]!.toFixed(0)} ms (first)`;
}
