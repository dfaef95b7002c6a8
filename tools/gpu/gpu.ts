/**
 * `npm run gpu`: builds what measures the engine on another machine, which needs no Node and no network. `--help` says
 * how.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildPage } from '../bench/benchPage.ts';
import { buildAll, folders } from '../browsers/build.ts';
import { copyObserved } from '../browsers/observer.ts';
import { UsageError } from '../train/options/usageError.ts';
import { type GpuOptions, help, parseOptions } from './options.ts';
import { browserPackages, findClosure } from './packages.ts';
import { siteReport } from './siteReport.ts';

const root = path.join(import.meta.dirname, '..', '..');
const target = path.join(root, '.gpu');
/** Size of a piece of the browser, for machines to which little can be copied at once. */
const pieceMiB = 40;

function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${error?.message ?? stderr}`);
  return stdout;
}

async function packPages({ bench }: GpuOptions): Promise<void> {
  await buildAll();
  for (const name of ['engine', 'bench', 'site']) {
    rmSync(path.join(target, name), { recursive: true, force: true });
  }
  cpSync(folders.engine, path.join(target, 'engine'), { recursive: true });
  const benchFolder = path.join(target, 'bench');
  cpSync(await buildPage('page'), benchFolder, { recursive: true });
  // The bench trains on the test images.
  const data = path.join(benchFolder, 'data', 'mnist');
  for (const name of readdirSync(data)) {
    if (name.startsWith('train')) rmSync(path.join(data, name));
  }
  copyObserved(path.join(root, 'dist-small'), path.join(target, 'site'), siteReport);
  writeFileSync(path.join(target, 'options.json'), JSON.stringify(bench, null, 2));
  copyFileSync(path.join(import.meta.dirname, 'measure.py'), path.join(target, 'measure.py'));
}

/** Downloads the browser with the libraries that a bare machine lacks, as a tar file in pieces. */
function packBrowser(): void {
  for (const name of readdirSync(target)) {
    if (name.startsWith('browser.tar.')) rmSync(path.join(target, name));
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'gpu-browser-'));
  try {
    const depends = (names: readonly string[]) =>
      run('apt-cache', ['depends', '--important', ...names], folder);
    run('apt-get', ['download', ...findClosure(browserPackages, depends)], folder);
    run('tar', ['-cf', 'all.tar', ...readdirSync(folder)], folder);
    const prefix = path.join(target, 'browser.tar.');
    run('split', ['-b', `${pieceMiB}M`, '-d', 'all.tar', prefix], folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) console.log(help);
  else {
    mkdirSync(target, { recursive: true });
    console.log('Building the pages …');
    await packPages(options);
    if (options.withChromium) packBrowser();
    console.log('Ready: copy the folder .gpu, and run `python3 .gpu/measure.py` there.');
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
