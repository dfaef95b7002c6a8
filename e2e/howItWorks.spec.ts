import { readFileSync } from 'node:fs';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { mnistSourceFolder } from '../scripts/mnistPlugin.ts';
import { mnistFiles } from '../src/data/mnistFiles.ts';
import { Float64Backend } from '../src/engine/backends/float64/backend.ts';
import { inspectStep } from '../src/engine/inspectStep.ts';
import { layerShapes, makeNetwork } from '../src/engine/network.ts';
import { updateRule } from '../src/engine/optimizers.ts';
import { stateCount } from '../src/shared/checkpoint.ts';
import { decodeNetwork } from '../src/shared/networkFile.ts';
import { inspectedMethods, type StepInspection } from '../src/shared/stepInspection.ts';
import { expect, test } from './fixtures.ts';
import { tinyRun } from './labPage.ts';

type Inspection = Omit<StepInspection, 'hasOptimizerMemory'>;

/** The panel as a person finds it. */
class HowPanel {
  readonly page: Page;
  readonly region: Locator;
  readonly slider: Locator;

  constructor(page: Page) {
    this.page = page;
    this.region = page.getByRole('region', { name: 'How it works' });
    this.slider = this.region.getByRole('slider', { name: 'Moment', exact: true });
  }

  /** Waits until the step of these weights is there. */
  async find(weights: RegExp): Promise<void> {
    await this.region.scrollIntoViewIfNeeded();
    await expect(this.region.getByText(weights)).toBeVisible({ timeout: 60_000 });
  }

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }

  /** All numbers of the panel in full, by their names. */
  async readNumbers(): Promise<Map<string, number>> {
    const pairs = await this.region
      .locator('data[data-name]')
      .evaluateAll((elements) =>
        elements.map((element): [string, number] => [
          element.getAttribute('data-name')!,
          Number((element as HTMLDataElement).value),
        ]),
      );
    return new Map(pairs);
  }

  /** The grey levels of a picture, 0 to 255. */
  async readLevels(name: RegExp): Promise<number[]> {
    return this.region.locator('canvas').evaluateAll((canvases, pattern) => {
      const canvas = canvases.find((one) =>
        new RegExp(pattern).test(one.getAttribute('aria-label') ?? ''),
      ) as HTMLCanvasElement;
      // A copy: the page's own canvas is not made to be read.
      const copy = Object.assign(document.createElement('canvas'), { width: 28, height: 28 });
      const context = copy.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, 28, 28);
      return [...data].filter((_, i) => i % 4 === 0);
    }, name.source);
  }
}

/** The step on the float64 reference: on a test digit, with a network file, its optimizer's first. */
async function computeReference(file: Buffer, index: number, epsilon: number): Promise<Inspection> {
  const { config, layers, stepsTrained } = decodeNetwork(new Uint8Array(file));
  const { image, label } = testDigit(index);
  const backend = new Float64Backend();
  const shapes = layerShapes(config, 784, 10);
  const network = makeNetwork(
    backend,
    shapes,
    layers.map(({ parameters }) => parameters),
    config.loss,
  );
  const states = layers.map(({ rows, columns }) =>
    Array.from({ length: stateCount[config.optimizer] }, () => backend.zeros(rows, columns)),
  );
  const epoch = Math.floor(stepsTrained / Math.ceil(config.trainingSetSize / config.batchSize));
  const rule = updateRule(
    config.optimizer,
    config.learningRate * config.learningRateDecay ** epoch,
    1,
  );
  const state = { network, states, config, step: stepsTrained, rule };
  return inspectStep(backend, state, image, label, epsilon);
}

function testDigit(index: number): { image: Float32Array; label: number } {
  const read = (name: string) => readFileSync(path.join(mnistSourceFolder(), name));
  const pixels = read(mnistFiles.test.images.name).subarray(
    16 + 784 * index,
    16 + 784 * (index + 1),
  );
  const label = read(mnistFiles.test.labels.name)[8 + index]!;
  return { image: Float32Array.from(pixels, (pixel) => pixel / 255), label };
}

