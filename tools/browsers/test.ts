/**
 * Runs the page's stories in Firefox and in WebKit, and the engine's tests in Chromium on Mesa, too:
 * `npm run test:browsers`. Names of browsers as arguments run these alone; other words, the stories whose names contain
 * them. The status is 0 if all passed, 1 if a story failed twice, and 77 if none did but a browser cannot be installed.
 */
import { buildAll, folders } from './build.ts';
import { startChromium } from './chromium.ts';
import { startFirefox } from './firefox.ts';
import { type BrowserName, findPrograms } from './install.ts';
import { LabTab } from './labTab.ts';
import { startScreen } from './processes.ts';
import { serveSite } from './server.ts';
import { stories, type Story } from './stories.ts';
import { startWebKit } from './webkit.ts';
import type { Browser } from './webDriver.ts';

/** A story, and all of them together, may take no longer, however busy the machine is. */
const [storyMs, totalMs] = [
  600_000,
  Number(process.env.LAB_BROWSERS_SECONDS ?? 3600) * 1000,
] as const;
/** What test runners say when they skip. */
const skippedStatus = 77;

type Start = (program: string, display: string) => Promise<Browser>;
const starters: Readonly<Record<BrowserName, Start>> = {
  chromium: (_, display) => startChromium(display),
  firefox: startFirefox,
  webkit: startWebKit,
};
const browserNames = Object.keys(starters) as BrowserName[];

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a story on an origin of its own. @throws Error if it fails, or if anything was logged */
async function runStory(story: Story, browser: Browser): Promise<void> {
  const headers = story.isBareHost ? {} : undefined;
  const site = await serveSite(folders[story.site ?? 'site'], !story.isPlainHost, headers);
  const lab = new LabTab(browser);
  try {
    await browser.send('setWindowRect', { x: 0, y: 0, width: 1280, height: 1000 });
    await browser.takeProblems();
    await within(
      storyMs,
      story.run(lab, site.url, () => site.close()),
    );
    const problems = [...site.takeProblems(), ...(await browser.takeProblems())];
    if (problems.length > 0) throw new Error(`The browser reports:\n${problems.join('\n')}`);
  } finally {
    // The page goes before its server.
    await within(30_000, lab.open('about:blank')).catch(() => undefined);
    await site.close();
  }
}

/** Runs stories in a browser, each once more if it fails, in a new window. @returns whether all passed */
async function testBrowser(
  start: () => Promise<Browser>,
  wanted: readonly Story[],
): Promise<boolean> {
  let browser = await start();
  let isGreen = true;
  try {
    console.log(browser.name);
    for (const story of wanted) {
      for (const isLast of [false, true]) {
        const startMs = performance.now();
        const problem = await runStory(story, browser).then(
          () => null,
          (error: unknown) => String(error),
        );
        const seconds = secondsSince(startMs, 1).padStart(5);
        const verdict = problem !== null ? 'FAILED' : isLast ? 'flaky ' : 'passed';
        console.log(
          `${verdict} ${seconds} s  ${story.name}${problem === null ? '' : `\n${problem}`}`,
        );
        if (problem === null) break;
        if (isLast) isGreen = false;
        // It may hang.
        await browser.close();
        browser = await start();
      }
    }
  } finally {
    await browser.close();
  }
  return isGreen;
}

function secondsSince(startMs: number, digits: number): string {
  return ((performance.now() - startMs) / 1000).toFixed(digits);
}

async function main(words: readonly string[]): Promise<number> {
  const named = browserNames.filter((name) => words.includes(name));
  const others = words.filter((word) => !browserNames.includes(word as BrowserName));
  const parts = others.filter((word) => word !== '--no-build');
  const wanted = stories.filter(({ name }) => parts.every((part) => name.includes(part)));
  // The end-to-end tests have the page itself in Chromium.
  const storiesOf = (name: BrowserName): readonly Story[] =>
    name === 'chromium' ? wanted.filter(({ site }) => site === 'engine') : wanted;
  const asked = (named.length > 0 ? named : browserNames).filter(
    (name) => storiesOf(name).length > 0,
  );
  if (asked.length === 0) throw new Error('There is no such story.');
  const { programs, missing } = findPrograms(asked);
  if (programs.size > 0 && !words.includes('--no-build')) await buildAll();
  setTimeout(() => {
    console.error(`FAILED: not done within ${totalMs / 1000} s.`);
    process.exit(1); // which ends the browsers
  }, totalMs).unref();
  const startMs = performance.now();
  let isGreen = true;
  if (programs.size > 0) {
    const screen = await startScreen();
    try {
      for (const [name, program] of programs) {
        const start = () => starters[name](program, screen.display);
        isGreen = (await testBrowser(start, storiesOf(name))) && isGreen;
      }
    } finally {
      await screen.close();
    }
  }
  if (!isGreen) console.log('FAILED');
  else if (programs.size > 0) console.log(`passed  all stories, in ${secondsSince(startMs, 0)} s`);
  if (missing !== null) console.log(missing);
  return !isGreen ? 1 : missing !== null ? skippedStatus : 0;
}

try {
  // Without waiting for what a story that timed out still does.
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
