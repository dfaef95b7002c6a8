import { expect, it } from 'vitest';
import { toCsv } from './csv.ts';

it('quotes texts that a CSV reader would misread', () => {
  expect(
    toCsv([
      ['run', 1.5],
      ['a, "b"', ''],
    ]),
  ).toBe('run,1.5\r\n"a, ""b""",\r\n');
});

it('lets no text start a formula in a spreadsheet; numbers stay numbers', () => {
  const texts = [
    '=1+1',
    '+A1',
    '-cmd',
    '@SUM(A1)',
    '\t=1',
    ' =1',
    '\u200B=1',
    '＝1',
    '=HYPERLINK("x")',
  ];
  for (const text of texts) expect(toCsv([[text]])).toMatch(/^"?'/);
  expect(toCsv([[-0.5, '-0.5', '+3', '−', 'ABP ε 0.08', 'a=b']])).toBe(
    '-0.5,-0.5,+3,−,ABP ε 0.08,a=b\r\n',
  );
});
