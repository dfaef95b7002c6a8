// A matrix product that skips the zeros of its left side A: black pixels, inactive and dropped units. Each row of A becomes
// a list of its other elements, which serves all columns of B. The sums have the terms of gemm.ts in the same order
// but for those that are zero, so the result is the same to the bit; only the sign of a zero may differ.

import { firstBlock } from './blocks';
import { madd, packTransposed } from './gemm';

/** Depth of a block: its packed columns of B, 24 KiB, stay in the first-level cache. */
const DEPTH: i32 = 256;
/** Bytes of a panel's row: 24 columns. Six vectors of sums, their terms and a factor are all that registers hold. */
const PANEL_ROW: usize = 96;
/** Most rows of a block, and most entries of their lists. An entry is a place in the panel and a float. */
const ROWS: i32 = 512;
const ENTRIES: i32 = 16384;
const ENTRY: usize = 8;

// Scratch memory, in bytes from its start: a panel, a row that is NaN in columns of B that are not finite, the ends of the
// lists, and the lists. ../machine.ts has the sum.
const NOT_FINITE: usize = <usize>DEPTH * PANEL_ROW;
const ENDS: usize = NOT_FINITE + PANEL_ROW;
const LISTS: usize = ENDS + (<usize>ROWS << 2);

/** Lists what is not zero in each of `rows` rows of k contiguous elements. Each list has room for k entries. */
function listRows(a: usize, aRow: usize, rows: i32, k: i32, lists: usize, ends: usize): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < <usize>rows; i++) {
    let to = lists + i * <usize>k * ENTRY;
    let at = a + i * aRow;
    let place: usize = 0;
    let p = 0;
    for (; p + 4 <= k; p += 4) {
      const x = v128.load(at);
      const isUsed = f32x4.ne(x, zero);
      if (v128.any_true(isUsed)) {
        // Each element is written where the list ends, and stays there if the list then ends behind it.
        const used = <usize>i32x4.bitmask(isUsed);
        store<u32>(to, <u32>place);
        v128.store_lane<f32>(to, x, 0, 4);
        to += (used & 1) << 3;
        store<u32>(to, <u32>(place + PANEL_ROW));
        v128.store_lane<f32>(to, x, 1, 4);
        to += (used & 2) << 2;
        store<u32>(to, <u32>(place + 2 * PANEL_ROW));
        v128.store_lane<f32>(to, x, 2, 4);
        to += (used & 4) << 1;
        store<u32>(to, <u32>(place + 3 * PANEL_ROW));
        v128.store_lane<f32>(to, x, 3, 4);
        to += used & 8;
      }
      at += 16;
      place += 4 * PANEL_ROW;
    }
    for (; p < k; p++) {
      const x = load<f32>(at);
      store<u32>(to, <u32>place);
      store<f32>(to, x, 4);
      if (x != 0) to += ENTRY;
      at += 4;
      place += PANEL_ROW;
    }
    store<u32>(ends + (i << 2), <u32>to);
  }
}

/** The same for rows that are columns of the source, at least 4 of them. */
function listColumns(a: usize, aDepth: usize, rows: i32, k: i32, lists: usize, ends: usize): void {
  const zero = f32x4.splat(0);
  const length = <usize>k * ENTRY;
  for (let group = 0; group < rows; group += 4) {
    const i = <usize>min(group, rows - 4); // the last group may repeat rows of the one before
    let to0 = lists + i * length, to1 = to0 + length, to2 = to1 + length, to3 = to2 + length;
    let at = a + (i << 2);
    for (let place: usize = 0; place < <usize>k * PANEL_ROW; place += PANEL_ROW) {
      const x = v128.load(at);
      const isUsed = f32x4.ne(x, zero);
      if (v128.any_true(isUsed)) {
        const used = <usize>i32x4.bitmask(isUsed);
        store<u32>(to0, <u32>place);
        v128.store_lane<f32>(to0, x, 0, 4);
        to0 += (used & 1) << 3;
        store<u32>(to1, <u32>place);
        v128.store_lane<f32>(to1, x, 1, 4);
        to1 += (used & 2) << 2;
        store<u32>(to2, <u32>place);
        v128.store_lane<f32>(to2, x, 2, 4);
        to2 += (used & 4) << 1;
        store<u32>(to3, <u32>place);
        v128.store_lane<f32>(to3, x, 3, 4);
        to3 += used & 8;
      }
      at += aDepth;
    }
    const end = ends + (i << 2);
    store<u32>(end, <u32>to0, 0);
    store<u32>(end, <u32>to1, 4);
    store<u32>(end, <u32>to2, 8);
    store<u32>(end, <u32>to3, 12);
  }
}

