import { useEffect, useRef } from 'react';
import { imageSide } from './pixels.ts';
import styles from './PixelCanvas.module.css';

interface PixelCanvasProps {
  /** [28 × 28 × 4] RGBA bytes; null shows the empty ground. */
  readonly bytes: Uint8ClampedArray<ArrayBuffer> | null;
  /** What the picture shows, for those who do not see it. */
  readonly label: string;
}

/** 28 × 28 pixels, enlarged to the room there is without smoothing. */
export function PixelCanvas({ bytes, label }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    if (bytes === null) context.clearRect(0, 0, imageSide, imageSide);
    else context.putImageData(new ImageData(bytes, imageSide, imageSide), 0, 0);
  }, [bytes]);
  return (
    <canvas
      ref={canvas}
      className={styles.canvas}
      width={imageSide}
      height={imageSide}
      role="img"
      aria-label={label}
    />
  );
}
