import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

// What the page's HTML shows before any of its scripts has run.

/** Holds the page's scripts back. @returns a function that lets them go */
async function holdScripts(page: Page): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/assets/*.js', async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

interface HeroFacts {
  text: string;
  /** Where the headline and the pictures are. */
  boxes: number[][];
  /** The pixels of each digit's picture: red, green, blue and opacity, from 0 to 255. */
  pixels: number[][];
}

async function readHero(hero: Locator): Promise<HeroFacts> {
  return {
    text: await hero.innerText(),
    pixels: await hero.locator('[role=img]:is(canvas, img)').evaluateAll((all) =>
      all.map((one) => {
        const context = new OffscreenCanvas(28, 28).getContext('2d')!;
        context.drawImage(one as HTMLCanvasElement | HTMLImageElement, 0, 0);
        return [...context.getImageData(0, 0, 28, 28).data];
      }),
    ),
    boxes: await hero.locator('h2, canvas, img').evaluateAll((all) =>
      all.map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return [x, y, width, height].map(Math.round);
      }),
    ),
  };
}

for (const [width, height, colorScheme] of [
  [1440, 900, 'light'],
  [360, 740, 'dark'],
] as const) {
  test(`the first screen is there before the scripts, and stays as it is, at ${width} × ${height}`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const release = await holdScripts(page);
    await page.goto('/', { waitUntil: 'commit' });
    const picture = page.locator('.first-screen');
    await expect(picture).toBeVisible();
    await page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].every(
        ({ sheet }) => sheet !== null,
      ),
    );
    await page.evaluate(() => document.fonts.ready);
    const before = await readHero(picture.locator('section').first());
    expect(before.text).toMatch(/All three networks read this 4/);
    expect(before.pixels).toHaveLength(16);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    // It can be neither clicked nor focused.
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);

    release();
    await expect(page.getByTestId('network-card')).toHaveCount(3);
    await expect(picture).toHaveCount(0);
    expect(await readHero(page.locator('main section').first())).toEqual(before);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      background,
    );
  });
}

test('a link and a saved drawing do not begin with another screen', async ({ page }) => {
  await holdScripts(page);
  await page.goto('/#v=1&place=paper', { waitUntil: 'commit' });
  await expect(page.getByText('Loading the lab')).toBeVisible();
  await expect(page.locator('.first-screen')).toBeHidden();

  await page.evaluate(() => localStorage.setItem('drawing', 'any'));
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.getByText('Loading the lab')).toBeVisible();
  await expect(page.locator('.first-screen')).toBeHidden();
});
