import { expect, type Locator } from '@playwright/test';

/** More than the page has places for the focus. */
const mostPresses = 300;

/** Presses Tab until something has the focus, and arrow keys within a toolbar, as people without a mouse do. */
export async function tabTo(target: Locator): Promise<void> {
  const isInBar = await target.evaluate((element) => element.closest('[role="toolbar"]') !== null);
  const isReached = (): Promise<boolean> =>
    target.evaluate((element) => {
      const bar = element.closest('[role="toolbar"]');
      return (bar ?? element).contains(document.activeElement);
    });
  const { keyboard } = target.page();
  for (let presses = 0; presses < mostPresses && !(await isReached()); presses++) {
    await keyboard.press('Tab');
  }
  for (let presses = 0; isInBar && presses < mostPresses; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) break;
    await keyboard.press('ArrowRight');
  }
  await expect(target).toBeFocused();
}
