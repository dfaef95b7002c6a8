import { expect, test } from './fixtures.ts';
import { tinyRun } from './labPage.ts';

const names = ['Plain', 'Dropout', 'Adversarial'].map((name) => `${name} (pretrained)`);

test.describe('on a first visit', () => {
  test('pretrained networks answer before anything is trained', async ({ lab, page }) => {
    await lab.open();
    const verdict = lab.examples.getByText(/^Of 48 digits, attacked with ε\s0\.08/);
    await expect(verdict).toBeVisible();
    for (const name of names) await expect(verdict).toContainText(`${name} reads`);
    await expect(lab.examples.getByText(/trained beforehand/)).toContainText(
      'Press Train to train your own.',
    );
    // All of them read most of the clean digits; the attack fools the plain one more than the adversarial one.
    const rightOf = async (name: string) => {
      const pattern = new RegExp(`${name} \\(pretrained\\) reads (\\d+) clean and (\\d+) under`);
      const [, clean, attacked] = pattern.exec((await verdict.textContent())!)!;
      return { clean: Number(clean), attacked: Number(attacked) };
    };
    const [plain, dropout, adversarial] = [
      await rightOf('Plain'),
      await rightOf('Dropout'),
      await rightOf('Adversarial'),
    ];
    for (const { clean } of [plain, dropout, adversarial]) expect(clean).toBeGreaterThan(44);
    expect(adversarial.attacked).toBeGreaterThan(plain.attacked + 10);
    // What the panel shows is what was answered: six digits, by three networks.
    for (const name of names) {
      await expect(
        lab.examples.getByRole('group', {
          name: new RegExp(`^${name.replace(/[()]/g, '\\$&')}, a \\d`),
        }),
      ).toHaveCount(6);
    }
    // Nothing was trained, and no training images were loaded for it.
    await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
    const requested = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    expect(requested.some((name) => name.includes('pretrained/index.json'))).toBe(true);
    expect(requested.some((name) => name.includes('train-images'))).toBe(false);
  });
});

test.describe('with the network cut once they are there', () => {
  test.use({ allowedErrors: /ERR_INTERNET_DISCONNECTED/ });

  test('they go on answering, under the chosen ε', async ({ lab, page }) => {
    const missed: string[] = [];
    page.on('requestfailed', (request) => missed.push(new URL(request.url()).pathname));
    await lab.open();
    await expect(lab.examples.getByText(/Plain \(pretrained\) reads/)).toBeVisible();
    await page.context().setOffline(true);
    await lab.attackSlider.fill('0');
    await expect(lab.examples.getByText('attacked with ε 0.00')).toBeVisible();
    const verdict = lab.examples.getByText(/^Of 48 digits/);
    const [, clean, attacked] = /Plain \(pretrained\) reads (\d+) clean and (\d+)/.exec(
      (await verdict.textContent())!,
    )!;
    expect(attacked).toBe(clean); // an attack of size 0 changes nothing
    await lab.attackSlider.fill('0.5');
    await expect(verdict).toContainText('attacked with ε 0.50');
    await expect(verdict).toContainText(/Plain \(pretrained\) reads \d+ clean and [0-5] under/);
    // The browser itself asks for the icon again when the address changes; the page asks for nothing.
    expect(missed.filter((path) => path !== '/favicon.svg')).toEqual([]);
  });
});

test.describe('when training begins', () => {
  test('its networks replace them, and a reset brings them back', async ({ lab }) => {
    await lab.open();
    await expect(lab.examples.getByText(/Plain \(pretrained\) reads/)).toBeVisible();
    await lab.race('Back-propagation');
    await lab.fill(tinyRun);
    await lab.button('Train').click();
    await expect(lab.verdict).toBeVisible({ timeout: 60_000 });
    await expect(lab.examples.getByText(/pretrained/)).toHaveCount(0);
    await lab.button('Reset').click();
    await expect(lab.examples.getByText(/Plain \(pretrained\) reads/)).toBeVisible();
  });
});

test.describe('when they cannot be had', () => {
  test.use({ allowedErrors: /Failed to load resource/ });

  test('the panel says so, and training works', async ({ lab, page }) => {
    await page.route('**/pretrained/*', (route) => route.abort());
    await lab.open();
    await expect(lab.examples.getByText(/pretrained networks cannot answer/)).toBeVisible();
    await expect(lab.examples.getByRole('img', { name: /^Test digit/ }).first()).toBeVisible();
    await lab.race('Back-propagation');
    await lab.fill(tinyRun);
    await lab.button('Train').click();
    await expect(lab.verdict).toBeVisible({ timeout: 60_000 });
    await expect(lab.examples.getByText(/pretrained/)).toHaveCount(0);
  });
});
