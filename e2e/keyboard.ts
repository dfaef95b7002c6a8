import { expect, type Locator } from '@playwright/test';

/** More than the page has places for the focus. */
const mostPresses = 300;

/** Presses Tab until something has the focus, as a person without a mouse does. */
export async function tabTo(target: Locator): Promise<void> {
  for (let presses = 0; presses < mostPresses; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await target.page().keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}
