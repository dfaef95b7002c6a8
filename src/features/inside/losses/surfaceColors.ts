import type { Color } from '../../../ui/images/pixels.ts';

/** From dark to bright in perceptually equal steps: readable in gray and with any color vision. */
export const surfaceColors: readonly Color[] = [
  [12, 8, 38],
  [81, 18, 124],
  [183, 55, 121],
  [252, 137, 97],
  [252, 253, 191],
];

/**
 * Colors of losses on a logarithmic scale, as RGBA bytes. The last row of the surface comes first, so that the
 * surface rises upwards. NaN has the brightest color.
 *
 * @param losses [side × side]
 */
export function paintSurface(
  losses: Float32Array,
  low: number,
  high: number,
): Uint8ClampedArray<ArrayBuffer> {
  const side = Math.sqrt(losses.length);
  const bytes = new Uint8ClampedArray(losses.length * 4);
  const span = Math.log(high / low);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const found = losses[row * side + column]!;
      const loss = Number.isFinite(found) ? found : high;
      const share = span > 0 ? Math.log(Math.max(low, loss) / low) / span : 0;
      const at = Math.min(1, share) * (surfaceColors.length - 1);
      const stop = Math.min(surfaceColors.length - 2, Math.floor(at));
      const pixel = ((side - 1 - row) * side + column) * 4;
      for (let channel = 0; channel < 3; channel++) {
        const [a, b] = [surfaceColors[stop]![channel]!, surfaceColors[stop + 1]![channel]!];
        bytes[pixel + channel] = a + (at - stop) * (b - a);
      }
      bytes[pixel + 3] = 255;
    }
  }
  return bytes;
}
