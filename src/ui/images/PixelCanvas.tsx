import { useEffect, useRef } from 'react';
import { paintingContext } from './paintingContext.ts';
import { imageSide, sideOf } from './pixels.ts';
import styles from './PixelCanvas.module.css';

interface PixelCanvasProps {
  /** [side × side × 4] RGBA bytes, or null for an empty canvas. */
  readonly bytes: Uint8ClampedArray<ArrayBuffer> | null;
  /** What the picture shows, for screen readers. */
  readonly label: string;
}

/** A picture of 28 × 28 or 32 × 32 pixels, enlarged to the available space without smoothing. */
export function PixelCanvas({ bytes, label }: PixelCanvasProps) {
  const side = bytes === null ? imageSide : sideOf(bytes);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = paintingContext(canvas.current);
    if (!context) return;
    if (bytes === null) context.clearRect(0, 0, side, side);
    else context.putImageData(new ImageData(bytes, side, side), 0, 0);
  }, [bytes, side]);
  return (
    <canvas
      ref={canvas}
      className={styles.canvas}
      width={side}
      height={side}
      role="img"
      aria-label={label}
      // For the built page's HTML, in which no effect paints (tools/build/prerender.ts).
      data-pixels={
        import.meta.env.SSR && bytes !== null ? btoa(String.fromCharCode(...bytes)) : undefined
      }
    />
  );
}
