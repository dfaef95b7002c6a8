/**
 * A canvas context that is painted on the CPU. A canvas on the GPU makes the page wait for it in
 * every frame: half a second while it computes, or while a busy CPU emulates it. Our pictures
 * are small, so nothing is lost. All code that paints a canvas must get its context here, because
 * the first call decides.
 */
export function paintingContext(canvas: HTMLCanvasElement | null): CanvasRenderingContext2D | null {
  return canvas?.getContext('2d', { willReadFrequently: true }) ?? null;
}
