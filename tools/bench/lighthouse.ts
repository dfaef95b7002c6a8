/**
 * `npm run lighthouse`: Lighthouse's scores of the built site (dist/) in the tests' Chromium, as a desktop computer and as
 * a phone, in medians over three runs. The site is served gzipped, as most hosts do.
 *
 * `-- --check` exits with 1 if a goal is missed, `--only desktop` (or mobile) measures one device, `--runs 5` more often,
 * and `--save FOLDER` writes Lighthouse's own reports.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig, generateReport } from 'lighthouse';
import { browserLaunchOptions, findBrowser } from '../browser.ts';
import { serveFolder } from '../staticServer.ts';
import {
  deviceNames,
  type Device,
  findMissedGoals,
  type Figures,
  formatTable,
  listFaults,
  medianFigures,
  readFigures,
} from './lighthouseFigures.ts';

const dist = path.join(import.meta.dirname, '..', '..', 'dist');

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
    save: { type: 'string' },
  },
});

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

if (!existsSync(dist)) throw new Error('There is no dist/. Run `npm run build` first.');
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number above 0.');
const devices = deviceNames.filter((device) => (values.only ?? device) === device);
if (devices.length === 0) throw new Error(`--only takes ${deviceNames.join(' or ')}.`);

const server = await serveFolder(dist, '/', { isCompressed: true });
const medians = new Map<Device, Figures>();
const faults = new Set<string>();
try {
  for (const device of devices) {
    const figures: Figures[] = [];
    for (let run = 1; run <= runs; run++) {
      const result = await visit(server.url, device);
      figures.push(readFigures(result));
      for (const fault of listFaults(result)) faults.add(fault);
      if (values.save !== undefined) {
        mkdirSync(values.save, { recursive: true });
        const file = path.join(values.save, `${device}-${run}`);
        writeFileSync(`${file}.html`, generateReport(result, 'html'));
        writeFileSync(`${file}.json`, generateReport(result, 'json'));
      }
    }
    medians.set(device, medianFigures(figures));
  }
} finally {
  await server.close();
}

console.log(`Medians of ${runs}; load of the machine at the end: ${loadavg()[0]!.toFixed(1)}`);
console.log(formatTable(medians));
for (const fault of faults) console.log(`Found: ${fault}`);
const missed = [...medians].flatMap(([device, figures]) => findMissedGoals(device, figures));
for (const goal of missed) console.log(`Missed: ${goal}`);
if (values.check && missed.length > 0) process.exitCode = 1;
