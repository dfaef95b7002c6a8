import { expect, it } from 'vitest';
import { findImported, findStyled, withoutUnusedColors } from './mantineStyles.ts';

it('reads which styles are imported', () => {
  const css =
    "@import '@mantine/core/styles/Button.layer.css';\n@import '@mantine/core/styles/global.layer.css';";
  expect([...findImported(css)]).toEqual(['Button', 'global']);
});

it('knows the component of a module with class names', () => {
  const folder = '/lab/node_modules/@mantine/core/esm/components/Checkbox';
  expect(findStyled(`${folder}/CheckboxCard/CheckboxCard.module.mjs`)).toBe('CheckboxCard');
  expect(findStyled(`${folder}/Checkbox.mjs`)).toBeNull();
  expect(findStyled('/lab/src/ui/Panel.module.css')).toBeNull();
});

it('drops the variables of colors that are not used, and no others', () => {
  const css = ':root {\n  --mantine-color-red-6: #fa5252;\n  --mantine-color-gray-3: #dee2e6;\n}\n';
  expect(withoutUnusedColors(css)).toBe(':root {\n  --mantine-color-gray-3: #dee2e6;\n}\n');
});
