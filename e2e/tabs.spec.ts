import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import type { LabPage } from './labPage.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

const desktop = { width: 1440, height: 900 };
const maxScreens = 2;

/** The Lab has its own test. */
const places = ['How it works', 'Look inside', 'Robustness', 'Paper', 'Files'] as const;

/** Goes through the places, and through the tabs of each. */
async function goThrough(lab: LabPage, check: (place: string) => Promise<void>): Promise<void> {
  for (const place of places) {
    await lab.goTo(place);
    await expect(lab.page.getByRole('region').first()).toBeVisible();
    const tabs = lab.page.getByRole('main').getByRole('tab');
    const names = await tabs.allInnerTexts();
    if (names.length === 0) await test.step(place, () => check(place));
    for (const name of names) {
      await test.step(`${place}, ${name}`, async () => {
        await tabs.filter({ hasText: name }).click();
        await expect(lab.page.getByRole('tabpanel', { name })).toBeVisible();
        await expectAnswered(lab.page);
        await check(`${place}, ${name}`);
      });
    }
  }
}

/** What the networks were asked is there. */
async function expectAnswered(page: Page): Promise<void> {
  const waiting = page.getByText(
    /^(Reading|Finding|Counting|Measuring|The step appears|The networks’ own numbers)[^]*(…|loaded\.)$/,
  );
  await expect(waiting.filter({ visible: true })).toHaveCount(0, { timeout: 60_000 });
}

test.describe('at 1440 × 900', () => {
  test.use({ viewport: desktop });

  test('no place is taller than two screens, before training and after a quick look', async ({
    lab,
    page,
  }) => {
    test.setTimeout(240_000);
    await lab.open();
    const checkHeight = async (place: string) => {
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      expect(height, place).toBeLessThanOrEqual(maxScreens * desktop.height);
    };
    await goThrough(lab, checkHeight);
    await lab.goTo('Lab');
    await lab.button('Train').click();
    await lab.expectFinished(3);
    await goThrough(lab, checkHeight);
  });

  test('axe finds nothing in any tab', async ({ lab, page }) => {
    test.setTimeout(240_000);
    await lab.open();
    await goThrough(lab, () => expectAccessible(page, 'main'));
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test('every tab fits, and axe finds nothing', async ({ lab, page }) => {
    test.setTimeout(240_000);
    await lab.open();
    await goThrough(lab, async () => {
      await expectAccessible(page, 'main');
      await expectNoSidewaysScroll(page);
    });
  });
});

test('links open tabs in their places, also those that have moved, and a place keeps its tab', async ({
  lab,
  page,
}) => {
  const tab = (name: string) => page.getByRole('tab', { name, exact: true });
  const expectOpen = async (place: string, name: string): Promise<void> => {
    const link = page
      .getByRole('navigation', { name: 'Places' })
      .getByRole('link', { name: place });
    await expect(link).toHaveAttribute('aria-current', 'page');
    await expect(tab(name)).toHaveAttribute('aria-selected', 'true');
  };
  await page.goto('/#v=1&place=inside&tab=confusion');
  await expectOpen('Robustness', 'Confusion');
  await page.goto('/#v=1&place=inside&tab=margins');
  await expectOpen('Robustness', 'Margins');
  await page.goto('/#v=1&tab=losses');
  await expectOpen('Look inside', 'Loss landscape');

  await lab.goTo('How it works');
  await expectOpen('How it works', 'What each method trains on');
  // By keyboard, too.
  await tab('What each method trains on').focus();
  await page.keyboard.press('ArrowRight');
  await expectOpen('How it works', 'One step in five stages');
  await expect(page).toHaveURL(/place=how&tab=step$/);
  await tab('Why it works').click();
  await expect(page).toHaveURL(/place=how&tab=why$/);
  await lab.goTo('Paper');
  await expect(page).toHaveURL(/place=paper$/);
  await page.goBack();
  await expectOpen('How it works', 'Why it works');
  await page.goBack();
  await expectOpen('Look inside', 'Loss landscape');
  await page.goForward();
  await expectOpen('How it works', 'Why it works');
});
