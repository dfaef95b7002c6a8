const formats = new Map<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>();

/**
 * A date in British English. A format takes ten milliseconds to make, so it is made when it is first used, and once.
 *
 * @param parts the same object at every call
 */
export function formatDate(date: Date | number, parts: Intl.DateTimeFormatOptions): string {
  let format = formats.get(parts);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', parts);
    formats.set(parts, format);
  }
  return format.format(date);
}
