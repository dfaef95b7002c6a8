/**
 * `npm run lighthouse`: Lighthouse's scores of the built site (dist/) in the tests' Chromium, as a desktop computer and as
 * a phone, in medians over three runs. The site is served gzipped, as most hosts do.
 *
 * `-- --check` exits with 1 if a goal is missed, `--only desktop` (or mobile) measures one device, `--runs 5` more often,
 * and `--save FOLDER` writes Lighthouse's own reports.
 */
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { serveFolder } from '../staticServer.ts';
import { deviceNames, findMissedGoals, formatTable } from './lighthouseFigures.ts';
import { runLighthouse } from './lighthouseVisits.ts';

const dist = path.join(import.meta.dirname, '..', '..', 'dist');

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    only: { type: 'string' },
    runs: { type: 'string', default: '3' },
    save: { type: 'string' },
  },
});

if (!existsSync(dist)) throw new Error('There is no dist/. Run `npm run build` first.');
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number above 0.');
const devices = deviceNames.filter((device) => (values.only ?? device) === device);
if (devices.length === 0) throw new Error(`--only takes ${deviceNames.join(' or ')}.`);

const server = await serveFolder(dist, '/', { isCompressed: true });
const { medians, faults } = await runLighthouse(server.url, devices, runs, values.save);
await server.close();

console.log(`Medians of ${runs}; load of the machine at the end: ${loadavg()[0]!.toFixed(1)}`);
console.log(formatTable(medians));
for (const fault of faults) console.log(`Found: ${fault}`);
const missed = [...medians].flatMap(([device, figures]) => findMissedGoals(device, figures));
for (const goal of missed) console.log(`Missed: ${goal}`);
if (values.check && missed.length > 0) process.exitCode = 1;
