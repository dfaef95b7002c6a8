import type { Page } from 'playwright';

/** Goes to a place of the page by its name in the navigation. */
export async function goToPlace(page: Page, name: string): Promise<void> {
  const navigation = page.getByRole('navigation', { name: 'Places' });
  await navigation.getByRole('link', { name }).click();
}

/** Trains the setup on the page. */
export async function pressTrain(page: Page): Promise<void> {
  await page.getByTestId('train').click();
}
