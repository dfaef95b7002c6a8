import { cleanName } from '../../domain/cleanName.ts';

/** Most characters of a class's name; longer ones are cut. */
export const maxNameLength = 24;

/**
 * Reads a file that names classes: EMNIST's mappings (a label, then one or two character codes: "10 65", "1 65 97") or
 * Kuzushiji-MNIST's table ("3,U+3064,つ").
 *
 * @returns names by label; null if the text is something else
 */
export function parseMapping(text: string): ReadonlyMap<number, string> | null {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const rows = /^index,/i.test(lines[0] ?? '') ? lines.slice(1) : lines;
  const names = new Map<number, string>();
  for (const row of rows) {
    const [, label, codes] = /^(-?\d{1,9})[ \t]+(\d{1,7}(?:[ \t]+\d{1,7})?)$/.exec(row) ?? [];
    const [, index, character] = /^(\d{1,9}),(?:U\+[0-9A-F]+,)?"?([^",]+)"?$/i.exec(row) ?? [];
    if (label !== undefined && codes !== undefined) {
      const points = codes.split(/[ \t]+/).map(Number);
      if (points.some((point) => point > 0x10ffff)) return null;
      names.set(Number(label), cleanName(String.fromCodePoint(...points), maxNameLength));
    } else if (index !== undefined && character !== undefined) {
      names.set(Number(index), cleanName(character, maxNameLength));
    } else return null;
  }
  return names.size >= 2 ? names : null;
}
