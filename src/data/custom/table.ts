import { corruptFile } from './byteSource.ts';
import type { DataArray } from './dataArray.ts';

/** The images and labels of a table with one image a line. */
export interface Table {
  readonly images: DataArray;
  readonly labels: DataArray | null;
}

const [newline, carriageReturn, quote] = [10, 13, 34];
const labelTitle = /^"?(label|labels|class|target|digit|y)"?$/i;
/** A column that numbers the rows, as pandas writes it. */
const numberingTitle = /^"?(|unnamed: ?\d+|id|index|row)"?$/i;
/** Most bytes of the first line: more than a thousand times as many as 28 × 28 pixels need. */
const maxLineBytes = 2 ** 22;
const remedy = 'Choose a table with one image a line: its label, then its pixels.';

/** The line from `at` on, and where the next one starts. */
function lineAt(bytes: Uint8Array, at: number, name: string): { line: string; next: number } {
  const end = bytes.indexOf(newline, at);
  const stop = end < 0 ? bytes.length : end;
  if (stop - at > maxLineBytes) {
    const expected = `lines of at most ${maxLineBytes.toLocaleString('en-US')} bytes`;
    throw corruptFile(name, expected, 'a longer one', remedy);
  }
  return { line: new TextDecoder().decode(bytes.subarray(at, stop)).trim(), next: stop + 1 };
}

/** Whether bytes start like a table of images: a line with at least this many cells. */
export function isTable(start: Uint8Array): boolean {
  const text = new TextDecoder().decode(start);
  if (!/^\uFEFF?[\w".;,\t -]/.test(text)) return false;
  return [',', ';', '\t'].some((separator) => text.split('\n')[0]!.split(separator).length > 16);
}

/**
 * Reads a table of images, as many sites offer MNIST: a line of titles or none, then one image a line, its label first
 * (or in the column with that title), then its pixels row by row.
 *
 * @throws LabError 'data-corrupt' saying where, what was expected and what was found
 */
export function parseTable(bytes: Uint8Array, name: string): Table {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const start = hasMark ? 3 : 0;
  const { line: first, next } = lineAt(bytes, start, name);
  const separator = [',', ';', '\t'].find((one) => first.includes(one)) ?? ',';
  const titles = first.split(separator).map((title) => title.trim());
  const columns = titles.length;
  const words = titles.filter((title) => !/^"?-?[\d.]+(e[+-]?\d+)?"?$/i.test(title)).length;
  const named = titles.findIndex((title) => labelTitle.test(title));
  const hasTitles = named >= 0 || words > columns / 2;
  const numbering = hasTitles ? titles.findIndex((title) => numberingTitle.test(title)) : -1;
  const side = Math.sqrt(numbering < 0 ? columns : columns - 1);
  // Without a title the label is first; a square number of columns is pixels alone.
  const labelColumn = named >= 0 ? named : Number.isInteger(side) ? -1 : numbering === 0 ? 1 : 0;
  const dataStart = hasTitles ? next : start;
  const rows = countLines(bytes, dataStart);
  if (rows === 0) throw corruptFile(name, 'a row of numbers for each image', 'none', remedy);
  const width = columns - (labelColumn < 0 ? 0 : 1) - (numbering < 0 ? 0 : 1);
  // A cell takes a digit and what separates it. Of a file too small for its rows, one is refused below.
  const canFit = 2 * rows * columns <= bytes.length - dataStart + 1;
  const pixels = new Float32Array(canFit ? rows * width : 0);
  const labels = new Float32Array(canFit ? rows : 0);
  let at = dataStart;
  const code = separator.charCodeAt(0);
  for (let row = 0; row < rows; row++) {
    let pixel = row * width;
    for (let column = 0; column < columns; column++) {
      const from = at;
      while (at < bytes.length && bytes[at] !== code && bytes[at] !== newline) at++;
      const value = readCell(bytes, from, at);
      const isLast = column === columns - 1;
      const endsRight = isLast ? at >= bytes.length || bytes[at] === newline : bytes[at] === code;
      if (Number.isNaN(value) || !endsRight) {
        const isShort = !isLast && (at >= bytes.length || bytes[at] === newline);
        const count = Number.isNaN(value) ? column : column + 1;
        const found = isShort ? `only ${count}` : `something else in column ${count + 1}`;
        throw corruptFile(name, `${columns} numbers in row ${row + 1}`, found, remedy);
      }
      if (column === labelColumn) labels[row] = value;
      else if (column !== numbering) pixels[pixel++] = value;
      at++;
    }
    while (bytes[at] === newline || bytes[at] === carriageReturn) at++; // empty lines
  }
  return {
    images: { name, shape: [rows, width], values: pixels },
    labels: labelColumn < 0 ? null : { name, shape: [rows], values: labels },
  };
}

function countLines(bytes: Uint8Array, from: number): number {
  let count = 0;
  let isEmpty = true;
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === newline) {
      if (!isEmpty) count++;
      isEmpty = true;
    } else if (bytes[at] !== carriageReturn) isEmpty = false;
  }
  return isEmpty ? count : count + 1;
}

/** The number in a cell; whole ones without making a text of them, because there are millions. */
function readCell(bytes: Uint8Array, start: number, end: number): number {
  let [from, to] = [start, end];
  if (bytes[to - 1] === carriageReturn) to--;
  if (bytes[from] === quote && bytes[to - 1] === quote) [from, to] = [from + 1, to - 1];
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) {
      const text = new TextDecoder().decode(bytes.subarray(from, to)).trim();
      return text === '' ? NaN : Number(text);
    }
    value = 10 * value + digit;
  }
  return to > from ? value : NaN;
}
