import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';

/** What opens beside the Share button. */
function sharePanel(page: Page): { dialog: Locator; address: Locator; status: Locator } {
  const dialog = page.getByRole('dialog', { name: 'Share' });
  return {
    dialog,
    address: dialog.getByRole('textbox', { name: 'Link to this setup and view' }),
    status: page.getByRole('status', { name: 'Share' }),
  };
}

async function share(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const { address } = sharePanel(page);
  await expect(address).toBeVisible();
  return address.inputValue();
}

const run = (page: Page, name: string): Locator =>
  page.getByRole('region', { name: 'Setup' }).getByRole('listitem').filter({ hasText: name });

const changedLink =
  '#v=1&preset=tanh&layers=64-32&seed=7&runs=plain;pgd,eps:0.1,epochs:9&attack=0.2&outcome=fooled-any&digit=3&engine=simd';

async function expectChanged(page: Page): Promise<void> {
  const setup = page.getByRole('region', { name: 'Setup' });
  await expect(setup.getByRole('radio', { name: 'Tanh' })).toBeChecked();
  await expect(setup.getByLabel('Hidden layers', { exact: true }).first()).toHaveValue('64, 32');
  await expect(setup.getByLabel('Seed', { exact: true })).toHaveValue('7');
  await expect(run(page, 'Plain')).toBeVisible();
  await expect(
    run(page, 'PGD training ε 0.1').getByRole('spinbutton', { name: 'Training ε' }),
  ).toHaveValue('0.1');
  await expect(
    run(page, 'PGD training ε 0.1').getByRole('spinbutton', { name: 'Epochs' }),
  ).toHaveValue('9');
  await expect(page.getByRole('slider', { name: 'Attack ε' })).toHaveValue('0.2');
  await expect(page.getByLabel('Examples by outcome')).toHaveValue('fooled-any');
  await expect(page.getByLabel('Examples by digit')).toHaveValue('3');
  await expect(setup.getByLabel('Engine')).toHaveValue('simd');
}

async function expectDefaults(page: Page): Promise<void> {
  const setup = page.getByRole('region', { name: 'Setup' });
  await expect(setup.getByLabel('Preset')).toHaveValue('quick');
  await expect(setup.getByLabel('Seed', { exact: true })).toHaveValue('1');
  await expect(page.getByRole('slider', { name: 'Attack ε' })).toHaveValue('0.08');
}

