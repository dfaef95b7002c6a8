/**
 * `npm run trial`: tries to lose or falsify something: damaged links, hostile files, false alarms of label leaking,
 * reloads and killed browsers in the middle of a training, and a browser full of saved experiments. Prints a line of
 * figures for each, and fails where anything was lost, wrong or slow. `-- --seed N` repeats one trial, `-- --only links`
 * runs one part, and `-- --reuse` takes the site that is built already.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { serveFolder } from '../staticServer.ts';
import { makeChance } from './chance.ts';
import { tryLabelLeaking } from './labelLeaking.ts';
import { tryFiles } from './files.ts';
import { tryInterruptions } from './interruptions.ts';
import { tryLinks } from './links.ts';
import { tryManySaved } from './manySaved.ts';

const root = path.join(import.meta.dirname, '..', '..');
const mostPrinted = 10;

interface Trial {
  /** What went wrong, one sentence each. */
  readonly faults: readonly string[];
  readonly figures: string;
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    only: { type: 'string' },
    reuse: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  const chance = makeChance(seed);
  const trials: Record<string, (url: string) => Trial | Promise<Trial>> = {
    links: () => tryLinks(chance, 40_000),
    files: () => tryFiles(chance),
    leaking: () => tryLabelLeaking(20, 3),
    interruptions: (url) => tryInterruptions(url, chance, 20, 10),
    saved: (url) => tryManySaved(url, 112),
  };
  const names = Object.keys(trials);
  if (values.only !== undefined && !names.includes(values.only)) {
    console.error(`--only expects one of ${names.join(', ')}; found ${values.only}.`);
    return 2;
  }
  console.log(`Trial with seed ${seed}`);
  const dist = path.join(root, 'dist');
  const needsSite =
    values.only === undefined || !['links', 'files', 'leaking'].includes(values.only);
  if (needsSite && !(values.reuse && existsSync(dist))) await build({ root, logLevel: 'warn' });
  const server = await serveFolder(dist);
  let failed = false;
  try {
    for (const [name, run] of Object.entries(trials)) {
      if (values.only !== undefined && values.only !== name) continue;
      const start = performance.now();
      const { faults, figures } = await run(server.url);
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      failed ||= faults.length > 0;
      console.log(`${faults.length > 0 ? 'FAILED' : 'passed'}  ${name} (${seconds} s): ${figures}`);
      for (const fault of faults.slice(0, mostPrinted)) console.log(`  ${fault.slice(0, 500)}`);
      if (faults.length > mostPrinted) console.log(`  … and ${faults.length - mostPrinted} more`);
    }
  } finally {
    await server.close();
  }
  return failed ? 1 : 0;
}

process.exitCode = await main();
