import { describe, expect, it } from 'vitest';
import { paintPerturbation } from './pixels.ts';
import {
  findTile,
  layOutTiles,
  paintTileRows,
  placeOfPicture,
  type TileLayout,
} from './signedTiles.ts';

function paint(values: Float32Array, layout: TileLayout, limit: number): Uint8Array {
  const pixels = new Uint32Array(layout.width * layout.height);
  paintTileRows(pixels, values, layout, limit, 0, layout.rows);
  return new Uint8Array(pixels.buffer);
}

describe('signed tiles', () => {
  it('are arranged in rows with gaps between them', () => {
    const layout = layOutTiles(5, 3, 2, 4);
    expect(layout).toMatchObject({ rows: 2, tileWidth: 9, width: 31, height: 10 });
    // The second picture of the fourth tile, which is the first of the second row.
    expect(placeOfPicture(layout, 7)).toEqual({ x: 5, y: 6 });
  });

  it('are found only at their own positions', () => {
    const layout = layOutTiles(5, 3, 2, 4);
    for (let tile = 0; tile < 5; tile++) {
      const { x, y } = placeOfPicture(layout, 2 * tile);
      expect(findTile(layout, (x + 8.5) / layout.width, (y + 3.5) / layout.height)).toBe(tile);
    }
    expect(findTile(layout, 9.5 / layout.width, 0)).toBeNull();
    expect(findTile(layout, 0.9, 0.9)).toBeNull();
    expect(findTile(layout, -0.1, 0)).toBeNull();
  });

  it('have the colors of perturbations on one scale', () => {
    const values = Float32Array.of(-2, -1, 0, 0.5, 1, 2, 0.25, -0.25);
    const bytes = paint(values, layOutTiles(2, 2, 1, 2), 1);
    const colorOf = (pixel: number) => [...bytes.subarray(4 * pixel, 4 * pixel + 4)];
    const places = [0, 1, 6, 7, 4, 5, 10, 11];
    for (const [index, place] of places.entries()) {
      const expected = paintPerturbation([0], [values[index]!], 1);
      colorOf(place).forEach((channel, c) =>
        expect(Math.abs(channel - expected[c]!)).toBeLessThanOrEqual(1),
      );
    }
    // Equal values have equal colors in every tile; the gap is empty.
    expect(colorOf(5)).toEqual(colorOf(4));
    expect(colorOf(2)).toEqual([0, 0, 0, 0]);
  });

  it('are gray when the limit is 0', () => {
    const bytes = paint(new Float32Array(4), layOutTiles(1, 1, 1, 2), 0);
    expect([...bytes.subarray(0, 4)]).toEqual([128, 128, 128, 255]);
  });

  it('look the same when painted at once and row by row, and omit NaN', () => {
    const layout = layOutTiles(5, 2, 2, 3);
    const values = Float32Array.from({ length: 90 }, (_, i) => Math.sin(i) * 2);
    values[7] = Number.NaN;
    const pixels = new Uint32Array(layout.width * layout.height);
    for (let row = 0; row < layout.rows; row++) {
      paintTileRows(pixels, values, layout, 1, row, row + 1);
    }
    expect(new Uint8Array(pixels.buffer)).toEqual(paint(values, layout, 1));
    // Value 7 is the second one in the third row of the first picture.
    expect(pixels[2 * layout.width + 1]).toBe(0);
    expect(pixels[2 * layout.width]).not.toBe(0);
  });
});
