/** Which images of a set are misclassified: a bit each, the first image's the lowest of the first byte, as base64. */
export type Mistakes = string;

/** @param flags one per image, 1 if it is misclassified */
export function packMistakes(flags: Uint8Array): Mistakes {
  const bytes = new Uint8Array(Math.ceil(flags.length / 8));
  flags.forEach((flag, i) => (bytes[i >> 3]! |= flag << (i & 7)));
  return btoa(String.fromCharCode(...bytes));
}

/** Length of the text for `count` images. */
export function mistakesLength(count: number): number {
  return 4 * Math.ceil(Math.ceil(count / 8) / 3);
}

/** [count] 1 for each image that is misclassified. @param count of the images */
export function unpackMistakes(mistakes: Mistakes, count: number): Uint8Array {
  const bytes = atob(mistakes);
  return Uint8Array.from({ length: count }, (_, i) => (bytes.charCodeAt(i >> 3) >> (i & 7)) & 1);
}

/** Number of images that only one of two classifiers misclassifies. Both have seen the same images. */
export function countDiscordant(
  first: Mistakes,
  second: Mistakes,
): { readonly onlyFirst: number; readonly onlySecond: number } {
  const [a, b] = [atob(first), atob(second)];
  let [onlyFirst, onlySecond] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    onlyFirst += countBits(x & ~y);
    onlySecond += countBits(y & ~x);
  }
  return { onlyFirst, onlySecond };
}

function countBits(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
