import { blankImage, type GrayImage } from './grayImage.ts';

/** A line drawn without lifting the pen. */
export interface Stroke {
  /** Coordinates from 0 to 1, to the right and down. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** As a fraction of the pad's side. */
  readonly thickness: number;
}

/**
 * Draws strokes with round caps and joins and edges smoothed over one pixel; a stroke of one point is a dot. Points
 * that are not finite are skipped, and everything outside of the pad is cut off.
 *
 * @param side of the square image, in pixels
 */
export function rasterizeStrokes(strokes: readonly Stroke[], side: number): GrayImage {
  const image = blankImage(side, side);
  for (const { points, thickness } of strokes) {
    if (!(thickness > 0)) continue;
    const radius = (Math.min(thickness, 1) * side) / 2;
    let previous: Point | null = null;
    let isDot = true;
    for (const { x, y } of points) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      const point = { x: x * side, y: y * side };
      if (previous) {
        drawSegment(image, previous, point, radius);
        isDot = false;
      }
      previous = point;
    }
    if (previous && isDot) drawSegment(image, previous, previous, radius);
  }
  return image;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Draws everything within `radius` of the segment; coordinates are in pixels. */
function drawSegment({ width, height, pixels }: GrayImage, a: Point, b: Point, radius: number) {
  // A line thinner than a pixel covers no pixel completely.
  const most = Math.min(1, 2 * radius);
  const reach = radius + 0.5;
  const fromX = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach));
  const toX = Math.min(width - 1, Math.ceil(Math.max(a.x, b.x) + reach));
  const fromY = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach));
  const toY = Math.min(height - 1, Math.ceil(Math.max(a.y, b.y) + reach));
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const lengthSquared = dx * dx + dy * dy;
  const perLength = lengthSquared > 0 ? 1 / lengthSquared : 0;
  const solid = Math.max(0, radius - 0.5) ** 2;
  for (let y = fromY; y <= toY; y++) {
    const py = y + 0.5 - a.y;
    for (let x = fromX; x <= toX; x++) {
      const px = x + 0.5 - a.x;
      const along = Math.max(0, Math.min(1, (px * dx + py * dy) * perLength));
      const ex = px - along * dx;
      const ey = py - along * dy;
      const squared = ex * ex + ey * ey;
      if (squared >= reach * reach) continue;
      const ink = squared <= solid ? most : Math.min(most, reach - Math.sqrt(squared));
      const at = y * width + x;
      if (ink > pixels[at]!) pixels[at] = ink;
    }
  }
}
