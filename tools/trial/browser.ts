import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { browserLaunchOptions } from '../browser.ts';

/** Defines what the functions that run in the page call: tsx compiles them with this helper. */
export async function prepareForFunctions(page: Page): Promise<void> {
  await page.addInitScript('globalThis.__name ??= (value) => value');
}

/** A browser in its own process, with a profile that outlives it: it can be killed and started again. */
export class KillableBrowser {
  readonly #profile: string;
  #process: ChildProcess | null = null;
  #browser: Browser | null = null;

  constructor(profile: string) {
    this.#profile = profile;
  }

  static async create(): Promise<KillableBrowser> {
    return new KillableBrowser(await mkdtemp(path.join(tmpdir(), 'lab-trial-')));
  }

  /** Starts the browser, and opens an address in a new tab. */
  async open(url: string): Promise<Page> {
    const { executablePath = chromium.executablePath(), args = [] } = browserLaunchOptions();
    const portFile = path.join(this.#profile, 'DevToolsActivePort');
    await rm(portFile, { force: true });
    const own = ['--headless=new', '--remote-debugging-port=0', '--no-first-run'];
    const quiet = [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ];
    const profile = `--user-data-dir=${this.#profile}`;
    // A process group of its own, so that its helpers die with it.
    this.#process = spawn(executablePath, [...args, ...own, ...quiet, profile, 'about:blank'], {
      detached: true,
      stdio: 'ignore',
    });
    this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${await readPort(portFile)}`);
    const page = await this.#browser.contexts()[0]!.newPage();
    await prepareForFunctions(page);
    await page.goto(url);
    return page;
  }

  /** Ends it as a crash or a power failure does: nothing can be saved any more. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (running?.pid === undefined) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    process.kill(-running.pid, 'SIGKILL');
    await ended;
    await this.#browser?.close().catch(() => undefined);
    this.#process = null;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function readPort(file: string): Promise<number> {
  for (let tries = 0; tries < 300; tries++) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const port = Number(text.split('\n')[0]);
    if (port > 0) return port;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Chromium did not start within 30 seconds.');
}
