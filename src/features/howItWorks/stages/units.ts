export function countActive(units: Float32Array): number {
  return units.filter((value) => value !== 0).length;
}

/** Describes a layer briefly, with the number of active units if some are 0. */
export function describeUnits(units: Float32Array): string {
  const active = countActive(units);
  return active < units.length
    ? `${active} of ${units.length} units active`
    : `${units.length} units`;
}

/** Lays out `count` units as a grid, about four times as wide as high. */
export function layOutUnits(count: number): { readonly columns: number; readonly rows: number } {
  const columns = Math.max(1, Math.min(count, Math.ceil(Math.sqrt(4 * count))));
  return { columns, rows: Math.ceil(count / columns) };
}

/**
 * RGBA bytes of that grid, one pixel per unit: bright where it is active, blue where it is below 0.
 *
 * @param units [units] activations
 * @param strength opacity of the units, 0 to 1
 */
export function paintUnits(units: Float32Array, strength: number): Uint8ClampedArray<ArrayBuffer> {
  const { columns, rows } = layOutUnits(units.length);
  const bytes = new Uint8ClampedArray(4 * columns * rows);
  const largest = units.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  units.forEach((unit, cell) => {
    const level = (strength * unit) / largest;
    const shade = Math.round(40 + 215 * Math.abs(level));
    bytes.set(level < 0 ? [0, shade * 0.6, shade, 255] : [shade, shade, shade, 255], 4 * cell);
  });
  return bytes; // pixels without a unit stay transparent
}
