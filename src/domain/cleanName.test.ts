import { expect, it } from 'vitest';
import { cleanName } from './cleanName.ts';

it('removes what could make a name look like another', () => {
  expect(cleanName('fig\u202Egpj.exe')).toBe('fig gpj.exe');
  expect(cleanName('\u2066a\u2069\u0000\u0007b\nc\u200B')).toBe('a b c');
  expect(cleanName('ציפור.png')).toBe('ציפור.png');
  expect(cleanName('x'.repeat(101))).toBe(`${'x'.repeat(99)}…`);
});
