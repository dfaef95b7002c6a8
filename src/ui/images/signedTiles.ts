import { paintPerturbation } from './pixels.ts';

/** Pixels between two tiles, and between two pictures of one tile. */
const gap = 2;
const innerGap = 1;

/** The layout of a mosaic: tiles in rows, each with one or more square pictures side by side. */
export interface TileLayout {
  readonly tiles: number;
  readonly columns: number;
  readonly rows: number;
  /** Pictures per tile, and the side of a picture in pixels. */
  readonly pieces: number;
  readonly side: number;
  /** Sizes of a tile and of the whole mosaic, in pixels. */
  readonly tileWidth: number;
  readonly width: number;
  readonly height: number;
}

export function layOutTiles(
  tiles: number,
  columns: number,
  pieces: number,
  side: number,
): TileLayout {
  const rows = Math.ceil(tiles / columns);
  const tileWidth = pieces * side + (pieces - 1) * innerGap;
  return {
    tiles,
    columns,
    rows,
    pieces,
    side,
    tileWidth,
    width: columns * (tileWidth + gap) - gap,
    height: Math.max(0, rows * (side + gap) - gap),
  };
}

/** The upper left corner of a picture in the mosaic, in pixels. */
export function placeOfPicture(
  { columns, pieces, side, tileWidth }: TileLayout,
  picture: number,
): { readonly x: number; readonly y: number } {
  const tile = Math.floor(picture / pieces);
  return {
    x: (tile % columns) * (tileWidth + gap) + (picture % pieces) * (side + innerGap),
    y: Math.floor(tile / columns) * (side + gap),
  };
}

/** The tile at a position given as fractions of width and height, or null between tiles and after the last one. */
export function findTile(layout: TileLayout, shareX: number, shareY: number): number | null {
  const { columns, side, tileWidth, width, height, tiles } = layout;
  const [x, y] = [shareX * width, shareY * height];
  const column = Math.floor(x / (tileWidth + gap));
  const row = Math.floor(y / (side + gap));
  if (x % (tileWidth + gap) >= tileWidth || y % (side + gap) >= side) return null;
  const tile = row * columns + column;
  return column >= 0 && column < columns && row >= 0 && tile < tiles ? tile : null;
}

const levels = 255;
/** Colors from −1 through 0 to +1, as the pixels of one picture. */
const palette = new Uint32Array(
  paintPerturbation(
    new Float32Array(2 * levels + 1),
    Float32Array.from({ length: 2 * levels + 1 }, (_, i) => i / levels - 1),
    1,
  ).buffer,
);

/**
 * Paints the tiles of some rows in the colors of perturbations, with full color at ±`limit`. Gaps between
 * tiles and NaN values are left unpainted.
 *
 * @param pixels [width × height] RGBA, one 32-bit word each; written to
 * @param values [tiles × pieces × side²]
 */
export function paintTileRows(
  pixels: Uint32Array,
  values: Float32Array,
  layout: TileLayout,
  limit: number,
  firstRow: number,
  endRow: number,
): void {
  const { side, width, tiles, columns, pieces } = layout;
  const scale = limit > 0 ? levels / limit : 0;
  const end = Math.min(tiles, endRow * columns) * pieces;
  for (let picture = firstRow * columns * pieces; picture < end; picture++) {
    const { x, y } = placeOfPicture(layout, picture);
    let from = picture * side * side;
    for (let row = 0; row < side; row++) {
      let to = (y + row) * width + x;
      for (const stop = from + side; from < stop; from++, to++) {
        const level = values[from]! * scale;
        if (level >= levels) pixels[to] = palette[2 * levels]!;
        else if (level <= -levels) pixels[to] = palette[0]!;
        else if (level === level) pixels[to] = palette[(level + levels + 0.5) | 0]!;
      }
    }
  }
}
