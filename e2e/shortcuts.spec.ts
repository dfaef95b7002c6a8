import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import { tabTo } from './keyboard.ts';

/** A short experiment, so that any machine finishes it. */
const shortLink = '/#v=1&attack=0.1&layers=16&images=640&epochs=3&runs=plain;dropout;adversarial';

test('the pad and the training button are among the first ten stops of the Tab key', async ({
  lab,
  page,
}) => {
  await page.goto(shortLink);
  const draw = new DrawPanel(page);
  await expect(draw.verdict).toHaveAttribute('data-answered');
  const stops: string[] = [];
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press('Tab');
    stops.push(
      await page.evaluate(() => {
        const { id, tagName } = document.activeElement!;
        return id || (document.activeElement!.getAttribute('href') ?? tagName);
      }),
    );
  }
  // Themselves, and the links that skip what is before them.
  expect(stops).toEqual(expect.arrayContaining(['pad', 'train', '#pad', '#train']));
  const skipTo = (name: RegExp) => page.getByRole('link', { name });
  await skipTo(/pad$/).focus();
  await page.keyboard.press('Enter');
  await expect(draw.pad).toBeFocused();
  await skipTo(/training button$/).focus();
  await page.keyboard.press('Enter');
  await expect(lab.button('Train')).toBeFocused();
  // The link to the page itself stays as it was.
  await expect(page).toHaveURL(/v=1/);
});

test('arrow keys move within the places, the tools and the digits, each one stop of the Tab key', async ({
  page,
}) => {
  await page.goto(shortLink);
  const draw = new DrawPanel(page);
  await expect(draw.verdict).toHaveAttribute('data-answered');
  const place = (name: string) => page.getByRole('link', { name, exact: true });
  await tabTo(place('Lab'));
  await page.keyboard.press('ArrowRight');
  await expect(place('How it works')).toBeFocused();
  await page.keyboard.press('End');
  await expect(place('Files')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(place('Lab')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(place('Files')).toHaveAttribute('aria-current', 'page');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const tool = (name: string) => page.getByRole('button', { name, exact: true });
  await expect(tool('Tour')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(tool('View')).toBeFocused();
  // The stop is where the focus was last.
  await page.keyboard.press('Tab');
  await expect(draw.pad).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(tool('View')).toBeFocused();

  await tabTo(draw.button('Clear'));
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(draw.cards.first()).toHaveAttribute('data-before', '9');
  await page.keyboard.press('Tab');
  await expect(draw.epsilon).toBeFocused();
});

test('the story by keyboard alone: a digit, its nudge, training and the verdict', async ({
  lab,
  page,
}) => {
  await page.goto(shortLink);
  const draw = new DrawPanel(page);
  await expect(page.getByTestId('examples-summary')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('7');
  await expect(draw.cards.first()).toHaveAttribute('data-before', '7');
  // On the pad too, where space is the pen.
  await tabTo(draw.pad);
  await page.keyboard.press('2');
  await expect(draw.cards.first()).toHaveAttribute('data-before', '2');
  await page.keyboard.press('Space');
  await page.keyboard.press('Space');
  await expect(lab.runStatuses).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(draw.cards.first()).toHaveAttribute('data-before', '2');

  await tabTo(draw.epsilon);
  await page.keyboard.press('ArrowRight');
  await expect(draw.epsilon).toHaveValue('0.11');
  // A field keeps its keys.
  await page.keyboard.press('7');
  await expect(draw.cards.first()).toHaveAttribute('data-before', '2');

  await tabTo(lab.button('Train'));
  await page.keyboard.press('Space');
  await lab.expectFinished(3);
  const outcome = page.getByTestId('outcome');
  await expect(outcome).toBeVisible({ timeout: 60_000 });
  await expect(outcome.getByRole('heading').or(outcome).first()).toContainText(/\w/);
});

test('space plays and pauses where nothing else uses it, and the menu turns shortcuts off', async ({
  lab,
  page,
}) => {
  await page.goto('/#v=1&layers=16&images=640&epochs=1000&runs=plain;adversarial');
  const draw = new DrawPanel(page);
  await expect(draw.verdict).toHaveAttribute('data-answered');
  await expect(lab.engine).toContainText('float32', { timeout: 60_000 });
  await page.keyboard.press('Space');
  await lab.expectTraining(1, 2);
  await page.keyboard.press('Space');
  await lab.expectRuns({ status: 'paused' }, 2);

  await tabTo(page.getByRole('button', { name: 'View', exact: true }));
  await page.keyboard.press('Enter');
  const choice = page.getByRole('menuitemcheckbox');
  await expect(choice).toBeChecked();
  await choice.press('Enter');
  await expect(choice).not.toBeChecked();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(draw.cards.first()).toHaveAttribute('data-before', /\d/, { timeout: 60_000 });
  await page.keyboard.press('7');
  await page.keyboard.press('Space');
  await lab.expectRuns({ status: 'paused' }, 2);
  // Nothing was put on the pad.
  await expect(draw.button('Undo')).toHaveAttribute('aria-disabled', 'true');
});

test('a menu opens by keyboard, fits a phone and gives the focus back', async ({ lab, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await lab.open();
  for (const name of ['View', 'More commands']) {
    const button = lab.button(name);
    await button.press('Enter');
    const menu = page.getByRole('menu', { name });
    await expect(menu).toBeVisible();
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    await expect(menu).toHaveId((await button.getAttribute('aria-controls'))!);
    await expect(menu.locator(':focus')).toHaveCount(1);
    const { x, width } = (await menu.boundingBox())!;
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(360);
    await page.keyboard.press('Escape');
    await expect(button).toBeFocused();
    await expect(button).toHaveAttribute('aria-expanded', 'false');
  }
});
