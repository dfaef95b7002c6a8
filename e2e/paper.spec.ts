import type { Locator, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { type Summary, summarySchema } from '../src/domain/reproduction.ts';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { type LabPage, tinyRun } from './labPage.ts';
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

/** Goes there, which loads the panel, and waits for its chart. */
async function openPaper(lab: LabPage): Promise<Locator> {
  await lab.goTo('Paper');
  const panel = paperOf(lab.page);
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

/** The accessible name of a row's button begins with its group: "ReLU 2 × 400, 50 epochs: Plain". */
function rowName(network: string, method: string): RegExp {
  return new RegExp(`^${network}\\b[^:]*: ${method}\\b`);
}

/** The group of this project's first comparison with the paper. */
const reluGroup = 'ReLU 2 × 400, 50 epochs';

const networkNames = {
  logistic: 'Logistic',
  relu: 'ReLU',
  tanh: 'Tanh',
  maxout: 'Maxout',
} as const;

test('loads when it is opened, compares the paper with results/summary.json, and opens rows as experiments', async ({
  lab,
  page,
}) => {
  test.setTimeout(180_000);
  const requested: string[] = [];
  const isPart = (url: string): boolean => /PaperView-[^/]*\.js$/.test(url);
  page.on('request', (request) => requested.push(request.url()));
  await lab.open('/#v=1&preset=tanh&layers=16');
  await expect(lab.examples.getByRole('img').first()).toBeVisible();
  expect(requested.filter(isPart)).toEqual([]);
  const panel = await openPaper(lab);
  expect(requested.filter(isPart)).toHaveLength(1);
  const finished = await readFinished();
  const { config, clean, robustness } = finished.find(({ entry }) => entry === 'relu-plain')!;
  const row = panel.getByRole('button', { name: rowName(reluGroup, 'Plain') });

  await test.step('begins with what became of the abstract’s claims', async () => {
    const { answers, claims } = await readSummary();
    for (const { lead, text } of answers) {
      const line = panel.getByRole('listitem').filter({ hasText: lead });
      await expect(line).toContainText(text);
    }
    const list = panel.getByRole('list', { name: 'Claims of the abstract' });
    await expect(list).toBeHidden();
    await panel.getByText(/^Claim by claim: /).press('Enter');
    const judged = claims.filter(({ outcome }) => outcome !== 'not run yet');
    const lines = list.getByRole('listitem');
    await expect(lines).toHaveCount(judged.length);
    for (const [index, { claim, outcome }] of judged.entries()) {
      await expect(lines.nth(index)).toContainText(outcome);
      await expect(lines.nth(index)).toContainText(claim);
    }
    // The figures behind an outcome unfold by keyboard.
    const fold = lines.locator('details').first();
    const details = fold.getByRole('paragraph');
    await expect(details).toBeHidden();
    await fold.locator('summary').press('Enter');
    await expect(details).toBeVisible();
    await fold.locator('summary').press('Enter');
    const others = panel.getByRole('list', { name: 'Claims that are not run yet' });
    const open = claims.length - judged.length;
    await expect(others).toHaveCount(0);
    if (open === 0) return;
    const rest = panel.getByText(new RegExp(`^${open} (more )?claims?$`));
    await rest.click();
    await expect(others.getByRole('listitem')).toHaveCount(open);
    await rest.click();
  });

  await test.step('each published and each reproduced number has a row', async () => {
    await panel.getByRole('button', { name: /^Show \d+ more$/ }).click();
    for (const [network, method, error] of published) {
      const button = panel.getByRole('button', { name: rowName(network, method) });
      await expect(button.filter({ hasText: `Paper ${error}` }).first()).toBeVisible();
    }
    for (const { config, clean } of finished) {
      const name = new RegExp(
        `^${networkNames[config!.networkType]}.*${config!.epochs} epochs.*This project ${spreadPattern(clean!)}`,
      );
      await expect(panel.getByRole('button', { name }).first()).toBeVisible();
    }
  });

  await test.step('each number says where it comes from', async () => {
    const { entry, seeds, values, config } = finished.find(({ paper }) => paper !== null)!;
    const method = config!.method === 'plain' ? 'Plain' : 'ABP';
    const network = networkNames[config!.networkType];
    const button = panel.getByRole('button', { name: rowName(network, method) }).first();
    await button.press('Enter');
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    await expect(panel.getByRole('link')).toHaveAttribute(
      'href',
      'https://arxiv.org/abs/1510.04189',
    );
    await expect(panel).toContainText(`results/${entry}-seed${seeds[0]}.json`);
    await expect(panel).toContainText(`npm run reproduce -- --verify ${entry}-seed${seeds[0]}`);
    await expect(panel).toContainText(new RegExp(`${(100 * values[0]!).toFixed(2)}\\s%`));
    await button.press('Enter');
    await expect(button).toHaveAttribute('aria-expanded', 'false');
    await expect(panel.getByRole('link')).toHaveCount(0);
  });

  await test.step('compares under attack, for which the paper has no number', async () => {
    await panel.getByLabel('Compare').selectOption('Error under FGSM, ε 0.08, not clipped');
    const { attacks } = finished[0]!;
    const { mean } = attacks.find(
      ({ attack: { kind, epsilon, clip } }) => kind === 'fgsm' && epsilon === 0.08 && !clip,
    )!.spread;
    await expect(panel).toContainText((100 * mean).toFixed(1));
    const numbers = panel.getByRole('region', { name: 'The numbers, on MNIST' });
    await expect(numbers).toBeVisible();
    await expect(numbers.getByText('1.40 %')).toHaveCount(0);
    await panel.getByLabel('Compare').selectOption('Test error without attack');
  });

  await test.step('a row opens as an experiment with its settings, by keyboard', async () => {
    await row.focus();
    await page.keyboard.press('Space');
    await expect(row).toHaveAttribute('aria-expanded', 'true');
    await page.keyboard.press('Tab');
    await expect(panel.getByRole('link')).toBeFocused();
    await page.keyboard.press('Tab');
    if (robustness !== null) {
      await expect(panel.getByRole('group', { name: 'Robustness' })).toBeFocused();
      await page.keyboard.press('Tab');
    }
    await expect(
      panel.getByRole('button', { name: `Open the experiment of ${reluGroup}, Plain` }),
    ).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(panel.getByText(/^The setup now holds this experiment/)).toBeVisible();
    await lab.goTo('Lab');
    await expect(lab.setup.getByRole('radio', { name: 'ReLU' })).toBeChecked();
    await expect(lab.field('Hidden layers')).toHaveValue(config!.hiddenLayers.join(', '));
    await expect(lab.field('Epochs').first()).toHaveValue(String(config!.epochs));
    await expect(lab.field('Learning rate').first()).toHaveValue(String(config!.learningRate));
    await expect(lab.field('Seed')).toHaveValue(String(config!.seed));
    const runs = lab.setup.getByRole('combobox', { name: /^Method of / });
    await expect(runs).toHaveCount(2);
    await expect(runs.nth(0)).toHaveValue('plain');
    await expect(runs.nth(1)).toHaveValue('adversarial');
    // The row is open as it was left.
    await lab.goTo('Paper');
    await expect(row).toHaveAttribute('aria-expanded', 'true');
    await expectReadable(page);
  });

  await test.step('a row opens as a shorter experiment', async () => {
    await panel
      .getByRole('button', { name: `Open a shorter experiment of ${reluGroup}, Plain` })
      .click();
    await panel.getByRole('button', { name: 'Go to Train' }).click();
    await expect(lab.button('Train')).toBeFocused();
    await expect(lab.button('Train')).toBeInViewport();
    const epochs = Number(await lab.field('Epochs').first().inputValue());
    expect(epochs).toBeGreaterThan(0);
    expect(epochs).toBeLessThan(config!.epochs);
  });

  await test.step('the table has the same numbers', async () => {
    await lab.goTo('Paper');
    const { cells, frame } = await openTable(page);
    await expect(cells).toContainText('1.40 %');
    await expect(cells).toContainText(new RegExp(spreadPattern(clean!)));
    await page.keyboard.press('Tab');
    await expect(frame).toBeFocused();
    await expectReadable(page);
  });
});

async function expectReadable(page: Page): Promise<void> {
  await expectAccessible(page, '[data-panel="Paper"]');
  await expectNoSidewaysScroll(page);
}

/** Shows the table. @returns its frame, and a row of it */
async function openTable(page: Page): Promise<{ frame: Locator; cells: Locator }> {
  const panel = paperOf(page);
  const checkbox = panel.getByRole('checkbox', { name: 'Table' });
  await checkbox.focus();
  await page.keyboard.press('Space');
  const frame = panel.getByRole('group', { name: 'The paper’s numbers and others' });
  return { frame, cells: frame.getByRole('row', { name: new RegExp(`^${reluGroup}, Plain`) }) };
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('fits, and has shadows where the table continues', async ({ lab, page }) => {
    await lab.open();
    const panel = await openPaper(lab);
    await panel.getByRole('button', { name: rowName(reluGroup, 'Plain') }).press('Enter');
    await expect(
      panel.getByRole('button', { name: `Open the experiment of ${reluGroup}, Plain` }),
    ).toBeVisible();
    await expectReadable(page);

    const { frame } = await openTable(page);
    // Near the top of a row, whose first cell stays in place and has a color of its own; the page's bar is above it.
    const row = frame.getByRole('row', { name: /^Logistic/ }).first();
    const top = (await row.boundingBox())!.y - (await frame.boundingBox())!.y;
    for (const [left, shadows] of [
      [0, { left: false, right: true }],
      [200, { left: true, right: true }],
      [2000, { left: true, right: false }],
    ] as const) {
      await frame.evaluate((element, left) => element.scrollTo(left, 0), left);
      await expect.poll(() => readShadows(frame, Math.round(top) + 4)).toEqual(shadows);
    }
    await expectReadable(page);
  });
});

test('shows a person’s own runs in their rows and copies them, and a link can hide the panel', async ({
  lab,
  page,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open('/#v=1&preset=quick&hide=paper&place=paper');
  const places = page.getByRole('navigation', { name: 'Places' });
  await expect(places.getByRole('link', { name: 'Lab' })).toHaveAttribute('aria-current', 'page');
  await expect(places.getByRole('link', { name: 'Paper' })).toHaveCount(0);
  await expect(paperOf(page)).toHaveCount(0);
  await page.getByTestId('hidden-panels').getByRole('button').click();
  await lab.fill(tinyRun);
  await lab.chooseMethods('plain', 'adversarial');
  const panel = await openPaper(lab);
  await lab.goTo('Lab');
  await lab.button('Train').click();
  await lab.expectFinished(2);
  await lab.goTo('Paper');
  // A run with other settings than any row's stands apart, with its size in its name.
  const rows = panel.getByRole('button', { name: /Your run ABP ε 0\.08 \d+\.\d\d %/ });
  await expect(rows).toHaveCount(1);
  const others = panel.getByRole('region', { name: 'Your runs with other settings' });
  const row = others.getByRole('button', { name: /ABP ε 0\.08 ReLU 1 × 16, 3 epochs/ });
  await row.click();
  await expect(others).toContainText('3 epochs, 640 training images');

  // An experiment that is opened leaves the one on the page as it is.
  await panel
    .getByRole('button', { name: rowName(reluGroup, 'ABP') })
    .first()
    .click();
  await panel
    .getByRole('button', { name: `Open the experiment of ${reluGroup}, ABP`, exact: true })
    .click();
  await lab.goTo('Lab');
  await expect(lab.setup.getByRole('combobox', { name: /^Method of / })).toHaveCount(2);
  await lab.expectFinished(2);

  await lab.goTo('Paper');
  const readClipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await panel.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect
    .poll(readClipboard)
    .toMatch(
      /\| met \|[^]*\| ReLU 2 × 400, 50 epochs, ABP.*\| 0\.78 % \(Nøkland 2015[^]*\| Your runs with other settings, ABP ε 0\.08.*after epoch 3/,
    );
  await panel.getByRole('button', { name: 'Copy as CSV' }).click();
  await expect.poll(readClipboard).toMatch(/^network,method,size,measure,from,run,error_rate/);
  expect(await readClipboard()).toContain(',your run,ABP ε 0.08,');
});
