import { expect, it } from 'vitest';
import { findImported, findStyled } from './mantineStyles.ts';

it('reads which styles are imported', () => {
  const css =
    "@import '@mantine/core/styles/Button.css';\n@import '@mantine/core/styles/global.css';";
  expect([...findImported(css)]).toEqual(['Button', 'global']);
});

it('knows the component of a module with class names', () => {
  const folder = '/lab/node_modules/@mantine/core/esm/components/Checkbox';
  expect(findStyled(`${folder}/CheckboxCard/CheckboxCard.module.mjs`)).toBe('CheckboxCard');
  expect(findStyled(`${folder}/Checkbox.mjs`)).toBeNull();
  expect(findStyled('/lab/src/ui/Panel.module.css')).toBeNull();
});
