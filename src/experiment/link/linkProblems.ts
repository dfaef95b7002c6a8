/** Maximum number of messages; more would fill the page. */
const maxProblems = 4;
/** Maximum number of characters of a link that a message quotes. */
const maxQuoted = 40;

/** Error messages about a link for the user who opened it. */
export class Problems {
  readonly #found: string[] = [];

  /** @param place name of the field, from the format; never text from the link */
  add(place: string, sentence: string): void {
    const problem = `${place}: ${sentence}`;
    if (!this.#found.includes(problem)) this.#found.push(problem);
  }

  hasAny(): boolean {
    return this.#found.length > 0;
  }

  /** The first few messages and the number of further ones. */
  get sentences(): readonly string[] {
    const more = this.#found.length - maxProblems;
    const first = this.#found.slice(0, maxProblems);
    return more > 0 ? [...first, `${more} more ${more === 1 ? 'problem' : 'problems'}.`] : first;
  }
}

/** "runs, run 2, seed". */
export function describePlace(name: string, index: number, setting?: string): string {
  return [name, `run ${index + 1}`, ...(setting === undefined ? [] : [setting])].join(', ');
}

/** Text from the link in quotation marks: short, and without characters that could change how it is read. */
export function describeText(text: string): string {
  if (text === '') return 'nothing';
  const visible = Array.from(text.slice(0, 2 * maxQuoted)).map((one) =>
    /[\p{C}\p{Z}]/u.test(one) && one !== ' ' ? '�' : one,
  );
  const isLong = visible.length > maxQuoted || text.length > 2 * maxQuoted;
  return `“${visible.slice(0, maxQuoted).join('')}${isLong ? '…' : ''}”`;
}
