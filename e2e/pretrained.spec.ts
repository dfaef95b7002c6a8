import { expect, test } from './fixtures.ts';
import { type LabPage, tinyRun } from './labPage.ts';

const names = ['Plain', 'Dropout', 'ABP'];

/** How many of the 48 loaded digits each network gets right, clean and attacked. */
async function readRight(lab: LabPage): Promise<{ clean: number; attacked: number }[]> {
  const text = await lab.examples.getByTestId('examples-summary').getAttribute('data-right');
  return text!.split(',').map((counts) => {
    const [clean, attacked] = counts.split('/');
    return { clean: Number(clean), attacked: Number(attacked) };
  });
}

test.describe('on a first visit', () => {
  test.use({ allowedErrors: /ERR_INTERNET_DISCONNECTED/ });

  test('pretrained networks answer, also without a network connection, until a run replaces them', async ({
    lab,
    page,
  }) => {
    await lab.open();
    const summary = lab.examples.getByTestId('examples-summary');
    const origin = lab.examples.getByTestId('answers-origin');

    await test.step('answer before anything is trained', async () => {
      await expect(summary).toHaveAttribute('data-source', 'pretrained');
      await expect(summary).toHaveAttribute('data-image-count', '48');
      await expect(summary).toHaveAttribute('data-attack-epsilon', '0.1');
      await expect(origin).toHaveAttribute('data-origin', 'pretrained');
      // All of them get most clean digits right; the attack fools the plain one more than the adversarial one.
      await expect.poll(async () => (await readRight(lab)).length).toBe(3);
      const all = await readRight(lab);
      for (const { clean } of all) expect(clean).toBeGreaterThan(44);
      const [plain, , adversarial] = all;
      expect(adversarial!.attacked).toBeGreaterThan(plain!.attacked + 10);
      // What the panel shows is what was answered: 48 digits, each by three networks.
      const tiles = lab.examples.getByTestId('example-tile');
      await expect(tiles).toHaveCount(48);
      for (const [index, name] of names.entries()) {
        await expect(
          lab.examples.getByRole('button', { name: new RegExp(`${name} \\d, right`) }),
        ).toHaveCount(all[index]!.attacked);
        await expect(
          lab.examples.getByRole('button', { name: new RegExp(`${name} \\d, wrong`) }),
        ).toHaveCount(48 - all[index]!.attacked);
      }
      const detail = await lab.openExample();
      for (const name of names) {
        await expect(detail.getByRole('group', { name: `${name}, a ` })).toHaveCount(1);
      }
      // Nothing was trained, and no training images were loaded for it.
      await expect(lab.button('Train')).toBeEnabled();
      const requested = await page.evaluate(() =>
        performance.getEntriesByType('resource').map(({ name }) => name),
      );
      expect(requested.some((name) => name.includes('pretrained/index.json'))).toBe(true);
      expect(requested.some((name) => name.includes('train-images'))).toBe(false);
    });

    await test.step('follow the attack ε, without a network connection', async () => {
      const missed: string[] = [];
      page.on('requestfailed', (request) => missed.push(new URL(request.url()).pathname));
      await page.context().setOffline(true);
      await lab.attackSlider.fill('0');
      await expect(summary).toHaveAttribute('data-attack-epsilon', '0');
      // An attack of size 0 changes nothing.
      await expect
        .poll(async () => (await readRight(lab)).map(({ clean, attacked }) => attacked - clean))
        .toEqual([0, 0, 0]);
      await lab.attackSlider.fill('0.5');
      await expect(summary).toHaveAttribute('data-attack-epsilon', '0.5');
      await expect.poll(async () => (await readRight(lab))[0]!.attacked).toBeLessThan(6);
      await page.context().setOffline(false);
      // The browser itself asks for the icon again when the address changes; the page asks for nothing.
      expect(missed.filter((path) => path !== '/favicon.svg')).toEqual([]);
    });

    await test.step('are replaced by networks that are trained here, and back after a reset', async () => {
      await lab.chooseMethods('Back-propagation');
      await lab.fill(tinyRun);
      await lab.button('Train').click();
      await expect(lab.trainedSummary).toBeVisible({ timeout: 60_000 });
      await expect(origin).toHaveCount(0);
      await lab.press('Start over');
      await expect(summary).toHaveAttribute('data-source', 'pretrained');
      await expect(origin).toHaveAttribute('data-origin', 'pretrained');
    });
  });
});

test.describe('when they cannot be loaded', () => {
  test.use({ allowedErrors: /Failed to load resource/ });

  test('the panel says so, and training works', async ({ lab, page }) => {
    await page.route('**/pretrained/*', (route) => route.abort());
    await lab.open();
    const origin = lab.examples.getByTestId('answers-origin');
    await expect(origin).toHaveAttribute('data-origin', 'unavailable');
    await expect(lab.examples.getByRole('img', { name: /^Test digit/ }).first()).toBeVisible();
    await lab.chooseMethods('Back-propagation');
    await lab.fill(tinyRun);
    await lab.button('Train').click();
    await expect(lab.trainedSummary).toBeVisible({ timeout: 60_000 });
    await expect(origin).toHaveCount(0);
  });
});
