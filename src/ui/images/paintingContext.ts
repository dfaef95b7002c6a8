/**
 * A canvas's context that the processor paints. A canvas on the graphics processor makes the page wait
 * for it in every frame: half a second while it computes, or is played by a busy processor. Our pictures
 * are small, so nothing is lost. All who paint a canvas get its context here: the first call decides.
 */
export function paintingContext(canvas: HTMLCanvasElement | null): CanvasRenderingContext2D | null {
  return canvas?.getContext('2d', { willReadFrequently: true }) ?? null;
}
