import { normalizeDigit } from '../../digits/normalizeDigit.ts';
import { readDigitImage } from '../../digits/readDigitImage.ts';
import { prepareImage } from '../../digits/prepareImage.ts';
import { LabError } from '../../domain/errors.ts';

/** Files larger than this are refused unread. */
const maxMegabytes = 50;
/** Images with more pixels than this are refused: decoded, each pixel takes four bytes. */
const maxMegapixels = 100;
/** Longest side of the image that is normalized: larger ones are scaled down first. */
const workingSide = 560;

/**
 * Reads an image of a digit in MNIST's format. The browser decodes it; vector images are refused,
 * because they can refer to other files.
 *
 * @param name of the file, for errors
 * @returns [784] gray levels, 0 to 1
 * @throws LabError 'data-corrupt' if the file is not an image, is too large, or shows no digit
 */
export async function readImage(file: Blob, name: string): Promise<Float32Array> {
  if (file.type === 'image/svg+xml') {
    throw refusal(
      `${name} is an SVG drawing; a picture of pixels was expected.`,
      'Save it as PNG or JPEG and open that.',
    );
  }
  if (!file.type.startsWith('image/')) {
    const found = file.type === '' ? 'a file of unknown kind' : `a file of type ${file.type}`;
    throw refusal(`${name} is ${found}; a picture was expected.`, 'Choose a PNG or JPEG file.');
  }
  if (file.size > maxMegabytes * 2 ** 20) {
    throw refusal(
      `${name} has ${Math.ceil(file.size / 2 ** 20)} MB; at most ${maxMegabytes} are allowed.`,
      'Choose a smaller picture.',
    );
  }
  const { pixels, width, height } = await decode(file, name);
  const asItIs = readDigitImage(pixels, width, height);
  if (asItIs !== null) return asItIs;
  const result = normalizeDigit(prepareImage(pixels, width, height));
  if (result.kind === 'empty') {
    throw refusal(
      `No digit was found in ${name}. ${result.reason}`,
      'Choose a picture of one digit, dark on light or light on dark.',
    );
  }
  return result.pixels;
}

async function decode(
  file: Blob,
  name: string,
): Promise<{ pixels: Uint8ClampedArray; width: number; height: number }> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file, { colorSpaceConversion: 'none' });
  } catch (thrown) {
    throw refusal(
      `The browser could not read ${name} as a picture.`,
      'Choose another file: every browser can read PNG and JPEG.',
      thrown,
    );
  }
  try {
    const { width, height } = picture;
    if (width * height > maxMegapixels * 1e6) {
      throw refusal(
        `${name} has ${Math.ceil((width * height) / 1e6)} megapixels; at most ${maxMegapixels} are allowed.`,
        'Choose a smaller picture.',
      );
    }
    const scale = Math.min(1, workingSide / Math.max(width, height));
    const size = {
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    };
    const small =
      scale === 1
        ? picture
        : await createImageBitmap(picture, {
            resizeWidth: size.width,
            resizeHeight: size.height,
            resizeQuality: 'high',
          });
    const canvas = Object.assign(document.createElement('canvas'), size);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null)
      throw refusal('The browser could not create a canvas.', 'Close other tabs.');
    requireTrueColors(context, name);
    context.drawImage(small, 0, 0);
    if (small !== picture) small.close();
    return { pixels: context.getImageData(0, 0, size.width, size.height).data, ...size };
  } finally {
    picture.close();
  }
}

/** Differences of colors that are rounding, or the slight noise of private windows, which no digit notices. */
const colorTolerance = 16;

/**
 * Paints a color and reads it back. Browsers that resist fingerprinting, such as Tor and LibreWolf, return noise.
 *
 * @throws LabError 'data-corrupt' if it comes back as another one
 */
function requireTrueColors(context: CanvasRenderingContext2D, name: string): void {
  const painted = [200, 100, 50, 255];
  const { width, height } = context.canvas;
  context.fillStyle = `rgb(${painted.slice(0, 3).join()})`;
  context.fillRect(0, 0, width, height);
  const read = context.getImageData(0, 0, width, height).data;
  context.clearRect(0, 0, width, height);
  if (read.every((value, i) => Math.abs(value - painted[i % 4]!) <= colorTolerance)) return;
  throw refusal(
    `${name} cannot be read: this browser gives pages noise instead of a picture’s pixels, as a protection against fingerprinting.`,
    'Allow this site to read canvas data, or draw the digit.',
  );
}

function refusal(message: string, remedy: string, cause?: unknown): LabError {
  return new LabError('data-corrupt', message, remedy, { cause });
}
