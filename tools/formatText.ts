import { format } from 'oxfmt';

/**
 * Text as this repository formats it, of the language that the file's ending says.
 *
 * @param fileName decides the language only; no such file is read
 * @throws Error if the text is not of that language
 */
export async function formatText(
  fileName: string,
  text: string,
  options: Parameters<typeof format>[2] = {},
): Promise<string> {
  const { code, errors } = await format(fileName, text, { printWidth: 100, ...options });
  if (errors.length > 0) {
    throw new Error(`${fileName} cannot be formatted: ${errors.map((e) => e.message).join('; ')}`);
  }
  return code;
}
