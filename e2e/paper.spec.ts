import type { Locator, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { type Summary, summarySchema } from '../src/shared/reproduction.ts';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { tinyRun } from './labPage.ts';
import { readShadows } from './shadows.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

const published = [
  ['Logistic', 'Plain', '1.60 %'],
  ['Logistic', 'ABP', '0.95 %'],
  ['ReLU', 'Plain', '1.40 %'],
  ['ReLU', 'ABP', '0.78 %'],
] as const;

function paperOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Paper', exact: true });
}

/** Scrolls there, which loads it, and waits for its chart. */
async function openPaper(page: Page): Promise<Locator> {
  const panel = paperOf(page);
  await panel.scrollIntoViewIfNeeded();
  await expect(panel.getByRole('figure')).toBeVisible();
  return panel;
}

async function readSummary(): Promise<Summary> {
  const text = await readFile(new URL('../results/summary.json', import.meta.url), 'utf8');
  return summarySchema.parse(JSON.parse(text));
}

/** Rows about MNIST with its pixels in order that have at least one finished seed. */
async function readFinished(): Promise<Summary['rows']> {
  const { rows } = await readSummary();
  const finished = rows.filter(
    ({ clean, config }) => clean && config?.dataSet === null && config.permutationSeed === null,
  );
  expect(finished.length).toBeGreaterThan(0);
  return finished;
}

/** "1.50 ± 0.06 %", with the spaces that the page may have in it. */
function spreadPattern({ mean, deviation }: NonNullable<Summary['rows'][number]['clean']>): string {
  const digits = (rate: number): string => (100 * rate).toFixed(2).replace('.', '\\.');
  return deviation === null
    ? `${digits(mean)}\\s%`
    : `${digits(mean)}\\s±\\s${digits(deviation)}\\s%`;
}

const networkNames = {
  logistic: 'Logistic',
  relu: 'ReLU',
  tanh: 'Tanh',
  maxout: 'Maxout',
} as const;

test('loads when it comes near, and shows what the paper and results/summary.json say', async ({
  lab,
  page,
}) => {
  const asked: string[] = [];
  const isPart = (url: string): boolean => /PaperView-[^/]*\.js$/.test(url);
  page.on('request', (request) => asked.push(request.url()));
  await lab.open();
  await expect(lab.examples.getByRole('img').first()).toBeVisible();
  expect(asked.filter(isPart)).toEqual([]);
  const panel = await openPaper(page);
  expect(asked.filter(isPart)).toHaveLength(1);

  for (const [network, method, error] of published) {
    const row = panel.getByRole('button', { name: new RegExp(`^${network}: ${method}\\b`) });
    await expect(row.filter({ hasText: `Paper ${error}` }).first()).toBeVisible();
  }
  const finished = await readFinished();
  for (const { config, clean } of finished) {
    const name = new RegExp(
      `^${networkNames[config!.networkType]}.*${config!.epochs} epochs.*This project ${spreadPattern(clean!)}`,
    );
    await expect(panel.getByRole('button', { name }).first()).toBeVisible();
  }

  await test.step('each number says where it comes from', async () => {
    const { entry, seeds, values, config } = finished.find(({ paper }) => paper !== null)!;
    const method = config!.method === 'plain' ? 'Plain' : 'ABP';
    const network = networkNames[config!.networkType];
    const row = panel
      .getByRole('button', { name: new RegExp(`^${network}: ${method}\\b`) })
      .first();
    await row.press('Enter');
    await expect(row).toHaveAttribute('aria-expanded', 'true');
    await expect(
      panel.getByRole('link', { name: 'Nøkland 2015, abstract (arXiv 1510.04189)' }),
    ).toHaveAttribute('href', 'https://arxiv.org/abs/1510.04189');
    await expect(panel).toContainText(`results/${entry}-seed${seeds[0]}.json`);
    await expect(panel).toContainText(`npm run reproduce -- --verify ${entry}-seed${seeds[0]}`);
    await expect(panel).toContainText(new RegExp(`${(100 * values[0]!).toFixed(2)}\\s%`));
    await row.press('Enter');
    await expect(row).toHaveAttribute('aria-expanded', 'false');
    await expect(panel.getByRole('link')).toHaveCount(0);
  });

  await test.step('compares under attack, where the paper has no number', async () => {
    await panel.getByLabel('Compare').selectOption('Error under FGSM, ε 0.08, not clipped');
    const { attacks } = finished[0]!;
    const { mean } = attacks.find(
      ({ attack: { kind, epsilon, clip } }) => kind === 'fgsm' && epsilon === 0.08 && !clip,
    )!.spread;
    await expect(panel).toContainText((100 * mean).toFixed(1));
    await expect(panel).toContainText('it has no mark here');
    await expect(panel.getByText('1.40 %')).toHaveCount(0);
  });
});

