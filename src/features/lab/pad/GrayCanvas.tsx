import { useEffect, useRef } from 'react';
import type { GrayLevels } from '../../../experiment/drawing/grayLevels.ts';
import { paintDigit } from '../../../ui/images/pixels.ts';
import { paintingContext } from '../../../ui/images/paintingContext.ts';
import styles from './Input.module.css';

interface GrayCanvasProps {
  readonly image: GrayLevels;
  readonly label: string;
}

/** A gray picture of any size in a square, with crisp pixels. */
export function GrayCanvas({ image, label }: GrayCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { pixels, width, height } = image;
  useEffect(() => {
    const context = paintingContext(canvas.current);
    context?.putImageData(new ImageData(paintDigit(pixels), width, height), 0, 0);
  }, [pixels, width, height]);
  return (
    <span className={styles.square}>
      <canvas
        ref={canvas}
        className={styles.fitted}
        width={width}
        height={height}
        data-tall={height > width || undefined}
        role="img"
        aria-label={label}
      />
    </span>
  );
}
