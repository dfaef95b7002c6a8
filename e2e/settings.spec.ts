import { expect, test } from './fixtures.ts';

/** A value that each kind of field refuses, and what the field's description must name: the limit, or what was typed. */
const refusals = [
  ['Hidden layers', '0', /2048/],
  ['Training ε', '9', /from 0 to 1/],
  ['Batch size', 'abc', /“abc”/],
  ['Seed', '-1', /4294967295/],
] as const;

test('refuses invalid settings at the field, with the reason, and counts those that are folded away', async ({
  lab,
}) => {
  await lab.open();
  await lab.fill({});
  for (const [name, text, reason] of refusals) {
    await test.step(`${name}: “${text}”`, async () => {
      const field = lab.field(name);
      const valid = await field.inputValue();
      await field.fill(text);
      await expect(field).toHaveAttribute('aria-invalid', 'true');
      await expect(field).toHaveAccessibleDescription(reason);
      await expect(lab.button('Train')).toBeDisabled();
      await expect(field).toHaveValue(text);
      await field.fill(valid);
      await expect(field).not.toHaveAttribute('aria-invalid', 'true');
      await expect(lab.button('Train')).toBeEnabled();
    });
  }
  await lab.field('Batch size').fill('0');
  await lab.setup.getByRole('button', { name: 'Advanced' }).click();
  await expect(lab.setup.getByText(/^1 field\b/)).toBeVisible();
});

test('says an error once, at its field, and names the run by its last valid value', async ({
  lab,
}) => {
  await lab.open();
  const fields = lab.setup.getByLabel('Training ε', { exact: true });
  await expect(fields).toHaveCount(2); // for all runs, and for the only one that uses it
  await fields.first().fill('abc');
  for (const field of await fields.all())
    await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(lab.page.getByText(/abc/)).toHaveCount(1);
  await expect(fields.first()).toHaveAccessibleDescription(/abc/);
  await expect(lab.setup.getByRole('button', { name: 'Remove ABP ε 0.08' })).toBeVisible();
});

test('reads numbers as people type them, and shows the number once the field is left', async ({
  lab,
}) => {
  await lab.open();
  await lab.fill({});
  const field = lab.field('Learning rate');
  for (const [typed, shown] of [
    ['0,25', '0.25'],
    [' .1 ', '0.1'],
    ['8/255', String(8 / 255)],
    ['1e-3', '0.001'],
  ] as const) {
    await field.fill(typed);
    await expect(field).not.toHaveAttribute('aria-invalid', 'true');
    await (typed === '1e-3' ? field.press('Enter') : field.blur());
    await expect(field).toHaveValue(shown);
  }
  await field.press('ArrowUp');
  await expect(field).toHaveValue('0.0011');
  await lab.field('Epochs').fill('1,000');
  await expect(lab.field('Epochs')).toHaveAccessibleDescription(/“1,000” could mean 1000 or 1/);
  await expect(lab.button('Train')).toBeDisabled();
});