test('a row opens as a race with its settings, whole and shortened', async ({ lab, page }) => {
  await lab.open('/#v=1&preset=tanh&layers=16');
  const panel = await openPaper(page);
  const { config } = (await readFinished()).find(({ entry }) => entry === 'relu-plain')!;
  await panel
    .getByRole('button', { name: /^ReLU: Plain\b/ })
    .first()
    .click();
  await expect(panel).toContainText(/about \d+ minutes of one processor core/);
  await panel.getByRole('button', { name: 'Open the race of ReLU, Plain' }).click();
  await expect(panel.getByRole('status').filter({ hasText: 'The setup now holds' })).toContainText(
    `Plain and ABP, ${config!.epochs} epochs. Train starts it.`,
  );
  await expect(lab.setup.getByRole('radio', { name: 'ReLU' })).toBeChecked();
  await expect(lab.field('Hidden layers')).toHaveValue(config!.hiddenLayers.join(', '));
  await expect(lab.field('Epochs').first()).toHaveValue(String(config!.epochs));
  await expect(lab.field('Learning rate').first()).toHaveValue(String(config!.learningRate));
  await expect(lab.field('Seed')).toHaveValue(String(config!.seed));
  const runs = lab.setup.getByRole('combobox', { name: /^Method of / });
  await expect(runs).toHaveCount(2);
  await expect(runs.nth(0)).toHaveValue('plain');
  await expect(runs.nth(1)).toHaveValue('adversarial');

  await panel.getByRole('button', { name: 'Open a shorter race of ReLU, Plain' }).click();
  const epochs = Number(await lab.field('Epochs').first().inputValue());
  expect(epochs).toBeGreaterThan(0);
  expect(epochs).toBeLessThan(config!.epochs);
  await panel.getByRole('button', { name: 'Go to Train' }).click();
  await expect(lab.button('Train')).toBeFocused();
});

test('a person’s runs stand in their rows, say what is other, and can be taken along', async ({
  lab,
  page,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open();
  await lab.fill(tinyRun);
  await lab.race('plain', 'adversarial');
  const panel = await openPaper(page);
  await expect(panel).toContainText('Your own runs appear here as soon as they train.');
  await lab.button('Train').click();
  await expect(lab.status('Finished')).toBeVisible({ timeout: 60_000 });
  const row = panel.getByRole('button', { name: /^ReLU: ABP\b.*Your run ABP ε 0\.08 \d+\.\d\d %/ });
  await expect(row).toBeVisible();
  await row.click();
  await expect(panel).toContainText(
    'after epoch 3 of 3, on all 10,000 test images; other than this row: 1 × 16, 3 epochs, 640 training images',
  );
  await expect(panel).not.toContainText('Your own runs appear here');

  await panel.getByRole('button', { name: 'Open the race of ReLU, ABP' }).click();
  await expect(panel).toContainText('The race on the page stays as it is');
  await expect(lab.status('Finished')).toBeVisible();

  // At the top of the screen: what stands above it may still grow, and would move it away from under the pointer.
  await panel.evaluate((element) => element.scrollIntoView());
  await panel.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(panel.getByText('The numbers as Markdown copied.')).toBeVisible();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  expect(markdown).toContain('| Network and method | Paper | This project | Your runs |');
  expect(markdown).toMatch(/\| ReLU, ABP.*\| 0\.78 % \(Nøkland 2015.*ABP ε 0\.08, after epoch 3/);
  await panel.getByRole('button', { name: 'Copy as CSV' }).click();
  await expect(panel.getByText('The numbers as CSV copied.')).toBeVisible();
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  expect(csv).toMatch(/^network,method,size,measure,from,run,error_rate/);
  expect(csv).toContain('relu,adversarial,');
  expect(csv).toContain(',your run,ABP ε 0.08,');
});

for (const viewport of [
  { width: 1280, height: 900 },
  { width: 360, height: 740 },
]) {
  test(`chart and table at ${viewport.width} px, by keyboard, and axe finds nothing`, async ({
    lab,
    page,
  }) => {
    await page.setViewportSize(viewport);
    await lab.open();
    const panel = await openPaper(page);
    const row = panel.getByRole('button', { name: /^ReLU: Plain\b/ }).first();
    await row.focus();
    await page.keyboard.press('Space');
    await expect(row).toHaveAttribute('aria-expanded', 'true');
    await page.keyboard.press('Tab');
    await expect(panel.getByRole('link')).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(panel.getByRole('button', { name: 'Open the race of ReLU, Plain' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(panel).toContainText('The setup now holds this race');
    await expectAccessible(page, '[data-panel="Paper"]');
    await expectNoSidewaysScroll(page);

    const table = panel.getByRole('checkbox', { name: 'Table' });
    await table.focus();
    await page.keyboard.press('Space');
    const frame = panel.getByRole('group', { name: 'The paper’s numbers and others' });
    const cells = frame.getByRole('row', { name: /^ReLU, Plain/ }).first();
    await expect(cells).toContainText('1.40 %');
    await expect(cells).toContainText('Nøkland 2015, abstract (arXiv 1510.04189)');
    const { clean } = (await readFinished()).find(({ entry }) => entry === 'relu-plain')!;
    await expect(cells).toContainText(new RegExp(spreadPattern(clean!)));
    if (viewport.width === 360) {
      // Near the top of a row, whose first cell stays in place and has a colour of its own.
      const top = (await cells.boundingBox())!.y - (await frame.boundingBox())!.y;
      for (const [left, shadows] of [
        [0, { left: false, right: true }],
        [200, { left: true, right: true }],
        [2000, { left: true, right: false }],
      ] as const) {
        await frame.evaluate((element, left) => element.scrollTo(left, 0), left);
        expect(await readShadows(frame, Math.round(top) + 4)).toEqual(shadows);
      }
    }
    await panel.getByRole('combobox', { name: 'Compare' }).focus();
    await page.keyboard.press('Tab');
    await expect(frame).toBeFocused();
    await expectAccessible(page, '[data-panel="Paper"]');
    await expectNoSidewaysScroll(page);
  });
}

test('a link can hide it', async ({ lab, page }) => {
  await lab.open('/#v=1&preset=quick&hide=paper');
  await expect(page.getByText('Hidden by the link: paper.')).toBeVisible();
  await expect(paperOf(page)).toHaveCount(0);
  await lab.button('Show all panels').click();
  await expect(paperOf(page)).toBeVisible();
});
