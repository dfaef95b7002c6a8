/** Numbers as people type them, in the form, in links and on the command line: `0,25`, `.1`, `8/255`, `1e-3`. */

export type NumberKind = 'real' | 'whole';

/** Linear in the length of the text: a word of the command line can be very long. */
const decimal = /^[+-]?(\d+(\.\d*|,\d+)?|[.,]\d+)(e[+-]?\d+)?$/i;
/** One group of three digits: 1000 where digits are grouped, 1 where the mark is a decimal one. */
const oneGroup = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;
const manyGroups = /^[+-]?[1-9]\d{0,2}(?:(?:,\d{3}){2,}|(?:\.\d{3}){2,})$/;

/** The zeros of the decimal digits of other scripts that people type; each is followed by its other nine. */
const zeros = [
  0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
  0x1040, 0x17e0, 0xff10,
];
/** Marks of numbers in other scripts and their wide forms, with those that mean the same. */
const marks: Readonly<Record<string, string>> = {
  '−': '-',
  '－': '-',
  '＋': '+',
  '⁄': '/',
  '∕': '/',
  '／': '/',
  '٫': '.',
  '．': '.',
  '，': ',',
};

/** The text in ASCII where it means the same, without what only sets the direction of writing. */
function plainOf(text: string): string {
  return text
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g, '')
    .replace(/\p{Nd}/gu, (digit) => {
      const code = digit.codePointAt(0)!;
      const zero = zeros.find((one) => code >= one && code < one + 10);
      return zero === undefined ? digit : String(code - zero);
    })
    .replace(/[−－＋⁄∕／٫．，]/g, (mark) => marks[mark]!)
    .trim();
}

type Measurement = { readonly value: number } | { readonly reason: string };

/**
 * The number that a text spells in full; NaN for any other text, and for one of two meanings: "1,000" may be
 * 1000 or 1. A point is a decimal mark on this page, so "1.000" is 1 unless a whole number is asked for.
 */
export function readNumber(text: string, kind: NumberKind = 'real'): number {
  const reading = parse(text, kind);
  return 'value' in reading ? reading.value : Number.NaN;
}

/** Why `readNumber` refuses a text, as a sentence; empty for a number. */
export function explainNumber(text: string, kind: NumberKind = 'real'): string {
  const reading = parse(text, kind);
  return 'value' in reading ? '' : reading.reason;
}

function parse(text: string, kind: NumberKind): Measurement {
  const typed = plainOf(text);
  if (typed === '') return { reason: 'The field is empty.' };
  const parts = typed.split('/');
  const [numerator = '', denominator, ...more] = parts.map((part) => part.trim());
  const above = parseDecimal(numerator, kind);
  const below = denominator === undefined ? { value: 1 } : parseDecimal(denominator, kind);
  if ('reason' in above) return above;
  if ('reason' in below) return below;
  const value = above.value / below.value;
  const isNumber = more.length === 0 && below.value !== 0 && !Number.isNaN(value);
  return isNumber ? { value: value + 0 } : { reason: `“${typed}” is not a number.` }; // −0 is 0
}

function parseDecimal(text: string, kind: NumberKind): Measurement {
  if (oneGroup.test(text) && (kind === 'whole' || text.includes(','))) {
    const [grouped, fraction] = [text.replace(/[.,]/, ''), text.replace(',', '.')].map(Number);
    return { reason: `“${text}” could mean ${grouped} or ${fraction}: write one of these.` };
  }
  if (manyGroups.test(text)) return { value: Number(text.replace(/[.,]/g, '')) };
  if (decimal.test(text)) return { value: Number(text.replace(',', '.')) };
  return { value: Number.NaN };
}
