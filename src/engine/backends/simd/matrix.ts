import type { Matrix } from '../backend.ts';
import { LabError } from '../../../domain/errors.ts';

/** The product is computed in tiles of 6 × 8 floats; matrices are padded to whole tiles. */
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

  /** Address and bytes per row, which kernels take side by side. */
  get location(): [address: number, rowBytes: number] {
    return [this.address, this.rowBytes];
  }

  /** Bytes from one row to the next. */
  get rowBytes(): number {
    return this.stride * 4;
  }

  /** Number of floats in all rows, including the padding of the columns. */
  get count(): number {
    return this.rows * this.stride;
  }
}

/** The address of an optional matrix; 0 if there is none, as the kernels expect. */
export function addressOf(matrix: Matrix | null): number {
  return matrix ? asSimd(matrix).address : 0;
}

/** @throws LabError 'internal' for a matrix of another backend */
export function asSimd(matrix: Matrix): SimdMatrix {
  if (!(matrix instanceof SimdMatrix)) {
    throw new LabError('internal', 'This matrix belongs to another backend.', 'Reload the page.');
  }
  return matrix;
}
