import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig, generateReport } from 'lighthouse';
import { browserLaunchOptions, findBrowser } from '../browser.ts';
import {
  type Device,
  type Figures,
  listFaults,
  medianFigures,
  readFigures,
} from './lighthouseFigures.ts';

/** One visit with an empty cache, in a browser of its own. */
async function visit(url: string, device: Device) {
  const executable = findBrowser();
  const browser = await launch({
    ...(executable === undefined ? {} : { chromePath: executable }),
    chromeFlags: ['--headless=new', ...browserLaunchOptions().args!],
  });
  try {
    const result = await lighthouse(
      url,
      { port: browser.port, logLevel: 'error' },
      device === 'desktop' ? desktopConfig : undefined,
    );
    if (result === undefined) throw new Error('Lighthouse returned nothing.');
    const { runtimeError } = result.lhr;
    if (runtimeError !== undefined) throw new Error(runtimeError.message);
    return result.lhr;
  } finally {
    browser.kill();
  }
}

/**
 * Visits a site on each device.
 *
 * @param save folder for Lighthouse's own reports
 * @returns medians by device, and what Lighthouse found wrong
 */
export async function runLighthouse(
  url: string,
  devices: readonly Device[],
  runs: number,
  save?: string,
): Promise<{ medians: Map<Device, Figures>; faults: Set<string> }> {
  const medians = new Map<Device, Figures>();
  const faults = new Set<string>();
  for (const device of devices) {
    const figures: Figures[] = [];
    for (let run = 1; run <= runs; run++) {
      const result = await visit(url, device);
      figures.push(readFigures(result));
      for (const fault of listFaults(result)) faults.add(fault);
      if (save !== undefined) {
        mkdirSync(save, { recursive: true });
        const file = path.join(save, `${device}-${run}`);
        writeFileSync(`${file}.html`, generateReport(result, 'html'));
        writeFileSync(`${file}.json`, generateReport(result, 'json'));
      }
    }
    medians.set(device, medianFigures(figures));
  }
  return { medians, faults };
}
