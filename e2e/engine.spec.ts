import type { Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';

// Which engine computes, and where the page says why.

/** Runs `code` before the worker's script, as if in another browser. */
async function prepareWorker(page: Page, code: string): Promise<void> {
  await page.route('**/training.worker*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code};\n${await response.text()}` });
  });
}

/** Renames the renderer, so that it is timed like a graphics processor. */
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

test('where textures hold only half floats SIMD computes, and the reason opens by keyboard', async ({
  lab,
  page,
}) => {
  await prepareWorker(page, withoutFloatTextures);
  await lab.open();
  await expect(lab.engine).toContainText('SIMD');
  const button = lab.engine.getByRole('button');
  const details = page.getByTestId('engine-details');
  await expect(details).toHaveCount(0);
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(details).toBeVisible();
  await expect(details).toContainText('32-bit float textures');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await expectAccessible(page, 'footer');
  await page.keyboard.press('Escape');
  await expect(details).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('where a graphics processor renders WebGL, both engines are timed', async ({ lab, page }) => {
  await prepareWorker(page, withGraphicsProcessor);
  await lab.open();
  await lab.engine.getByRole('button').click();
  await expect(page.getByTestId('engine-details')).toContainText(/784-400-400-10.* ms with SIMD/);
});