/**
 * Packs k × `columns` of B, a multiple of 8 of which the first `present` exist. A zero times infinity is NaN, which no
 * skipped zero may hide: see NOT_FINITE.
 *
 * @returns whether all of it is finite
 */
function packPanel(
  b: usize,
  bRow: usize,
  bColumn: usize,
  k: i32,
  columns: i32,
  present: i32,
  panel: usize,
): bool {
  const sizeBits = i32x4.splat(0x7fffffff);
  const infinity = i32x4.splat(0x7f800000);
  let isFinite = true;
  for (let j = 0; j < columns; j += 8) {
    // The largest |b| of each column, as integers, whose order is the same.
    let low = i32x4.splat(0), high = low;
    let at = panel + (<usize>j << 2);
    let from = b + <usize>j * bColumn;
    const isTransposed = bColumn != 4;
    if (isTransposed) {
      packTransposed(from, bColumn, k, min(8, present - j), at, PANEL_ROW);
      for (let p = 0; p < k; p++) {
        low = i32x4.max_u(low, v128.and(v128.load(at), sizeBits));
        high = i32x4.max_u(high, v128.and(v128.load(at, 16), sizeBits));
        at += PANEL_ROW;
      }
    } else {
      for (let p = 0; p < k; p++) {
        const b0 = v128.load(from), b1 = v128.load(from, 16);
        low = i32x4.max_u(low, v128.and(b0, sizeBits));
        high = i32x4.max_u(high, v128.and(b1, sizeBits));
        v128.store(at, b0);
        v128.store(at, b1, 16);
        at += PANEL_ROW;
        from += bRow;
      }
    }
    low = i32x4.ge_u(low, infinity); // all bits are set, which is NaN
    high = i32x4.ge_u(high, infinity);
    const row = panel + NOT_FINITE + (<usize>j << 2);
    v128.store(row, low);
    v128.store(row, high, 16);
    isFinite = isFinite && !v128.any_true(v128.or(low, high));
  }
  return isFinite;
}

// Types that stand for a number of columns, offsetof<T>() bytes, so that each number has a loop of its own.
@unmanaged class Columns8 { a: v128; b: v128 }
@unmanaged class Columns16 extends Columns8 { c: v128; d: v128 }
@unmanaged class Columns24 extends Columns16 { e: v128; f: v128 }

/** C = start + A B for a block of rows and a panel. `start` is C itself, or one row for all. */
function multiply<T>(rows: i32, k: i32, scratch: usize, c: usize, cRow: usize, start: usize, startRow: usize): void {
  const zero = f32x4.splat(0);
  let list = scratch + LISTS;
  for (let i: usize = 0; i < <usize>rows; i++) {
    let c0 = v128.load(start), c1 = v128.load(start, 16);
    let c2 = zero, c3 = zero, c4 = zero, c5 = zero;
    if (offsetof<T>() > 32) { c2 = v128.load(start, 32); c3 = v128.load(start, 48); }
    if (offsetof<T>() > 64) { c4 = v128.load(start, 64); c5 = v128.load(start, 80); }
    const end = load<u32>(scratch + ENDS + (i << 2));
    for (let entry = list; entry < end; entry += ENTRY) {
      const b = scratch + load<u32>(entry);
      const x = v128.load32_splat(entry, 4);
      c0 = madd(x, v128.load(b), c0); c1 = madd(x, v128.load(b, 16), c1);
      if (offsetof<T>() > 32) { c2 = madd(x, v128.load(b, 32), c2); c3 = madd(x, v128.load(b, 48), c3); }
      if (offsetof<T>() > 64) { c4 = madd(x, v128.load(b, 64), c4); c5 = madd(x, v128.load(b, 80), c5); }
    }
    v128.store(c, c0); v128.store(c, c1, 16);
    if (offsetof<T>() > 32) { v128.store(c, c2, 32); v128.store(c, c3, 48); }
    if (offsetof<T>() > 64) { v128.store(c, c4, 64); v128.store(c, c5, 80); }
    list += <usize>k * ENTRY;
    start += startRow;
    c += cRow;
  }
}

