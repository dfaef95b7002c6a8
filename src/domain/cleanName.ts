/**
 * A name from a file, for display: without control characters and those that change the direction of writing or are
 * invisible, and shortened.
 */
export function cleanName(text: string, maxLength = 100): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  const characters = Array.from(clean);
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : clean;
}
