import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainNumber, readNumber } from './numberText.ts';

describe('readNumber', () => {
  it.each([
    ['64', 64],
    [' 1e-3 ', 0.001],
    ['1E-3', 0.001],
    ['.5', 0.5],
    ['5.', 5],
    ['-2', -2],
    ['−2', -2], // a minus sign, as word processors write it
    ['+3', 3],
    ['007', 7],
    ['0,25', 0.25],
    [',25', 0.25],
    ['0,125', 0.125], // no group of thousands starts with 0
    ['1,5e-2', 0.015],
    ['1,0000', 1],
    ['1.000', 1], // a point is a decimal mark here
    ['8/255', 8 / 255],
    ['٠٫٢', 0.2], // as Arabic keyboards write it
    ['۰٫۲۵', 0.25], // Persian
    ['०.२', 0.2],
    ['０．２', 0.2], // wide, as in Japanese text
    ['\u200F0.2\u200E', 0.2],
    ['８／２５５', 8 / 255],
    ['8⁄255', 8 / 255],
    [' 8 / 255\u00a0', 8 / 255],
    ['0,5/2', 0.25],
    ['-1/4', -0.25],
    ['1,000,000', 1_000_000],
    ['1.000.000', 1_000_000],
  ])('reads %j', (text, number) => {
    expect(readNumber(text)).toBe(number);
    expect(explainNumber(text)).toBe('');
  });

  it('reads a whole number in any spelling that has one meaning', () => {
    const texts = ['64', '6.4e1', '64.0', '64,0', '128/2', ' 64 '];
    expect(texts.map((text) => readNumber(text, 'whole'))).toEqual(texts.map(() => 64));
  });

  it.each([
    '',
    '  ',
    'abc',
    '4o0',
    '0x10',
    'Infinity',
    'NaN',
    '1e',
    '1 000',
    '1 2',
    '1,',
    ',',
    '1,2,3',
    '1.2.3',
    '1,234.5',
    '1.234,5',
    '--1',
    '1e5.5',
    '50%',
    '½',
    '①',
    '٠٫٢٫٣',
    '1/',
    '/2',
    '1/0',
    '0/0',
    '1/2/3',
    '1//2',
    'a/b',
    '1e999/1e999',
  ])('refuses %j', (text) => {
    expect(readNumber(text)).toBeNaN();
    expect(readNumber(text, 'whole')).toBeNaN();
    expect(explainNumber(text)).toMatch(/^(The field is empty|“.*” is not a number)\.$/);
  });

  it.each([
    ['1,000', 'real', '“1,000” could mean 1000 or 1: write one of these.'],
    ['1,500', 'real', '“1,500” could mean 1500 or 1.5: write one of these.'],
    ['-60,000', 'real', '“-60,000” could mean -60000 or -60: write one of these.'],
    ['1,000', 'whole', '“1,000” could mean 1000 or 1: write one of these.'],
    ['60.000', 'whole', '“60.000” could mean 60000 or 60: write one of these.'],
    ['1,000/2', 'whole', '“1,000” could mean 1000 or 1: write one of these.'],
  ] as const)('refuses %j for a %s number, which has two meanings', (text, kind, reason) => {
    expect(readNumber(text, kind)).toBeNaN();
    expect(explainNumber(text, kind)).toBe(reason);
  });

  it('reads back every number that JavaScript writes', () => {
    const real = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(real, (value) => readNumber(String(value)) === value));
    const whole = fc.integer();
    fc.assert(fc.property(whole, (value) => readNumber(`${value}`, 'whole') === value));
  });

  it('gives a number or a reason for any text', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9.,/e -]{0,8}$/));
    fc.assert(
      fc.property(text, fc.constantFrom('real' as const, 'whole' as const), (typed, kind) => {
        expect(Number.isNaN(readNumber(typed, kind))).toBe(explainNumber(typed, kind) !== '');
      }),
    );
  });

  it.each(['1', ',', '1,', '.', '1,000', '/', '-'])(
    'refuses 100,000 times %j in no time',
    (part) => {
      expect(readNumber(`${part.repeat(100_000)}x`)).toBeNaN();
    },
  );
});