/** Adds one row to all rows of C. */
function addRow(row: usize, rows: i32, columns: i32, c: usize, cRow: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let j: usize = 0; j < <usize>columns << 2; j += 16) {
      v128.store(c + j, f32x4.add(v128.load(c + j), v128.load(row + j)));
    }
    c += cRow;
  }
}

/** The start value of a product without biases. */
const zeros = memory.data(96, 16);

/**
 * The product that `gemm` computes, with the same arguments, for at least 4 rows. One of the strides of A must be 4.
 *
 * @param scratch LISTS + ENTRIES · ENTRY bytes
 */
export function sparseProduct(
  m: i32,
  nFrom: i32,
  nTo: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  aDepth: usize,
  b: usize,
  bRow: usize,
  bColumn: usize,
  c: usize,
  cRow: usize,
  bias: usize,
  scratch: usize,
): void {
  // Blocks are of nearly equal size: a narrow, shallow or short one costs more for each of its elements.
  const depthBlocks = (k + DEPTH - 1) / DEPTH;
  const deepest = (k + depthBlocks - 1) / depthBlocks;
  const most = min(ROWS, ENTRIES / deepest);
  const rowBlocks = (m + most - 1) / most;
  const units = (nTo - nFrom) >> 3;
  const panels = (units + 2) / 3;
  for (let rowBlock = 0; rowBlock < rowBlocks; rowBlock++) {
    const i = firstBlock(m, rowBlock, rowBlocks);
    const rows = firstBlock(m, rowBlock + 1, rowBlocks) - i;
    for (let depthBlock = 0; depthBlock < depthBlocks; depthBlock++) {
      const p = firstBlock(k, depthBlock, depthBlocks);
      const depth = firstBlock(k, depthBlock + 1, depthBlocks) - p;
      const block = a + <usize>i * aRow + <usize>p * aDepth;
      if (aDepth == 4) listRows(block, aRow, rows, depth, scratch + LISTS, scratch + ENDS);
      else listColumns(block, aDepth, rows, depth, scratch + LISTS, scratch + ENDS);
      for (let panel = 0; panel < panels; panel++) {
        const j = nFrom + (firstBlock(units, panel, panels) << 3);
        const columns = nFrom + (firstBlock(units, panel + 1, panels) << 3) - j;
        const from = b + <usize>p * bRow + <usize>j * bColumn;
        const isFinite = packPanel(from, bRow, bColumn, depth, columns, n - j, scratch);
        const at = c + <usize>i * cRow + (<usize>j << 2);
        const firstRow = bias == 0 ? zeros : bias + (<usize>j << 2);
        const start = p == 0 ? firstRow : at;
        const startRow = p == 0 ? 0 : cRow;
        if (columns == 8) multiply<Columns8>(rows, depth, scratch, at, cRow, start, startRow);
        else if (columns == 16) multiply<Columns16>(rows, depth, scratch, at, cRow, start, startRow);
        else multiply<Columns24>(rows, depth, scratch, at, cRow, start, startRow);
        if (!isFinite) addRow(scratch + NOT_FINITE, rows, columns, at, cRow);
      }
    }
  }
}
