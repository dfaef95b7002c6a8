import { useEffect, useRef } from 'react';
import { paintingContext } from '../../ui/paintingContext.ts';
import styles from './Moments.module.css';

interface UnitsImageProps {
  /** [units] activations. */
  readonly units: Float32Array;
  /** How strongly they are drawn, 0 to 1. */
  readonly strength: number;
  readonly label: string;
}

/** A hidden layer as a grid of small squares: bright where a unit is active, blue where it is below 0. */
export function UnitsImage({ units, strength, label }: UnitsImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = columnsOf(units.length);
  const rows = Math.ceil(units.length / columns);
  useEffect(() => {
    const context = paintingContext(canvas.current);
    if (!context) return;
    context.putImageData(
      new ImageData(paintUnits(units, columns * rows, strength), columns, rows),
      0,
      0,
    );
  }, [units, columns, rows, strength]);
  return (
    <canvas
      ref={canvas}
      className={styles.units}
      width={columns}
      height={rows}
      style={{ aspectRatio: `${columns} / ${rows}` }}
      role="img"
      aria-label={label}
    />
  );
}

/** About four times as wide as high. */
function columnsOf(count: number): number {
  return Math.max(1, Math.min(count, Math.ceil(Math.sqrt(4 * count))));
}

function paintUnits(
  units: Float32Array,
  cells: number,
  strength: number,
): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(4 * cells);
  const largest = units.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  for (let cell = 0; cell < cells; cell++) {
    if (cell >= units.length) continue; // no unit: the ground shows
    const level = (strength * units[cell]!) / largest;
    const shade = Math.round(40 + 215 * Math.abs(level));
    bytes.set(level < 0 ? [0, shade * 0.6, shade, 255] : [shade, shade, shade, 255], 4 * cell);
  }
  return bytes;
}
