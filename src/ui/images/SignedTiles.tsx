import { type MouseEvent, useEffect, useRef } from 'react';
import styles from './SignedTiles.module.css';
import { findTile, paintTileRows, placeOfPicture, type TileLayout } from './signedTiles.ts';
import { paintingContext } from './paintingContext.ts';

interface SignedTilesProps {
  /** [tiles × pieces × side²] */
  readonly values: Float32Array;
  readonly layout: TileLayout;
  /** The size that has full colour. */
  readonly limit: number;
  /** What the pictures show, for those who do not see them. */
  readonly label: string;
  /** The tile with a frame around it. */
  readonly chosen?: number | null;
  /** A tile was pressed; the same must be possible by keyboard elsewhere. */
  readonly onChoose?: (tile: number) => void;
}

/** Signed pictures on one canvas: drawing hundreds of them apart would keep the page busy. */
export function SignedTiles(props: SignedTilesProps) {
  const { values, layout, limit, label, chosen = null, onChoose } = props;
  const { width, height } = layout;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = paintingContext(canvas.current);
    if (!context) return;
    return paintInSlices(context, values, layout, limit);
  }, [values, layout, limit]);

  function handleClick(event: MouseEvent<HTMLCanvasElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    const tile = findTile(
      layout,
      (event.clientX - box.left) / box.width,
      (event.clientY - box.top) / box.height,
    );
    if (tile !== null) onChoose?.(tile);
  }

  const place = chosen === null ? null : placeOfPicture(layout, chosen * layout.pieces);
  return (
    <div className={styles.tiles}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        data-choosable={onChoose ? true : undefined}
        width={width}
        height={height}
        role="img"
        aria-label={label}
        onClick={handleClick}
      />
      {place !== null && (
        <span
          className={styles.frame}
          style={{
            left: `${(100 * place.x) / width}%`,
            top: `${(100 * place.y) / height}%`,
            width: `${(100 * layout.tileWidth) / width}%`,
            height: `${(100 * layout.side) / height}%`,
          }}
        />
      )}
    </div>
  );
}

/** Pixels painted in one go: a few milliseconds' worth on a slow machine. */
const sliceSize = 40_000;

/** Paints row after row, and lets the page breathe in between. @returns a function that ends it */
function paintInSlices(
  context: CanvasRenderingContext2D,
  values: Float32Array,
  layout: TileLayout,
  limit: number,
): () => void {
  const { width, height, rows } = layout;
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const rowsOfSlice = Math.max(1, Math.floor((sliceSize * rows) / (width * height)));
  let row = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  function paintSlice(): void {
    const end = Math.min(rows, row + rowsOfSlice);
    paintTileRows(pixels, values, layout, limit, row, end);
    const [top, bottom] = [(height * row) / rows, (height * end) / rows].map(Math.floor);
    context.putImageData(image, 0, 0, 0, top!, width, Math.ceil(bottom! - top!) + 1);
    row = end;
    timer = row < rows ? setTimeout(paintSlice) : null;
  }
  paintSlice();
  return () => {
    if (timer !== null) clearTimeout(timer);
  };
}
