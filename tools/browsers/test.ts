/**
 * Runs the page's stories in Firefox and in WebKit: `npm run test:browsers`. Names of browsers as arguments run these
 * alone; other words, the stories whose names contain them.
 */
import { buildAll, folders } from './build.ts';
import { startFirefox } from './firefox.ts';
import { findPrograms, type Programs } from './install.ts';
import { LabTab } from './labTab.ts';
import { startScreen } from './processes.ts';
import { serveSite, type Site } from './server.ts';
import { stories, type Story } from './stories.ts';
import { startWebKit } from './webkit.ts';
import type { Browser } from './webDriver.ts';

/** A story, and all of them together, may take no longer. */
const [storyMs, totalMs] = [120_000, Number(process.env.LAB_BROWSERS_SECONDS ?? 360) * 1000];

type Start = (programs: Programs, display: string) => Promise<Browser>;
const starters: Readonly<Record<string, Start>> = {
  firefox: ({ firefox }, display) => startFirefox(firefox, display),
  webkit: ({ miniBrowser }, display) => startWebKit(miniBrowser, display),
};

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
async function tell(story: Story, browser: Browser): Promise<void> {
  const site: Site = await serveSite(folders[story.site ?? 'site'], !story.isPlainHost);
  const lab = new LabTab(browser);
  try {
    await browser.send('setWindowRect', { x: 0, y: 0, width: 1280, height: 1000 });
    await browser.takeProblems();
    await within(storyMs, story.run(lab, site.url));
    const problems = [...site.takeProblems(), ...(await browser.takeProblems())];
    if (problems.length > 0) throw new Error(`The browser reports:\n${problems.join('\n')}`);
  } finally {
    // The page goes before its server.
    await within(10_000, lab.open('about:blank')).catch(() => undefined);
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
        const problem = await tell(story, browser).then(
          () => null,
          (error: unknown) => String(error),
        );
        const seconds = ((performance.now() - startMs) / 1000).toFixed(1).padStart(5);
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

async function main(words: readonly string[]): Promise<number> {
  const programs = findPrograms();
  if (!words.includes('--no-build')) await buildAll();
  const named = words.filter((word) => word in starters);
  const others = words.filter((word) => !(word in starters) && word !== '--no-build');
  const wanted = stories.filter(({ name }) => others.every((word) => name.includes(word)));
  setTimeout(() => {
    console.error(`FAILED: not done within ${totalMs / 1000} s.`);
    process.exit(1); // which ends the browsers
  }, totalMs).unref();
  const startMs = performance.now();
  const screen = await startScreen();
  let isGreen = wanted.length > 0;
  try {
    for (const name of named.length > 0 ? named : Object.keys(starters)) {
      const start = () => starters[name]!(programs, screen.display);
      isGreen = (await testBrowser(start, wanted)) && isGreen;
    }
  } finally {
    await screen.close();
  }
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
  console.log(`${isGreen ? 'passed' : 'FAILED'}  all stories, in ${seconds} s`);
  return isGreen ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
