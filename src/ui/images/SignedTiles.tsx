import { type MouseEvent, useEffect, useRef } from 'react';
import styles from './SignedTiles.module.css';
import { findTile, paintTileRows, placeOfPicture, type TileLayout } from './signedTiles.ts';
import { paintingContext } from './paintingContext.ts';

interface SignedTilesProps {
  /** [tiles × pieces × side²] */
  readonly values: Float32Array;
  readonly layout: TileLayout;
  /** The absolute value that is shown in full color. */
  readonly limit: number;
  /** What the pictures show, for screen readers. */
  readonly label: string;
  /** The tile with a frame around it. */
  readonly chosen?: number | null;
  /** Called when a tile is pressed; the same action must be available by keyboard elsewhere. */
  readonly onChoose?: (tile: number) => void;
}

/** Signed pictures on one canvas, because hundreds of separate canvases would be slow. */
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

/** Pixels painted at once, which takes a few milliseconds on a slow machine. */
const sliceSize = 40_000;

/** Paints row by row and yields to the event loop in between. @returns a function that cancels it */
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
