/**
 * `npm run bench`: times a training step of our engines and of other libraries, side by side. `--help` lists the
 * options.
 */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { UsageError } from '../train/options/usageError.ts';
import { withBenchPage } from './benchPage.ts';
import { labelOf } from './contenders.ts';
import type { Finding, SettingResult, StartedEntry } from './measure.ts';
import { type BenchOptions, help, parseOptions } from './options.ts';
import { formatSetting } from './report.ts';

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
    if (!options.json) console.log(Object.values(machine).join('\n'));
    const contenders: StartedEntry[] = [];
    const settings: (SettingResult & { readonly load: number })[] = [];
    await page.exposeFunction('tell', (finding: Finding) => {
      if (finding.kind === 'failed') {
        console.error(finding.problem);
        process.exitCode = 1;
      } else if (finding.kind === 'started') {
        contenders.push(finding.contender);
        console.error(`${labelOf(finding.contender)}: ${finding.contender.device}`);
      } else {
        // The machine's load over the last minute includes the bench's own threads.
        settings.push({ ...finding.result, load: loadavg()[0]! });
        if (!options.json) console.log(`\n${formatSetting(finding.result)}`);
      }
    });
    const threads = options.threads ?? availableParallelism();
    await page.evaluate((all) => window.measureAll(all), { ...options, threads });
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