/** Every number of the panel against the reference, to what float32 and 784 summands allow. */
async function expectReference(
  panel: HowPanel,
  expected: Inspection,
  options: { readonly updates: boolean },
): Promise<void> {
  const found = await panel.readNumbers();
  const near = (name: string, value: number, tolerance = 2e-4): void => {
    expect(found.has(name), name).toBe(true);
    const error = Math.abs(found.get(name)! - value);
    expect(error, `${name}: ${found.get(name)} for ${value}`).toBeLessThanOrEqual(
      tolerance * Math.max(Math.abs(value), 1e-3),
    );
  };
  const { clean, inputGradient, methods, epsilon } = expected;
  const moved = methods.adversarial.input;
  near('loss on x', clean.loss);
  clean.probabilities.forEach((value, digit) => near(`x output ${digit}`, value));
  near('largest gradient', Math.max(...inputGradient.map(Math.abs)));
  near(
    'gradient sum',
    inputGradient.reduce((sum, value) => sum + Math.abs(value), 0),
  );
  const counts = [1, -1, 0].map(
    (sign) => inputGradient.filter((g) => Math.sign(g) === sign).length,
  );
  // A gradient that is 0 to float32's precision may have either sign.
  ['positive', 'negative', 'zero'].forEach((name, i) =>
    expect(Math.abs(found.get(name)! - counts[i]!)).toBeLessThanOrEqual(2),
  );
  near('ε', epsilon, 1e-6);
  near('darkest', Math.min(...moved), 1e-5);
  near('brightest', Math.max(...moved), 1e-5);
  near('loss on x̃', methods.adversarial.pass.loss);
  methods.adversarial.pass.probabilities.forEach((value, i) => near(`x̃ output ${i}`, value));
  for (const method of inspectedMethods) {
    const { pass, gradientNorms, after } = methods[method];
    near(`${method} loss`, pass.loss);
    gradientNorms.forEach((norm, l) => near(`${method} norm ${l}`, norm));
    if (!options.updates) continue;
    near(`${method} after x`, after.clean.loss, 2e-3);
    near(`${method} after x̃`, after.adversarial.loss, 2e-3);
  }
  methods.adversarial.gradientNorms.forEach((norm, l) => near(`gradient norm ${l}`, norm));
  if (options.updates) near('loss after', methods.adversarial.after.adversarial.loss, 2e-3);
  const levels = await panel.readLevels(/^The digit moved by ε/);
  const wrong = levels.filter(
    (level, i) => Math.abs(level - 255 * Math.min(1, Math.max(0, moved[i]!))) > 1,
  );
  expect(wrong.length).toBeLessThanOrEqual(2);
}

test('every number is the float64 reference’s: pretrained, after a change of ε, of a digit, of the setup', async ({
  lab,
  page,
}) => {
  await lab.open();
  const panel = new HowPanel(page);
  await panel.find(/^Weights of Plain \(pretrained\)/);
  const plain = readFileSync('public/pretrained/plain.safetensors');
  await expectReference(panel, await computeReference(plain, 0, 0.08), { updates: true });

  await panel.region.getByRole('slider', { name: 'Training ε' }).fill('0.2');
  await expect(panel.region.getByRole('img', { name: 'The digit moved by ε 0.20' })).toHaveCount(1);
  await expectReference(panel, await computeReference(plain, 0, 0.2), { updates: true });

  await panel.region.getByRole('button', { name: 'Back to the setup’s 0.08' }).click();
  await panel.region.getByRole('radio', { name: 'Test digit 4, number 5' }).check({ force: true });
  await panel.region.getByLabel('Weights of').selectOption('Adversarial (pretrained)');
  await panel.find(/^Weights of Adversarial \(pretrained\)/);
  await lab.field('Training ε').fill('0.3');
  await expect(panel.region.getByRole('img', { name: 'The digit moved by ε 0.30' })).toHaveCount(1);
  const adversarial = readFileSync('public/pretrained/adversarial.safetensors');
  await expectReference(panel, await computeReference(adversarial, 4, 0.3), { updates: true });
});

test('of a network that was trained here, as its saved weights give it; and it follows training', async ({
  lab,
  page,
}) => {
  await lab.open();
  await lab.race('Adversarial back-propagation');
  await lab.fill({ ...tinyRun, 'Training ε': '0.12' });
  await lab.button('Step').click();
  const panel = new HowPanel(page);
  await panel.find(/^Weights of ABP ε 0.12 .* after 1 training step\./);
  await lab.button('Train').click();
  await expect(lab.status('Finished')).toBeVisible({ timeout: 60_000 });
  await panel.find(/^Weights of ABP ε 0.12 .* after 30 training steps/);
  const downloading = page.waitForEvent('download');
  await page
    .getByRole('region', { name: 'Results' })
    .getByRole('button', { name: /^Save weights of/ })
    .first()
    .click();
  const file = readFileSync(await (await downloading).path());
  await expectReference(panel, await computeReference(file, 0, 0.12), { updates: false });
});