test('a link restores setup and view, and what is shared opens to the same', async ({
  lab,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open(`/${changedLink}`);
  await expect(lab.engine).toContainText('SIMD');
  await expectChanged(page);
  await expect(lab.button('Train')).toBeEnabled(); // nothing trains by itself
  await expect(page.getByText('Hidden by the link')).toBeHidden();

  const address = await share(page);
  await expect(sharePanel(page).status).toHaveText('Link copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
  expect(new URL(address).hash).toBe(changedLink);
  const { dialog } = sharePanel(page);
  await dialog.getByRole('checkbox', { name: 'Hide curves' }).check();
  await expect(dialog.getByText('The link has changed: copy it again.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Copy link' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(`${address}&hide=curves`);

  const other = await context.newPage();
  await other.goto(address);
  await expectChanged(other);
  await other.close();
});

test('the address follows what a person changes, and a reload restores it', async ({
  lab,
  page,
}) => {
  await lab.open();
  expect(new URL(page.url()).hash).toBe('');
  await lab.setup.getByLabel('Preset').selectOption('maxout');
  await expect(page).toHaveURL(/#v=1&preset=maxout$/);
  await lab.setup.getByRole('button', { name: 'Advanced' }).click();
  await lab.setup.getByLabel('Seed', { exact: true }).fill('12');
  await expect(page).toHaveURL(/#v=1&preset=maxout&seed=12$/);
  // A field that is being typed in makes no broken link.
  await lab.setup.getByLabel('Seed', { exact: true }).fill('');
  await expect(page).toHaveURL(/#v=1&preset=maxout$/);
  await lab.setup.getByLabel('Seed', { exact: true }).fill('13');
  await expect(page).toHaveURL(/#v=1&preset=maxout&seed=13$/);
  await page.reload();
  await expect(lab.setup.getByLabel('Seed', { exact: true })).toHaveValue('13');
});

const hostileLinks: [link: string, reason: RegExp][] = [
  ['#v=1&preset=<script>document.title="x"</script>', /preset: Expected one of quick/],
  ['#javascript:alert(1)', /v: Expected 1.*found nothing/],
  ['#v=1&net=javascript:alert(1)', /net: Expected one of logistic/],
  ['#v=1&runs=plain,__proto__:1', /runs, run 1: “__proto__:1” is no setting/],
  ['#v=1&seed=7&rate=1e9', /rate: Learning rate must be a number from .* Found “1e9”/],
  ['#v=1&layers=1000000000', /layers: Each hidden layer needs/],
  ['#v=1&seed=%E0%A4%A', /not encoded as a link should be/],
  ['#v=7&seed=7', /v: Expected 1.*found “7”/],
  [`#v=1&seed=${'7'.repeat(100_000)}`, /Expected at most 4,000 characters; found 100,009/],
];

test('a link that cannot be read opens the defaults and says what was wrong', async ({
  lab,
  page,
}) => {
  const title = 'Adversarial Gradient Lab';
  for (const [link, reason] of hostileLinks) {
    await test.step(link.slice(0, 60), async () => {
      await page.goto('about:blank');
      await page.goto(`/${link}`);
      const notice = page.getByRole('status').filter({ hasText: 'This link cannot be opened' });
      await expect(notice).toContainText(reason);
      await expect(notice.locator('script, img')).toHaveCount(0);
      await expectDefaults(page);
      await expect(page).toHaveTitle(new RegExp(title));
      expect(new URL(page.url()).hash).toBe('');
      await notice.getByRole('button', { name: 'Dismiss' }).click();
      await expect(notice).toBeHidden();
    });
  }
  await lab.open();
});

test('a link with foreign parts opens with what it holds and says what was left out', async ({
  lab,
  page,
}) => {
  await lab.open('/#v=1&preset=tanh&seed=7)&<img src=x onerror=alert(1)>&__proto__=1');
  const notice = page.getByRole('status').filter({ hasText: 'does not know' });
  await expect(notice).toContainText('onerror');
  await expect(notice).toContainText('“)”');
  await expect(notice.locator('script, img')).toHaveCount(0);
  await expect(lab.setup.getByLabel('Preset')).toHaveValue('tanh');
  await expect(lab.setup.getByLabel('Seed', { exact: true })).toHaveValue('7');
  await expect(page).toHaveURL(/#v=1&preset=tanh&seed=7$/);
});

test('a link hides panels, and a person shows them again', async ({ lab, page }) => {
  await lab.open('/#v=1&hide=setup,robustness');
  await expect(lab.examples).toBeVisible();
  await expect(lab.setup).toBeHidden();
  await expect(page.getByRole('region', { name: 'Robustness' })).toBeHidden();
  await expect(page.getByText('Hidden by the link: setup, robustness.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all panels' }).click();
  await expect(lab.setup).toBeVisible();
  await expect(page.getByRole('region', { name: 'Robustness' })).toBeVisible();
  await expect(page.getByText('Hidden by the link')).toBeHidden();
  await expect(page.getByText('All panels are shown.')).toBeFocused();
  await expect(page).toHaveURL(/#v=1&preset=quick$/);

  await page.goto('/#v=1&hide=advanced');
  await expect(lab.setup).toBeVisible();
  await expect(lab.setup.getByRole('button', { name: 'Advanced' })).toBeHidden();
});

test('a link pasted into a page in use changes the setup and leaves the race', async ({
  lab,
  page,
}) => {
  await lab.open('/#v=1&preset=quick&epochs=1000&engine=simd');
  await lab.button('Train').click();
  await expect(lab.button('Pause')).toBeEnabled({ timeout: 60_000 });
  await page.evaluate(() => (window.location.hash = '#v=1&preset=tanh&engine=simd'));
  const notice = page.getByRole('status').filter({ hasText: 'The setup is now the link’s.' });
  await expect(notice).toContainText('The race on the page stays as it is');
  await expect(lab.setup.getByLabel('Preset')).toHaveValue('tanh');
  await expect(lab.button('Pause')).toBeEnabled();

  await page.evaluate(() => (window.location.hash = '#v=1&seed=x'));
  await expect(
    page.getByRole('status').filter({ hasText: 'This link cannot be opened' }),
  ).toContainText('seed: Seed must be a whole number from 0 to 4294967295. Found “x”.');
  await expect(notice).toBeHidden();
  await expect(lab.setup.getByLabel('Preset')).toHaveValue('quick');

  await page.goBack();
  await expect(lab.setup.getByLabel('Preset')).toHaveValue('tanh');
  await expect(lab.button('Pause')).toBeEnabled();
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 360, height: 740 },
]) {
  test.describe(`sharing at ${viewport.width} px`, () => {
    test.use({ viewport });

    test('works by keyboard, hides what is chosen, and axe finds nothing', async ({
      lab,
      page,
    }) => {
      // A browser that lets no page write to its clipboard.
      await page.addInitScript(() => {
        Object.defineProperty(navigator, 'clipboard', {
          value: { writeText: () => Promise.reject(new DOMException('No', 'NotAllowedError')) },
        });
      });
      await lab.open();
      const button = page.getByRole('button', { name: 'Share', exact: true });
      const { dialog, address, status } = sharePanel(page);
      await button.focus();
      await page.keyboard.press('Enter');
      await expect(status).toContainText('did not allow copying');
      await expect(address).toBeFocused();
      const selected = (): Promise<string> =>
        address.evaluate((field) => {
          const { value, selectionStart, selectionEnd } = field as HTMLTextAreaElement;
          return value.slice(selectionStart, selectionEnd);
        });
      expect(await selected()).toMatch(/\/#v=1&preset=quick$/);

      await page.keyboard.press('Tab');
      await expect(dialog.getByRole('button', { name: 'Copy link' })).toBeFocused();
      await page.keyboard.press('Tab');
      await expect(dialog.getByRole('checkbox', { name: 'Hide setup' })).toBeFocused();
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await expect(address).toHaveValue(/\/#v=1&preset=quick&hide=setup,advanced$/);

      // The header and what opens from it; accessibility.spec.ts looks at the panels.
      await expectAccessible(page, 'header', '[role=dialog]');
      const box = (await dialog.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(viewport.width);

      const link = await address.inputValue();
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await expect(button).toBeFocused();
      await expect(page.getByText('Hidden by the link')).toBeHidden(); // only the link hides
      await page.goto('about:blank');
      await page.goto(link);
      await expect(page.getByText('Hidden by the link: setup, advanced settings.')).toBeVisible();
      await expect(lab.setup).toBeHidden();
    });
  });
}
