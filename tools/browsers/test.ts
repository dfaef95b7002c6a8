/**
 * Runs the page's stories in Firefox and in WebKit: `npm run test:browsers`. Names of browsers as arguments run these
 * alone; other words, the stories whose names contain them.
 */
import { buildAll, folders } from './build.ts';
import { startFirefox } from './firefox.ts';
import { LabTab } from './labTab.ts';
import { startScreen } from './processes.ts';
import { serveSite, type Site } from './server.ts';
import { stories, type Story } from './stories.ts';
import { startWebKit } from './webkit.ts';
import type { Browser } from './webDriver.ts';

/** A story, and all of them together, may take no longer. */
const [storyMs, totalMs] = [90_000, 6 * 60_000];

const starters: Readonly<Record<string, (display: string) => Promise<Browser>>> = {
  firefox: (display) => startFirefox('firefox-esr', display),
  webkit: (display) => startWebKit('/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', display),
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
    await browser.takeProblems();
    await within(storyMs, story.run(lab, site.url));
    const problems = [...site.takeProblems(), ...(await browser.takeProblems())];
    if (problems.length > 0) throw new Error(`The browser reports:\n${problems.join('\n')}`);
  } finally {
    // Before the server goes, lest its end is a problem of the page.
    await lab.open('about:blank').catch(() => undefined);
    await site.close();
  }
}

async function testBrowser(
  name: string,
  display: string,
  wanted: readonly Story[],
): Promise<boolean> {
  const browser = await starters[name]!(display);
  let isGreen = true;
  try {
    console.log(browser.name);
    await browser.send('setWindowRect', { x: 0, y: 0, width: 1280, height: 1000 });
    for (const story of wanted) {
      const start = performance.now();
      const seconds = () => `${((performance.now() - start) / 1000).toFixed(1).padStart(5)} s`;
      try {
        await tell(story, browser);
        console.log(`passed ${seconds()}  ${story.name}`);
      } catch (error) {
        isGreen = false;
        console.log(`FAILED ${seconds()}  ${story.name}\n${String(error)}`);
      }
    }
  } finally {
    await browser.close();
  }
  return isGreen;
}

const words = process.argv.slice(2);
const named = words.filter((word) => word in starters);
const others = words.filter((word) => !(word in starters) && word !== '--no-build');
if (!words.includes('--no-build')) await buildAll();
const wanted = stories.filter(({ name }) => others.every((word) => name.includes(word)));
setTimeout(() => {
  console.error(`FAILED: not done within ${totalMs / 1000} s.`);
  process.exit(1);
}, totalMs).unref();
const screen = await startScreen();
let isGreen = true;
try {
  for (const name of named.length > 0 ? named : Object.keys(starters)) {
    isGreen = (await testBrowser(name, screen.display, wanted)) && isGreen;
  }
} finally {
  await screen.close();
}
process.exitCode = isGreen ? 0 : 1;
