import type { Pad, Point } from '../../../experiment/drawing/pad.ts';
import { imageSide, paintDigit } from '../../../ui/images/pixels.ts';
import { paintingContext } from '../../../ui/images/paintingContext.ts';

/**
 * Paints the pad as the user sees it: white ink on black.
 *
 * @param side of the square canvas, in pixels
 * @param isSmooth whether the pixels of a digit under the strokes are blended into each other
 */
export function paintPad(
  context: CanvasRenderingContext2D,
  side: number,
  pad: Pad,
  isSmooth = true,
): void {
  context.fillStyle = '#000';
  context.fillRect(0, 0, side, side);
  if (pad.base !== null) paintBase(context, side, pad.base, isSmooth);
  context.strokeStyle = '#fff';
  context.fillStyle = '#fff';
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const { points, thickness } of pad.strokes) {
    context.lineWidth = thickness * side;
    context.beginPath();
    const [first] = points;
    if (points.length === 1 && first) {
      context.arc(first.x * side, first.y * side, (thickness * side) / 2, 0, 2 * Math.PI);
      context.fill();
      continue;
    }
    for (const { x, y } of points) context.lineTo(x * side, y * side);
    context.stroke();
  }
}

function paintBase(
  context: CanvasRenderingContext2D,
  side: number,
  base: Float32Array,
  isSmooth: boolean,
): void {
  const small = document.createElement('canvas');
  small.width = small.height = imageSide;
  paintingContext(small)?.putImageData(new ImageData(paintDigit(base), imageSide, imageSide), 0, 0);
  context.imageSmoothingEnabled = isSmooth;
  context.drawImage(small, 0, 0, side, side);
}

/** Paints the position of the keyboard's pen: a ring as thick as the pen, filled while it draws. */
export function paintCursor(
  context: CanvasRenderingContext2D,
  side: number,
  { x, y }: Point,
  { thickness, isPenDown }: { readonly thickness: number; readonly isPenDown: boolean },
): void {
  context.beginPath();
  context.arc(x * side, y * side, (thickness * side) / 2, 0, 2 * Math.PI);
  context.lineWidth = 6;
  context.strokeStyle = '#000';
  context.stroke();
  context.lineWidth = 3;
  context.strokeStyle = '#ffba42';
  context.stroke();
  if (!isPenDown) return;
  context.fillStyle = '#ffba42';
  context.fill();
}
