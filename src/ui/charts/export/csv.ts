/**
 * Rows as comma-separated values (RFC 4180); texts with commas, quotes or line breaks are quoted. Names come from users
 * and files: one that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(quote).join(',')}\r\n`).join('');
}

/** Also in the wide forms of East Asian keyboards, and after blanks, which some programs drop. */
const formulaStart = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}

function quote(value: string | number): string {
  const isFormula = typeof value === 'string' && formulaStart.test(value) && !isNumber(value);
  const text = isFormula ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
