import type { Matrix } from '../backend.ts';
import { LabError } from '../../../shared/errors.ts';

/** A tile of a product is 6 × 8 floats; matrices are padded to whole tiles. */
export const tileRows = 6;
export const tileColumns = 8;

export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** A matrix in the kernels' memory: rows of `stride` floats, padded to whole tiles. */
export class SimdMatrix implements Matrix {
  readonly stride: number;
  readonly bytes: number;

  constructor(
    readonly address: number,
    readonly rows: number,
    readonly columns: number,
  ) {
    this.stride = roundUp(columns, tileColumns);
    this.bytes = SimdMatrix.bytesFor(rows, columns);
  }

  static bytesFor(rows: number, columns: number): number {
    return roundUp(rows, tileRows) * roundUp(columns, tileColumns) * 4;
  }

  /** Bytes from one row to the next. */
  get rowBytes(): number {
    return this.stride * 4;
  }

  /** Floats of all rows, their padding included. */
  get count(): number {
    return this.rows * this.stride;
  }
}

/** Where a mask is, or 0 where there is none. */
export function addressOf(matrix: Matrix | null): number {
  return matrix ? own(matrix).address : 0;
}

/** @throws LabError 'internal' for a matrix of another backend */
export function own(matrix: Matrix): SimdMatrix {
  if (!(matrix instanceof SimdMatrix)) {
    throw new LabError('internal', 'This matrix is of another backend.', 'Reload the page.');
  }
  return matrix;
}
