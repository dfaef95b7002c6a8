/**
 * Finds the Chromium for the tests. The command `npm run browser` installs one if none works.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type LaunchOptions } from 'playwright';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Remembers the browser that last worked with the command, so that tests start the same one. */
const rememberedFile = path.join(root, 'node_modules', '.cache', 'lab-browser.txt');

const namesOnPath = [
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'chromium',
  'chromium-browser',
];

function usualLocations(): string[] {
  if (process.platform === 'darwin') {
    return [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ];
  }
  if (process.platform === 'win32') {
    const { PROGRAMFILES, LOCALAPPDATA, 'PROGRAMFILES(X86)': programFiles32 } = process.env;
    return [PROGRAMFILES, programFiles32, LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        path.join(folder, 'Chromium', 'Application', 'chrome.exe'),
        path.join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ]);
  }
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => namesOnPath.map((name) => path.join(folder, name)));
}

/** The browser named by the environment, if any. It is used or fails; it is never replaced by another one. */
function namedBrowser(): string | undefined {
  return [process.env.CHROME_PATH, process.env.CHROMIUM_PATH].find((file) => file);
}

/** Executables that exist, best first: the system's, then Playwright's own download. */
function candidates(): string[] {
  const named = namedBrowser();
  if (named !== undefined) return [named];
  return [...usualLocations(), chromium.executablePath()].filter((file) => existsSync(file));
}

/** The Chromium to use, if there is one. Only checks files, and starts nothing. */
export function findBrowser(): string | undefined {
  if (namedBrowser() === undefined && existsSync(rememberedFile)) {
    const remembered = readFileSync(rememberedFile, 'utf8').trim();
    if (existsSync(remembered)) return remembered;
  }
  return candidates()[0];
}

/** How tests start Chromium: headless, with WebGL rendered in software so that it works anywhere. */
export function browserLaunchOptions(executablePath = findBrowser()): LaunchOptions {
  return {
    headless: true,
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      // Only WebGL goes through the software renderer; the page itself is painted faster without it.
      '--use-angle=swiftshader-webgl',
      '--enable-unsafe-swiftshader',
      // Chromium refuses to run as root inside its sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  };
}

/** Starts a browser and opens an empty page. Returns its version, or why it does not work. */
async function tryBrowser(
  executablePath: string,
): Promise<{ version: string } | { failure: string }> {
  try {
    const browser = await chromium.launch({
      ...browserLaunchOptions(executablePath),
      timeout: 60_000,
    });
    try {
      await (await browser.newPage()).goto('about:blank');
      return { version: browser.version() };
    } finally {
      await browser.close();
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { failure: message.split('\n').slice(0, 2).join(' ') };
  }
}

/** Remembers the first candidate that starts for the tests, and prints why others do not. @returns whether one did */
async function useWorkingBrowser(): Promise<boolean> {
  for (const executablePath of candidates()) {
    const result = await tryBrowser(executablePath);
    if ('version' in result) {
      mkdirSync(path.dirname(rememberedFile), { recursive: true });
      writeFileSync(rememberedFile, `${executablePath}\n`);
      console.log(`Browser: Chromium ${result.version} at ${executablePath}`);
      return true;
    }
    console.error(`${executablePath} does not start: ${result.failure}`);
  }
  return false;
}

function runCommand(command: readonly string[], timeoutMs: number): boolean {
  const [program, ...args] = command;
  console.log(`Running: ${command.join(' ')}`);
  const { status } = spawnSync(program!, args, { stdio: 'inherit', timeout: timeoutMs, cwd: root });
  return status === 0;
}

/** Commands by which a Linux distribution installs packages; the first program that exists is used. */
const packageManagers: Record<string, readonly (readonly string[])[]> = {
  'apt-get': [
    ['apt-get', 'update'],
    ['apt-get', 'install', '--yes', '--no-install-recommends'],
  ],
  dnf: [['dnf', 'install', '--assumeyes']],
  apk: [['apk', 'add']],
  pacman: [['pacman', '--sync', '--refresh', '--noconfirm']],
};

export function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, program)));
}

/** Installs packages if this user may, with or without a password-free sudo. */
export function installDistributionPackages(
  packages: Readonly<Record<string, readonly string[]>>,
): void {
  const manager = Object.keys(packageManagers).find(isInstalled);
  if (process.platform !== 'linux' || manager === undefined || !packages[manager]) return;
  const isRoot = process.getuid?.() === 0;
  const maySudo =
    !isRoot && isInstalled('sudo') && spawnSync('sudo', ['--non-interactive', 'true']).status === 0;
  if (!isRoot && !maySudo) return;
  for (const words of packageManagers[manager]!) {
    const command = words.includes('update') ? words : [...words, ...packages[manager]];
    // After a failed `update`, an older package list may still work.
    runCommand(maySudo ? ['sudo', '--non-interactive', ...command] : command, 240_000);
  }
}

async function main(): Promise<number> {
  if (await useWorkingBrowser()) return 0;
  const named = namedBrowser();
  if (named !== undefined) {
    console.error(
      `CHROME_PATH or CHROMIUM_PATH names ${named}, which does not start. Set it to a Chromium that starts, or unset it.`,
    );
    return 1;
  }
  console.log('No working Chrome or Chromium was found; downloading one with Playwright.');
  // Runs Playwright's command line in this Node, which also works without npx or a shell.
  const commandLine = fileURLToPath(import.meta.resolve('playwright/package.json')).replace(
    /package\.json$/,
    'cli.js',
  );
  runCommand([process.execPath, commandLine, 'install', '--no-shell', 'chromium'], 180_000);
  if (await useWorkingBrowser()) return 0;
  console.log("Playwright's Chromium does not work here; trying the distribution's package.");
  const chromium = ['chromium'];
  installDistributionPackages({
    'apt-get': chromium,
    dnf: chromium,
    apk: chromium,
    pacman: chromium,
  });
  if (await useWorkingBrowser()) return 0;
  console.error(
    'No Chromium could be installed. Install Google Chrome or Chromium (on Debian: `apt-get install chromium`), or set CHROME_PATH to one.',
  );
  return 1;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  process.exitCode = await main();
}
