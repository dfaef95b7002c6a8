/**
 * `npm run bench`: times a training step of our engines and of other libraries, side by side. `--help` lists the
 * options.
 */
import { cpus, loadavg, totalmem } from 'node:os';
import { UsageError } from '../train/options/usageError.ts';
import { withBenchPage } from './benchPage.ts';
import { type Entry, labelOf } from './contenders.ts';
import { measureSetting, type SettingResult, type StartedEntry } from './measure.ts';
import { type BenchOptions, help, parseOptions } from './options.ts';
import { formatSetting } from './report.ts';

/** The entries to measure. Our engine on one thread comes first, because the others are compared with it. */
function entriesOf({ only, threads }: BenchOptions): Entry[] {
  const counts = threads === 1 ? [1] : [1, threads];
  return only.flatMap((name): Entry[] =>
    name === 'webgl'
      ? [{ name, threads: null }]
      : counts.map((count) => ({ name, threads: count })),
  );
}

async function runBench(options: BenchOptions): Promise<void> {
  console.error('Building the page …');
  await withBenchPage(async (page, browserVersion) => {
    const processors = cpus();
    const memory = Math.round(totalmem() / 2 ** 30);
    const machine = {
      processor: `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${memory} GiB`,
      node: `Node ${process.version}`,
      browser: `Chromium ${browserVersion}`,
    };
    const contenders: StartedEntry[] = [];
    for (const { name, threads } of entriesOf(options)) {
      const device = await page.evaluate((args) => window.bench.start(...args), [
        name,
        threads ?? 1,
      ] as const);
      console.error(`${labelOf({ name, threads })}: ${device}`);
      contenders.push({ name, threads, device });
    }
    if (!options.json) console.log(Object.values(machine).join('\n'));
    const settings: SettingResult[] = [];
    for (const hiddenLayers of options.networks) {
      for (const batchSize of options.batchSizes) {
        const setting = { hiddenLayers, batchSize };
        const measurements = await measureSetting(page, contenders, setting, options);
        const result = { ...setting, measurements, load: loadavg()[0]! };
        settings.push(result);
        if (!options.json) console.log(`\n${formatSetting(result)}`);
      }
    }
    const { rounds } = options;
    const all = { machine, optimizer: 'rmsprop', rounds, contenders, settings };
    if (options.json) console.log(JSON.stringify(all));
  });
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) console.log(help);
  else await runBench(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
