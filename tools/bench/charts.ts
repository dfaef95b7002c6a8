import type { Browser, CDPSession, Page } from 'playwright';
import { withBuiltPage } from './benchPage.ts';
import { describeRecording, recordMainThread, takeRecording } from './mainThreadRecorder.ts';

const recordingMs = 10_000;

/**
 * What drawing costs the main thread while three charts of four runs with 500 points each are drawn four times
 * a second, and while a pointer moves over one of them.
 */
export function measureCharts(browser: Browser): Promise<string[]> {
  return withBuiltPage('chartsPage', async (url) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await recordMainThread(page);
    await page.goto(url);
    await page.locator('svg.recharts-surface').nth(2).waitFor();
    await page.waitForTimeout(2000);
    const session = await page.context().newCDPSession(page);
    // Time of the processor, so that other work of the machine does not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const drawing = await describeLoad(page, session, () => page.waitForTimeout(recordingMs));
    const pointing = await describeLoad(page, session, () => movePointer(page));
    await page.close();
    return [`Three charts of four runs, drawn: ${drawing}`, `and pointed at: ${pointing}`];
  });
}

async function movePointer(page: Page): Promise<void> {
  const box = await page.getByRole('slider').first().boundingBox();
  if (box === null) throw new Error('The charts have no slider to point at.');
  for (let x = 60; x < box.width; x += 3) {
    await page.mouse.move(box.x + x, box.y + 100);
    await page.waitForTimeout(16);
  }
}

async function describeLoad(
  page: Page,
  session: CDPSession,
  act: () => Promise<unknown>,
): Promise<string> {
  const readBusySeconds = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  await takeRecording(page);
  const [busy, start] = [await readBusySeconds(), performance.now()];
  await act();
  const seconds = (performance.now() - start) / 1000;
  const share = (100 * ((await readBusySeconds()) - busy)) / seconds;
  const recording = describeRecording(await takeRecording(page));
  return `the main thread uses a processor for ${share.toFixed(1)} % of the time; ${recording}`;
}
