import { explainNumber, readNumber } from './numberText.ts';

/** Hidden layers as people type them: `400, 400`, `400-400`, `400x400`, or `none` for a linear classifier. */

/** [1, 2] thousands with a comma: one layer or two? */
const ambiguous = /(?:^|[\s,;])([12]),(\d{3})(?=$|[\s,;])/;

/** Units of each layer; NaN for each part that is not a number, a single NaN for a text of two meanings. */
export function readLayers(text: string): number[] {
  if (text.trim().toLowerCase() === 'none') return [];
  if (ambiguous.test(text)) return [Number.NaN];
  return splitLayers(text).map(readUnits);
}

/** Why `readLayers` cannot read a text, as a sentence; empty where every part is a number. */
export function explainLayers(text: string): string {
  if (text.trim() === '') return 'The field is empty.';
  const [, thousands, rest] = ambiguous.exec(text) ?? [];
  if (thousands !== undefined && rest !== undefined) {
    return `“${thousands},${rest}” could mean one layer or two: write ${thousands}${rest} or ${thousands}-${Number(rest)}.`;
  }
  const part = readLayers(text).some(Number.isNaN)
    ? splitLayers(text).find((one) => Number.isNaN(readUnits(one)))
    : undefined;
  if (part === undefined) return '';
  if (part === '') return 'A number is missing between two commas.';
  return explainNumber(part, 'whole') || `“${part}” is not a number of units.`;
}

/** For the form: "400, 400". */
export function showLayers(layers: readonly number[]): string {
  return layers.join(', ') || 'none';
}

function splitLayers(text: string): string[] {
  const parts = text.replace(/(?<=\d)(?:[-–]|\s*[x×]\s*)(?=\d)/g, ',').split(/\s*[,;]\s*|\s+/);
  const first = parts.findIndex((part) => part !== '');
  return first < 0 ? [] : parts.slice(first, parts.findLastIndex((part) => part !== '') + 1);
}

function readUnits(part: string): number {
  return /^0\d/.test(part) ? Number.NaN : readNumber(part, 'whole'); // "1,024" is not 1 and 24
}
