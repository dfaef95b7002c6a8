import { useEffect, useRef } from 'react';
import { paintingContext } from '../../../ui/images/paintingContext.ts';
import styles from './Stages.module.css';
import { layOutUnits, paintUnits } from './units.ts';

interface UnitsImageProps {
  readonly units: Float32Array;
  /** Opacity of the units, 0 to 1. */
  readonly strength: number;
  readonly label: string;
}

/** A hidden layer as a grid of small squares: bright where a unit is active, blue where it is below 0. */
export function UnitsImage({ units, strength, label }: UnitsImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { columns, rows } = layOutUnits(units.length);
  useEffect(() => {
    const context = paintingContext(canvas.current);
    if (!context) return;
    context.putImageData(new ImageData(paintUnits(units, strength), columns, rows), 0, 0);
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
