import { expect, test } from './fixtures.ts';

const refusals = [
  ['Hidden layers', '0', /whole number of units from 1 to 2048/],
  ['Hidden layers', '100, many', /“many” is not a number/],
  ['Hidden layers', '', /Write the units of each layer/],
  ['Training ε', '9', /Training ε must be a number from 0 to 1/],
  ['Training ε', 'small', /“small” is not a number/],
  ['Batch size', '0', /Batch size must be a whole number from 1 to 1024/],
  ['Batch size', 'abc', /“abc” is not a number/],
  ['Epochs', '2.5', /Epochs must be a whole number/],
  ['Training set size', '60001', /Training set size must be a whole number from 100 to 60000/],
  ['Seed', '-1', /Seed must be a whole number from 0/],
] as const;

test('refuses invalid settings at the field, with the reason', async ({ lab }) => {
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

test('counts a refused setting that is folded away', async ({ lab }) => {
  await lab.open();
  await lab.fill({ 'Batch size': '0' });
  const advanced = lab.setup.getByRole('button', { name: 'Advanced' });
  await advanced.click();
  await expect(lab.setup.getByText('1 field to correct')).toBeVisible();
});
