import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { InsidePanel } from './insidePanel.ts';
import { longRun } from './labPage.ts';
import { expectNoSidewaysScroll } from './sidewaysScroll.ts';

const names = ['Plain', 'Dropout', 'ABP'];
const phone = { width: 360, height: 740 };

async function expectReadable(page: Page): Promise<void> {
  await expectAccessible(page, 'section[data-panel="Inside the networks"]');
  await expectNoSidewaysScroll(page);
}

test('shows weights, gradients and losses of the pretrained networks', async ({ lab, page }) => {
  test.setTimeout(180_000);
  const inside = new InsidePanel(lab);
  await inside.watchQuestions();
  await lab.open();

  await test.step('asks the networks nothing before the place is opened', async () => {
    await expect(lab.examples.getByTestId('examples-summary')).toBeVisible();
    expect(await inside.countQuestions()).toBe(0);
    await expect(inside.region).toHaveCount(0);
  });

  await test.step('weights: a page at a time, one unit enlarged', async () => {
    await inside.open('Weights');
    await expect(inside.pretrainedNote).toBeVisible();
    for (const name of names) {
      await expect(inside.image(`First-layer weights of ${name}, units 1 to 24`)).toBeVisible();
    }
    await inside.button('Next').click();
    await expect(inside.image(/units 25 to 48/)).toHaveCount(3);
    // By keyboard, and by pressing a picture.
    await inside.button('Enlarge one').press('Enter');
    await expect(inside.image(/^Weights of unit 25 of/)).toHaveCount(3);
    await inside.button('Previous unit').click();
    await expect(inside.image(/^Weights of unit 24 of/)).toHaveCount(3);
    await expect(inside.image(/units 1 to 24/)).toHaveCount(3);
    await expectReadable(page);
    await inside.image(/^First-layer weights of Plain/).click({ position: { x: 5, y: 5 } });
    await expect(inside.image('Weights of unit 1 of Plain')).toBeVisible();
    await inside.region.getByRole('checkbox', { name: 'All 256' }).check();
    await expect(inside.image(/units 1 to 256/)).toHaveCount(3);
    expect(await inside.countQuestions()).toBeGreaterThan(0);
  });

  await test.step('a view is as it was left', async () => {
    await lab.goTo('Lab');
    await expect(inside.region).toBeHidden();
    await lab.goTo('Look inside');
    await expect(inside.image(/units 1 to 256/)).toHaveCount(3);
  });

  await test.step('gradients of a chosen digit, with their norms', async () => {
    await inside.open('Gradients');
    await inside.button('Test digit 4').click();
    await expect(inside.region.getByRole('heading', { name: 'The digit, a 4' })).toBeVisible();
    for (const name of names) {
      const network = inside.region.getByRole('region', { name });
      await expect(network.getByRole('img')).toHaveAccessibleName(
        `Gradient of the loss of ${name} with respect to the pixels`,
      );
      for (const term of ['‖g‖₁', '‖g‖₂', 'loss J']) {
        await expect(network.getByText(term, { exact: true })).toBeVisible();
      }
    }
    await expectReadable(page);
  });

  await test.step('losses along both directions, and on the square between them', async () => {
    await inside.open('Loss landscape');
    await inside.button('Test digit 4').click();
    const along = inside.region.getByRole('slider', {
      name: 'Along the sign of the gradient, by t',
    });
    await along.focus();
    await page.keyboard.press('End');
    await expect(along).toHaveAttribute('aria-valuetext', /^t 0\.1\. .*Plain: .*ABP: /);
    await page.keyboard.press('Home');
    await expect(along).toHaveAttribute('aria-valuetext', /^t −0\.1\. /);
    await expect(
      inside.region.getByRole('slider', { name: 'Along random signs, by t' }),
    ).toBeVisible();
    for (const name of names) {
      await expect(
        inside.image(`Loss of ${name} from −0.10 to 0.10 along both directions`),
      ).toBeVisible();
    }
    await expectReadable(page);
    await inside.region.getByRole('checkbox', { name: 'Table' }).check();
    const table = inside.region.getByRole('table', { name: 'Losses from −ε to ε, ε 0.10' });
    await expect(table.locator('tbody tr')).toHaveCount(41);
    await inside.region.getByRole('slider', { name: 'ε', exact: true }).fill('0');
    await expect(inside.region.getByTestId('no-losses-around')).toBeVisible();
  });
});

test('shows networks while they train', async ({ lab, page }) => {
  const inside = new InsidePanel(lab);
  await inside.watchQuestions();
  await lab.open();
  await test.step('weights change as training continues while they are looked at, and a reset brings the pretrained ones back', async () => {
    await lab.chooseMethods('Back-propagation', 'Adversarial back-propagation');
    await lab.fill(longRun);
    await lab.button('Train').click();
    await lab.expectTraining(1, 2);
    await inside.open('Weights');
    await expect(inside.pretrainedNote).toHaveCount(0);
    const readStep = async (): Promise<number> =>
      Number(await inside.moments.first().getAttribute('data-step'));
    const before = await readStep();
    await expect.poll(readStep).toBeGreaterThan(before);
    // In another place nobody asks for them; back here they are those of now.
    const left = await readStep();
    await lab.goTo('Lab');
    const asked = await inside.countQuestions();
    await page.waitForTimeout(3000); // twice as long as the view rests between two questions
    expect(await inside.countQuestions()).toBe(asked);
    await lab.goTo('Look inside');
    await expect.poll(readStep).toBeGreaterThan(left);
    await lab.goTo('Lab');
    await lab.press('Start over');
    await expect(lab.noRuns).toBeAttached();
    await inside.open('Weights');
    await expect(inside.pretrainedNote).toBeVisible();
    await lab.goTo('Lab');
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: phone });

  test('is readable in every view', async ({ lab, page }) => {
    await lab.open();
    const inside = new InsidePanel(lab);
    await inside.open('Weights');
    await inside.button('Enlarge one').click();
    await expectReadable(page);
    await inside.open('Gradients');
    await expect(inside.image(/^Gradient of/)).toHaveCount(3);
    await expectReadable(page);
    await inside.open('Loss landscape');
    await expect(inside.region.getByRole('slider', { name: /^Along random/ })).toBeVisible();
    await expectReadable(page);
  });
});
