import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, longRun } from './labPage.ts';

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

const attackSlider = (page: Page): Locator =>
  page.getByRole('slider', { name: 'Nudge each pixel by up to ε' });

const changedLink =
  '#v=1&preset=tanh&layers=64-32&seed=7&runs=plain;pgd,eps:0.1,epochs:9&attack=0.2&outcome=fooled-any&digit=3&engine=simd';

async function expectChanged(page: Page): Promise<void> {
  const { setup } = new LabPage(page);
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
  await expect(attackSlider(page)).toHaveValue('0.2');
  await expect(page.getByLabel('Examples by outcome')).toHaveValue('fooled-any');
  await expect(page.getByLabel('Examples by digit')).toHaveValue('3');
  await expect(setup.getByLabel('Engine')).toHaveValue('simd');
}

async function expectDefaults(page: Page): Promise<void> {
  const { setup } = new LabPage(page);
  await expect(setup.getByLabel('Preset')).toHaveValue('quick');
  await expect(setup.getByLabel('Seed', { exact: true })).toHaveValue('1');
  await expect(attackSlider(page)).toHaveValue('0.1');
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
  await expect(page.getByTestId('hidden-panels')).toHaveCount(0);

  const address = await share(page);
  await expect(sharePanel(page).status).not.toBeEmpty();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
  expect(new URL(address).hash).toBe(changedLink);
  const { dialog } = sharePanel(page);
  await dialog.getByRole('checkbox', { name: 'Paper' }).uncheck();
  await dialog.getByRole('button', { name: 'Copy link' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(`${address}&hide=paper`);

  const other = await context.newPage();
  await other.goto(address);
  await new LabPage(other).openSettings();
  await expectChanged(other);
  await other.close();
});

test('the address follows the setup, and a pasted link changes the setup but not the training', async ({
  lab,
  page,
}) => {
  await lab.open();
  const preset = lab.setup.getByLabel('Preset');
  await test.step('the address follows the setup, and a reload restores it', async () => {
    expect(new URL(page.url()).hash).toBe('');
    await preset.selectOption('maxout');
    await expect(page).toHaveURL(/#v=1&preset=maxout&attack=0\.1$/);
    await lab.fill({ Seed: '12' });
    await expect(page).toHaveURL(/#v=1&preset=maxout&seed=12&attack=0\.1$/);
    // A field that is being typed in makes no broken link.
    await lab.field('Seed').fill('');
    await expect(page).toHaveURL(/#v=1&preset=maxout&attack=0\.1$/);
    await lab.field('Seed').fill('13');
    await expect(page).toHaveURL(/#v=1&preset=maxout&seed=13&attack=0\.1$/);
    await page.reload();
    await lab.openSettings();
    await expect(lab.field('Seed')).toHaveValue('13');
  });
  await test.step('a pasted link changes the setup and leaves the runs', async () => {
    await lab.fill(longRun);
    await lab.button('Train').click();
    await expect(lab.button('Pause')).toBeEnabled({ timeout: 60_000 });
    await page.evaluate(() => (window.location.hash = '#v=1&preset=tanh'));
    await expect(lab.notice('link')).toHaveCount(1);
    await expect(preset).toHaveValue('tanh');
    await expect(lab.button('Pause')).toBeEnabled();

    await page.evaluate(() => (window.location.hash = '#v=1&seed=x'));
    await expect(lab.notice('link')).toContainText('seed: ');
    await expect(lab.notice('link')).toHaveCount(1);
    await expect(preset).toHaveValue('quick');

    await page.goBack();
    await expect(preset).toHaveValue('tanh');
    await expect(lab.button('Pause')).toBeEnabled();
  });
});

/** Links that cannot be read, and what the notice must name; link.test.ts has many more. */
const hostileLinks: [link: string, reason: RegExp][] = [
  ['#v=1&preset=<script>document.title="x"</script>', /preset: /],
  ['#javascript:alert(1)', /v: /],
  ['#v=1&seed=%E0%A4%A', /“seed=%E0%A4%A”/],
  [`#v=1&seed=${'7'.repeat(100_000)}`, /100,009/],
];

test('a link that cannot be read opens the defaults and names what was wrong', async ({
  lab,
  page,
}) => {
  const title = 'Adversarial Gradient Lab';
  for (const [link, reason] of hostileLinks) {
    await test.step(link.slice(0, 60), async () => {
      await page.goto('about:blank');
      await page.goto(`/${link}`);
      const notice = lab.notice('link');
      await expect(notice).toContainText(reason);
      await expect(notice.locator('script, img')).toHaveCount(0);
      await lab.openSettings();
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
  const notice = lab.notice('link');
  await expect(notice).toContainText('onerror');
  await expect(notice).toContainText('“)”');
  await expect(notice.locator('script, img')).toHaveCount(0);
  await expect(lab.setup.getByRole('radio', { name: 'Tanh' })).toBeChecked();
  await lab.fill({});
  await expect(lab.field('Seed')).toHaveValue('7');
  await expect(page).toHaveURL(/#v=1&preset=tanh&seed=7$/);
});

test('sharing works by keyboard; its link shows what was chosen, and everything can be shown again', async ({
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
  const hidden = page.getByTestId('hidden-panels');
  const navigation = page.getByRole('navigation', { name: 'Places' });
  const settings = lab.button('More settings');
  const template = (name: string): Locator => dialog.getByRole('radio', { name, exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(status).not.toBeEmpty();
  await expect(address).toBeFocused();
  const selected = (): Promise<string> =>
    address.evaluate((field) => {
      const { value, selectionStart, selectionEnd } = field as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
  expect(await selected()).toMatch(/\/#v=1&preset=quick&attack=0\.1$/);

  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('button', { name: 'Copy link' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(template('Everything')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('checkbox', { name: 'Drawing pad' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('checkbox', { name: 'Settings', exact: true })).toBeFocused();
  await page.keyboard.press('Space');
  await expect(dialog.getByRole('checkbox', { name: 'Advanced settings' })).toBeDisabled();
  await expect(template('Everything')).not.toBeChecked();
  await expect(address).toHaveValue(/\/#v=1&preset=quick&attack=0\.1&hide=setup,advanced$/);

  // The header and what opens from it; accessibility.spec.ts looks at the panels.
  for (const viewport of [
    { width: 1280, height: 900 },
    { width: 360, height: 740 },
  ]) {
    await page.setViewportSize(viewport);
    await expect
      .poll(async () => {
        const { x, width } = (await dialog.boundingBox())!;
        return x >= 0 && x + width <= viewport.width;
      })
      .toBe(true);
    await expectAccessible(page, 'header', '[role=dialog]');
  }

  const link = await address.inputValue();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await expect(hidden).toHaveCount(0); // only the link hides
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto('about:blank');
  await page.goto(link);
  await expect(hidden).toHaveAttribute('data-panels', 'setup,advanced');
  await expect(lab.button('Train')).toBeVisible();
  await expect(settings).toBeHidden();
  await expect(lab.setup.getByRole('textbox')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(settings).toBeVisible();
  await expect(hidden).toHaveAttribute('data-panels', '');
  await expect(hidden).toBeFocused();
  await expect(page).toHaveURL(/#v=1&preset=quick&attack=0\.1$/);

  await page.evaluate(() => (window.location.hash = '#v=1&hide=advanced,robustness'));
  await lab.openSettings();
  await expect(lab.setup.getByLabel('Preset')).toBeVisible();
  await expect(lab.setup.getByRole('button', { name: 'Advanced' })).toBeHidden();
  await expect(navigation.getByRole('link')).toHaveText([
    'Lab',
    'How it works',
    'Look inside',
    'Paper',
    'Files',
  ]);
});

test('a lesson link carries the digit on the pad and ε, and opens a page with nothing but the lesson', async ({
  lab,
  page,
}) => {
  await lab.open();
  await page.getByRole('button', { name: 'Put a test 7 on the pad' }).click();
  await attackSlider(page).fill('0.15');
  await share(page);
  const { dialog, address } = sharePanel(page);
  const preview = dialog.getByTestId('lesson-preview');
  const opens = dialog.getByRole('combobox', { name: 'The link opens' });
  const places = page.getByRole('navigation', { name: 'Places' }).getByRole('link');

  await dialog.getByRole('radio', { name: 'How it works' }).check();
  await expect(preview).toHaveAttribute('data-place', 'how');
  await expect(opens.getByRole('option')).toHaveText(['Lab', 'How it works']);
  const how = await address.inputValue();
  await dialog.getByRole('radio', { name: 'Attack only' }).check();
  await expect(preview).toHaveAttribute('data-place', 'lab');
  await expect(opens).toHaveValue('lab');
  await expect(dialog.getByRole('checkbox', { name: 'Training' })).not.toBeChecked();
  await expect(dialog.getByRole('checkbox', { name: 'Curves' })).toBeDisabled();
  const attack = await address.inputValue();

  await test.step('attack only', async () => {
    await page.goto('about:blank');
    await page.goto(attack);
    await expect(attackSlider(page)).toHaveValue('0.15');
    await expect(page.getByTestId('headline')).toContainText('7');
    await expect(places).toHaveText(['Lab']);
    await expect(lab.examples).toBeVisible();
    await expect(page.getByTestId('train')).toHaveCount(0);
    // Nothing to train with on a phone either.
    await page.setViewportSize({ width: 360, height: 740 });
    await expect(page.getByTestId('train')).toHaveCount(0);
    await page.setViewportSize({ width: 1280, height: 900 });
  });
  await test.step('how it works', async () => {
    await page.goto('about:blank');
    await page.goto(how);
    await expect(page.getByRole('region', { name: 'How it works' })).toBeVisible();
    await expect(places).toHaveText(['Lab', 'How it works']);
    await page.getByRole('button', { name: 'Show everything' }).click();
    await expect(places).toHaveCount(6);
    await lab.goTo('Lab');
    await expect(lab.button('Train')).toBeEnabled();
  });
});

test('a link that hides the pad leaves the attack’s ε; one that hides the Lab opens another place and leaves the training, and one that hides all leaves the training', async ({
  lab,
  page,
}) => {
  const links = page.getByRole('navigation', { name: 'Places' }).getByRole('link');
  const labPanels = 'setup,advanced,draw,curves,examples,results';
  const otherPanels = 'how,inside,robustness,paper,code,experiments';
  await lab.open('/#v=1&hide=draw');
  await expect(page.getByRole('application', { name: 'Drawing pad' })).toHaveCount(0);
  await attackSlider(page).press('ArrowRight');
  await expect(attackSlider(page)).toHaveValue('0.09'); // a link without ε means 0.08

  await page.evaluate((panels) => (window.location.hash = `#v=1&hide=${panels}`), labPanels);
  await expect(links).toHaveCount(6);
  await expect(links.nth(1)).toHaveAttribute('aria-current', 'page');
  await expect(page.getByRole('region', { name: 'How it works' })).toBeVisible();
  await lab.goTo('Lab');
  await expect(lab.button('Train')).toBeEnabled();

  await page.evaluate(
    (panels) => (window.location.hash = `#v=1&hide=${panels}`),
    `${labPanels},${otherPanels}`,
  );
  await expect(links).toHaveText(['Lab']);
  await expect(lab.button('Train')).toBeEnabled();
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(links).toHaveCount(6);
});

test('Back and Forward go between places and keep a setup that was changed in the meantime', async ({
  lab,
  page,
}) => {
  await lab.open('/#v=1&preset=tanh');
  const present = page.getByRole('navigation', { name: 'Places' }).locator('[aria-current=page]');
  await lab.fill({ Seed: '7' });
  await lab.goTo('Paper');
  await expect(page).toHaveURL(/#v=1&preset=tanh&seed=7&place=paper$/);
  await lab.goTo('Files');
  await expect(page.getByRole('region', { name: 'Saved experiments' })).toBeVisible();
  await lab.goTo('Lab');
  await lab.fill({ Seed: '8' });
  await expect(page).toHaveURL(/#v=1&preset=tanh&seed=8$/);

  await page.goBack();
  await expect(present).toHaveText('Files');
  await expect(page).toHaveURL(/#v=1&preset=tanh&seed=8&place=files$/);
  await page.goBack();
  await expect(present).toHaveText('Paper');
  await expect(page.getByRole('region', { name: 'Paper', exact: true })).toBeVisible();
  await page.goBack();
  await expect(present).toHaveText('Lab');
  await expect(lab.field('Seed')).toHaveValue('8');
  await lab.fill({ Seed: '9' });
  await page.goForward();
  await expect(present).toHaveText('Paper');
  await expect(page).toHaveURL(/#v=1&preset=tanh&seed=9&place=paper$/);
  await expect(lab.notice('link')).toHaveCount(0);

  await test.step('also after a reload', async () => {
    await page.reload();
    await expect(present).toHaveText('Paper');
    await page.goBack();
    await expect(present).toHaveText('Lab');
    await lab.openSettings();
    await lab.fill({});
    await expect(lab.field('Seed')).toHaveValue('9');
    await expect(lab.notice('link')).toHaveCount(0);
  });
});

test.describe('code that does not arrive', () => {
  // The second is axe's, about the style sheet that is missing.
  test.use({ allowedErrors: /net::ERR_FAILED|Couldn't load preload assets/ });

  for (const { kind, files } of [
    { kind: 'script', files: '**/assets/RobustnessPanel-*.js' },
    { kind: 'style sheet', files: '**/assets/RobustnessPanel-*.css' },
  ]) {
    test(`a place says that its ${kind} is missing, and is loaded once it can be`, async ({
      lab,
      page,
    }) => {
      await page.route(files, (route) => route.abort());
      await lab.open();
      await lab.goTo('Robustness');
      await expect(lab.alert).toContainText('Robustness');
      const retry = lab.alert.getByRole('button', { name: 'Try again' });
      await expectAccessible(page, 'main');
      await retry.press('Enter'); // still cut off
      await expect(retry).toBeVisible();
      await page.unroute(files);
      await retry.press('Enter');
      await expect(page.getByRole('region', { name: 'Robustness' })).toBeVisible();
      await expect(lab.alert).toHaveCount(0);
      await expect(page.getByRole('main')).toBeFocused();
      const styles = await page.evaluate(() =>
        [...document.styleSheets].flatMap(({ href }) => href ?? []),
      );
      expect(styles).toContainEqual(expect.stringContaining('RobustnessPanel'));

      await lab.goTo('Lab');
      await expect(lab.button('Train')).toBeEnabled();
    });
  }

  const menuFiles = '**/assets/TrainMenu-*.js';

  test('a menu says that its code is missing, until Escape, and opens at a later press', async ({
    lab,
    page,
  }) => {
    await page.route(menuFiles, (route) => route.abort());
    await lab.open();
    const button = lab.button('More commands');
    await button.press('Enter');
    await expect(lab.alert).toContainText('could not be loaded');
    await expect(button).toHaveAttribute('aria-expanded', 'false');
    await button.press('Escape');
    await expect(lab.alert).toHaveCount(0);
    await page.unroute(menuFiles);
    await button.press('Enter');
    await expect(page.getByRole('menu', { name: 'More commands' })).toBeVisible();
  });

  test('a menu whose code is late does not open once the focus is elsewhere', async ({
    lab,
    page,
  }) => {
    let arrive = (): void => undefined;
    const held = new Promise<void>((resolve) => (arrive = resolve));
    await page.route(menuFiles, async (route) => {
      await held;
      await route.continue();
    });
    await lab.open();
    const button = lab.button('More commands');
    await button.press('Enter');
    await expect(button).toHaveAttribute('aria-busy', 'true');
    await page.keyboard.press('Tab');
    await expect(button).toHaveAttribute('aria-busy', 'false');
    const arrived = page.waitForResponse(menuFiles);
    arrive();
    await (await arrived).finished();
    await expect(page.getByRole('menu')).toHaveCount(0);
    await button.press('Enter');
    await expect(page.getByRole('menu', { name: 'More commands' })).toBeVisible();
  });
});
