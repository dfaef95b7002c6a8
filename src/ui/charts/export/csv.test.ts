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
