/**
 * `npm run bench`: times a training step of our engines and of other libraries, side by side. `--help` lists the
 * options.
 */
import { loadavg } from 'node:os';
import type { Page } from 'playwright';
import { withBenchPage } from './benchPage.ts';
import { type Entry, hasThreads, labelOf } from './contenders.ts';
import { Meter, type StartedEntry } from './measure.ts';
import { type BenchOptions, help, OptionError, parseOptions } from './options.ts';
import { describeMachine, formatSetting, type SettingResult } from './report.ts';

/** The entries to measure. Our engine on one thread comes first, because the others are compared with it. */
function entriesOf({ only, threads }: BenchOptions): Entry[] {
  const counts = threads === 1 ? [1] : [1, threads];
  return only.flatMap((name): Entry[] =>
    hasThreads(name)
      ? counts.map((count) => ({ name, threads: count }))
      : [{ name, threads: null }],
  );
}

async function startEntries(page: Page, entries: readonly Entry[]): Promise<StartedEntry[]> {
  const started: StartedEntry[] = [];
  for (const entry of entries) {
    const { contender, device } = await page.evaluate(
      ([name, threads]) => window.bench.start(name, threads),
      [entry.name, entry.threads ?? 1] as const,
    );
    console.error(`${labelOf(entry)}: ${device}`);
    started.push({ ...entry, contender, device });
  }
  return started;
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) {
    console.log(help);
    return 0;
  }
  console.error('Building the page …');
  await withBenchPage(async (page, browserVersion) => {
    const machine = { ...describeMachine(), browser: `Chromium ${browserVersion}` };
    const entries = await startEntries(page, entriesOf(options));
    const meter = new Meter(page, entries, options.optimizer, options.rounds);
    const settings: SettingResult[] = [];
    if (!options.json) console.log(Object.values(machine).join('\n'));
    for (const hiddenLayers of options.networks) {
      for (const batchSize of options.batchSizes) {
        const setting = { hiddenLayers, batchSize };
        const measurements = await meter.measure(setting, options.methods);
        const result: SettingResult = { ...setting, measurements, load: loadavg()[0]! };
        settings.push(result);
        if (!options.json) console.log(`\n${formatSetting(result)}`);
      }
    }
    if (options.json) {
      const contenders = entries.map(({ name, threads, device }) => ({ name, threads, device }));
      const { optimizer, rounds } = options;
      console.log(JSON.stringify({ machine, optimizer, rounds, contenders, settings }));
    }
  });
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