test('a drawing goes through the step, as what it is read as or shall be', async ({
  lab,
  page,
}) => {
  await lab.open();
  const panel = new HowPanel(page);
  await page.getByRole('button', { name: 'Put a test 7 on the pad' }).click();
  await panel.find(/^Weights of ./);
  await panel.region.getByRole('radio', { name: 'Your drawing' }).check({ force: true });
  await expect(panel.region.getByText('It is a 7.')).toHaveCount(1);
  await panel.region.getByLabel('What the drawing shall be').selectOption('shall be a 1');
  await expect(panel.region.getByText('It is a 1.')).toHaveCount(1);
  const numbers = await panel.readNumbers();
  expect(numbers.get('loss on x')!).toBeGreaterThan(3);
});

test('moments: by buttons, keys and slider; playing unfolds them and can be paused', async ({
  lab,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await lab.open();
  const panel = new HowPanel(page);
  await panel.find(/^Weights of ./);
  await expect(panel.slider).toHaveAttribute('aria-valuetext', '1 of 5, Clean pass');
  await expect(panel.button('Moment before')).toHaveAttribute('aria-disabled', 'true');
  await panel.button('Next moment').press('Enter');
  await expect(panel.slider).toHaveAttribute('aria-valuetext', '2 of 5, Gradient');
  await expect(panel.region.getByText(/carried back through the layers/)).toBeVisible();
  await panel.slider.press('End');
  await expect(panel.slider).toHaveAttribute('aria-valuetext', '5 of 5, Update');
  await expect(panel.button('Next moment')).toHaveAttribute('aria-disabled', 'true');
  await panel.button('Moment before').click();
  await expect(panel.slider).toHaveAttribute('aria-valuetext', '4 of 5, New input');
  await panel.slider.press('End');
  await panel.button('Play slowly').click();
  await expect(panel.slider).toHaveAttribute('aria-valuetext', '1 of 5, Clean pass');
  const start = Number(await panel.slider.inputValue());
  expect(start).toBeLessThan(1);
  await expect.poll(async () => Number(await panel.slider.inputValue())).toBeGreaterThan(1);
  await panel.button('Pause the moments').click();
  const paused = await panel.slider.inputValue();
  await page.waitForTimeout(500);
  expect(await panel.slider.inputValue()).toBe(paused);
});

test('with reduced motion there are still frames, and nothing moves by itself', async ({
  lab,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lab.open();
  const panel = new HowPanel(page);
  await panel.find(/^Weights of ./);
  await expect(panel.button('Play slowly')).toHaveCount(0);
  await panel.slider.press('ArrowRight');
  await expect(panel.slider).toHaveValue('2');
  await panel.button('Next moment').click();
  await expect(panel.slider).toHaveValue('3');
});

test('equation, words, pictures and pixel are linked', async ({ lab, page }) => {
  await lab.open();
  const panel = new HowPanel(page);
  await panel.find(/^Weights of ./);
  const picture = panel.region.getByRole('slider', {
    name: 'The gradient: the marked pixel',
    exact: true,
  });
  const equations = panel.region.getByRole('group', { name: /^Equations/ });
  const part = equations.getByRole('button', { name: /^the gradient of the loss/ });
  const outline = (locator: Locator) =>
    locator.evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(await outline(picture)).toBe('none');
  // What loads above may still move it away from under the pointer.
  const expectLit = (pointed: Locator, lit: Locator) =>
    expect(async () => {
      await pointed.hover();
      expect(await outline(lit)).toBe('solid');
    }).toPass({ timeout: 20_000 });
  await expectLit(part, picture);
  await part.click();
  await expect(panel.slider).toHaveAttribute('aria-valuetext', '2 of 5, Gradient');
  await expectLit(picture, part);
  await expectLit(picture, panel.region.getByText('The gradient', { exact: true }).first());

  await picture.focus();
  await picture.press('ArrowRight');
  await expect(picture).toHaveAttribute('aria-valuetext', /^Row \d+, column \d+: −?\d/);
  const numbers = await panel.readNumbers();
  const [x, moved, gradient] = ['pixel x', 'pixel x̃', 'pixel gradient'].map((name) =>
    numbers.get(name)!,
  );
  expect(moved).toBeCloseTo(x! + 0.08 * Math.sign(gradient!), 5);
});

test('half a step, and another half, are one step', async ({ lab, page }) => {
  await lab.open();
  await lab.race('Adversarial back-propagation', 'Back-propagation');
  await lab.fill({ ...tinyRun, 'Training ε': '0.1' });
  await lab.button('Half step').click();
  await expect(lab.status(/^Half a step taken/)).toBeVisible({ timeout: 60_000 });
  const panel = new HowPanel(page);
  const adversarial = panel.region.getByRole('group', { name: 'ABP ε 0.1, half a step' });
  await expect(adversarial).toContainText('step 1: its 64 images have become x̃');
  await expect(adversarial.getByRole('img', { name: /^Training digit/ })).toHaveCount(10);
  await expect(panel.region.getByRole('group', { name: 'Plain, half a step' })).toContainText(
    'stay as they are',
  );
  await panel.button('Second half: update').click();
  await expect(adversarial).toHaveCount(0);
  await expect(lab.status(/^Paused · Epoch 1 of 3 · step 1 of 10/)).toBeVisible();
  await lab.showTable();
  const halved = await lab.readErrors();
  await lab.button('Reset').click();
  await lab.button('Step').click();
  await expect(lab.status(/^Paused · Epoch 1 of 3 · step 1 of 10/)).toBeVisible();
  expect(await lab.readErrors()).toEqual(halved);
  // Between the halves it can be trained on, and reset.
  await lab.button('Half step').click();
  await expect(adversarial).toBeVisible();
  await lab.button('Train').click();
  await expect(lab.status('Finished')).toBeVisible({ timeout: 60_000 });
  await expect(adversarial).toHaveCount(0);
  await lab.button('Reset').click();
  await lab.button('Half step').click();
  await expect(adversarial).toBeVisible({ timeout: 60_000 });
  await lab.button('Reset').click();
  await expect(adversarial).toHaveCount(0);
});

test('why it works: each claim has a source, and numbers of the networks at hand', async ({
  lab,
  page,
}) => {
  await lab.open();
  const why = page.getByRole('region', { name: 'Why it works' });
  await why.scrollIntoViewIfNeeded();
  await expect(why.getByText(/^Source: /)).toHaveCount(4);
  const table = why.getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveCount(3, { timeout: 60_000 });
  const read = async (row: string, column: number) => {
    const cells = table.getByRole('row', { name: row }).first().locator('data');
    return Number(await cells.nth(column).getAttribute('value'));
  };
  // The claims hold for the plain network, and the adversarial one is flatter.
  const sum = await read('‖∂J/∂x‖₁', 0);
  const length = await read('‖∂J/∂x‖₂', 0);
  expect(sum / length).toBeGreaterThan(5);
  expect(sum / length).toBeLessThanOrEqual(28);
  const [clean, random, fgsm, pgd] = [
    await read('Error on x', 0),
    await read('Error with random signs', 0),
    await read('Error on x̃ (FGSM)', 0),
    await read('Error under PGD', 0),
  ];
  expect(clean).toBeLessThan(random + 1);
  expect(fgsm).toBeGreaterThan(5 * random);
  expect(pgd).toBeGreaterThanOrEqual(fgsm);
  // The adversarial network's loss rises least.
  expect(await read('Loss on x̃ (FGSM)', 2)).toBeLessThan((await read('Loss on x̃ (FGSM)', 0)) / 2);
  await expect(why.getByText(/^Plain \(pretrained\)\./)).toHaveCount(3);
  await page
    .getByRole('region', { name: 'How it works' })
    .getByRole('slider', { name: 'Training ε' })
    .fill('0.2');
  await why.scrollIntoViewIfNeeded();
  await expect(why.getByText(/test digits, ε 0.20/)).toBeVisible();
});

const wide = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };
for (const viewport of [wide, phone]) {
  test.describe(`${viewport.width} px`, () => {
    test.use({ viewport, hasTouch: viewport === phone });

    test('axe finds nothing in any moment, nothing scrolls sideways, no long task', async ({
      lab,
      page,
    }) => {
      await page.addInitScript(() => {
        const tasks: number[] = [];
        Object.assign(window, { tasks });
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) tasks.push(duration);
        }).observe({ type: 'longtask' });
      });
      await lab.open();
      await expect(page.getByText(/reads \d+ clean/).first()).toBeVisible();
      await page.waitForTimeout(1000);
      await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks.splice(0));
      const panel = new HowPanel(page);
      await panel.find(/^Weights of ./);
      await expect(panel.region.getByRole('table').nth(1)).toHaveCount(1);
      const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
      expect(Math.max(0, ...tasks)).toBeLessThan(100);
      if (viewport === phone) {
        await panel.button('Next moment').tap();
        await expect(
          panel.region.getByRole('slider', { name: 'The gradient: the marked pixel', exact: true }),
        ).toBeVisible();
        await expect(
          panel.region.getByRole('slider', { name: 'The digit x: the marked pixel' }),
        ).toBeHidden();
      }
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await expect(page.locator('html')).toHaveAttribute(
          'data-mantine-color-scheme',
          colorScheme,
        );
        for (const moment of ['1', '2', '3', '4', '5']) {
          await panel.slider.fill(moment);
          const { violations } = await new AxeBuilder({ page })
            .include('section:has(data[data-name])')
            .analyze();
          expect(
            violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
          ).toEqual([]);
        }
      }
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return { scrollWidth, clientWidth };
      });
      expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    });
  });
}
