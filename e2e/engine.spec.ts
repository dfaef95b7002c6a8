import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';

// Which engine computes, and how a person learns why.

/** Lets the worker's script run as in another browser: `code` runs before it. */
async function prepareWorker(page: Page, code: string): Promise<void> {
  await page.route('**/training.worker*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code};\n${await response.text()}` });
  });
}

/** The renderer is called otherwise, and so is timed like a graphics processor. */
const withGraphicsProcessor = `
  const getParameter = WebGL2RenderingContext.prototype.getParameter;
  WebGL2RenderingContext.prototype.getParameter = function (name) {
    const value = getParameter.call(this, name);
    return /swiftshader|llvmpipe/i.test(String(value)) ? 'Radeon Test' : value;
  }`;

const withoutFloatTextures = `
  const getExtension = WebGL2RenderingContext.prototype.getExtension;
  WebGL2RenderingContext.prototype.getExtension = function (name) {
    return name === 'EXT_color_buffer_float' ? null : getExtension.call(this, name);
  }`;

test('the reason opens and closes by keyboard', async ({ lab, page }) => {
  await lab.open();
  const button = lab.engine.getByRole('button');
  const reason = page.getByText('Why this engine');
  await expect(reason).toHaveCount(0);
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(reason).toBeVisible();
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByText('Device', { exact: true })).toBeVisible();
  await expectAccessible(page, 'header');
  await page.keyboard.press('Escape');
  await expect(reason).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('where a graphics processor renders WebGL, both are timed and the figures told', async ({
  lab,
  page,
}) => {
  await prepareWorker(page, withGraphicsProcessor);
  await lab.open();
  await lab.engine.getByRole('button').click();
  await expect(page.getByText(/784-400-400-10.* ms with SIMD/).first()).toBeVisible();
});

test('where textures hold half floats alone, SIMD computes', async ({ lab, page }) => {
  await prepareWorker(page, withoutFloatTextures);
  await lab.open();
  await expect(lab.engine).toContainText('SIMD');
  await lab.engine.getByRole('button').click();
  await expect(page.getByText(/cannot render to 32-bit float textures/).first()).toBeVisible();
});
