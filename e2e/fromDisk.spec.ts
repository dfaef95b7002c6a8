import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test'; // not the fixtures, which expect a server

test('the page says that it needs a server when it is opened from the disk', async ({ page }) => {
  await page.goto(pathToFileURL('dist-small/index.html').href);
  await expect(page.getByRole('alert')).toContainText('It needs a server');
});
