const pixelCount = 28 * 28;
/** Gray levels of the compact form: 4 bits a pixel. */
const highest = 15;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Pixels that two nibbles can leave out at once. */
const longestRun = 16;

/** No digit's compact form is longer: every second pixel black. */
export const maxCompactLength = Math.ceil((1.5 * pixelCount * 4) / 6);

/**
 * A 28 × 28 digit as text for a link: 16 gray levels, one nibble a pixel from the upper left on; a
 * nibble 0 is followed by one that says how many further pixels are black (0 to 15). Six bits a
 * character (base64url), the last one filled up with zeros.
 *
 * @param pixels [784] gray levels, 0 to 1
 */
export function encodeDigit(pixels: Float32Array): string {
  const nibbles: number[] = [];
  for (let index = 0; index < pixelCount; index++) {
    const level = levelOf(pixels[index]!);
    nibbles.push(level);
    if (level > 0) continue;
    let more = 0;
    while (more < longestRun - 1 && index + 1 < pixelCount && levelOf(pixels[index + 1]!) === 0) {
      more++;
      index++;
    }
    nibbles.push(more);
  }
  const bits = nibbles.map((nibble) => nibble.toString(2).padStart(4, '0')).join('');
  const sextets = bits.match(/.{1,6}/g) ?? [];
  return sextets.map((sextet) => alphabet[Number.parseInt(sextet.padEnd(6, '0'), 2)]).join('');
}

/**
 * Reads what `encodeDigit` writes, and nothing else.
 *
 * @returns [784] gray levels, 0 to 1; undefined for a text that is no digit
 */
export function decodeDigit(text: string): Float32Array | undefined {
  if (text.length > maxCompactLength || !/^[\w-]+$/.test(text)) return undefined;
  const bits = Array.from(text, (one) => alphabet.indexOf(one).toString(2).padStart(6, '0')).join(
    '',
  );
  const nibbles = (bits.match(/.{4}/g) ?? []).map((nibble) => Number.parseInt(nibble, 2));
  const pixels = new Float32Array(pixelCount);
  let filled = 0;
  for (let place = 0; place < nibbles.length && filled < pixelCount; place++) {
    const level = nibbles[place]!;
    if (level > 0) pixels[filled++] = level / highest;
    else filled += 1 + (nibbles[++place] ?? pixelCount);
  }
  // One spelling a digit: what is left over or spelled otherwise was not written here.
  return filled === pixelCount && encodeDigit(pixels) === text ? pixels : undefined;
}

function levelOf(value: number): number {
  return Math.round(highest * Math.min(1, Math.max(0, value)));
}
