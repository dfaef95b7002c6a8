/**
 * Runs every check and prints how long each part took: `npm test`, and with `--full` the parts that the fast
 * command leaves out (`npm run test:full`): axe with every rule in every color scheme and width.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** npm scripts that use one core each: as many at a time as there are cores. */
const sideBySide = ['lint', 'browser', 'types', 'build', 'build:small', 'format:check'];
/** npm scripts that use all cores themselves. */
const oneByOne = ['test:unit', 'test:browser', 'test:e2e'];

const isFull = process.argv.includes('--full');
const env = { ...process.env, ...(isFull ? { TEST_FULL: '1' } : {}) };

interface Result {
  readonly name: string;
  readonly seconds: number;
  readonly passed: boolean;
}

/** @param isShown whether its output is printed as it comes, or all of it at the end */
function runScript(name: string, isShown: boolean): Promise<Result> {
  const start = performance.now();
  const npm = spawn('npm', ['run', '--silent', name], {
    env,
    shell: process.platform === 'win32',
    stdio: isShown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  npm.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  npm.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    npm.on('error', reject);
    npm.on('close', (code) => {
      const result = { name, seconds: (performance.now() - start) / 1000, passed: code === 0 };
      console.log(`${output}${describe(result)}\n`);
      resolve(result);
    });
  });
}

function describe({ name, seconds, passed }: Result): string {
  return `${passed ? 'passed' : 'FAILED'}  ${name.padEnd(14)} ${seconds.toFixed(0).padStart(5)} s`;
}

/** Takes names from the front of the list until it is empty. */
async function runFrom(waiting: string[], results: Result[]): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    results.push(await runScript(name, false));
  }
}

async function main(): Promise<number> {
  const start = performance.now();
  const results: Result[] = [];
  const waiting = [...sideBySide];
  await Promise.all(
    Array.from({ length: availableParallelism() }, () => runFrom(waiting, results)),
  );
  for (const name of oneByOne) {
    if (results.every(({ passed }) => passed)) results.push(await runScript(name, true));
  }
  const failed = results.filter(({ passed }) => !passed);
  const seconds = (performance.now() - start) / 1000;
  console.log(results.map(describe).join('\n'));
  console.log(describe({ name: 'all', seconds, passed: failed.length === 0 }));
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
