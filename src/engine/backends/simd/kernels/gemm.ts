// Packed, register-blocked matrix product. Matrices are padded (row strides to a multiple of 8 floats, rows to a
// multiple of 6) so that every tile is whole. The padding may hold any values: no element of a result depends on it.

/** Depth of a block of the product: a packed panel of B, KC × 8 floats, fits in the first-level cache. */
export const KC: i32 = 256;
const MR: i32 = 6;
const NR: i32 = 8;

@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (isDefined(RELAXED)) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Packs m × k elements at strides (bytes) into panels of 6 rows, depth-major. */
function packA(src: usize, rowStride: usize, depthStride: usize, m: i32, k: i32, dst: usize): void {
  for (let i = 0; i < m; i += MR) {
    const rows = min(MR, m - i);
    let s = src + <usize>i * rowStride;
    if (rows == MR) {
      for (let p = 0; p < k; p++) {
        store<f32>(dst, load<f32>(s), 0);
        store<f32>(dst, load<f32>(s + rowStride), 4);
        store<f32>(dst, load<f32>(s + 2 * rowStride), 8);
        store<f32>(dst, load<f32>(s + 3 * rowStride), 12);
        store<f32>(dst, load<f32>(s + 4 * rowStride), 16);
        store<f32>(dst, load<f32>(s + 5 * rowStride), 20);
        dst += 24;
        s += depthStride;
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let r = 0; r < MR; r++) {
          store<f32>(dst + (<usize>r << 2), r < rows ? load<f32>(s + <usize>r * rowStride) : 0);
        }
        dst += 24;
        s += depthStride;
      }
    }
  }
}

/** Packs a panel of k × 8 whose columns are contiguous. */
function packRows(src: usize, rowStride: usize, k: i32, dst: usize): void {
  for (let p = 0; p < k; p++) {
    v128.store(dst, v128.load(src));
    v128.store(dst, v128.load(src, 16), 16);
    dst += 32;
    src += rowStride;
  }
}

/** Packs a panel of k × 8 whose columns are rows of the source, `columns` of them present. */
export function packTransposed(
  src: usize,
  columnStride: usize,
  k: i32,
  columns: i32,
  dst: usize,
  dstRow: usize,
): void {
  let p = 0;
  if (columns == NR) {
    for (; p + 4 <= k; p += 4) {
      for (let half: usize = 0; half < 2; half++) {
        const q = src + half * 4 * columnStride;
        const r0 = v128.load(q);
        const r1 = v128.load(q + columnStride);
        const r2 = v128.load(q + 2 * columnStride);
        const r3 = v128.load(q + 3 * columnStride);
        const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
        const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
        const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
        const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
        const d = dst + half * 16;
        v128.store(d, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5), 0);
        v128.store(d + dstRow, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
        v128.store(d + 2 * dstRow, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
        v128.store(d + 3 * dstRow, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
      }
      dst += 4 * dstRow;
      src += 16;
    }
  }
  for (; p < k; p++) {
    for (let c = 0; c < NR; c++) {
      store<f32>(dst + (<usize>c << 2), c < columns ? load<f32>(src + <usize>c * columnStride) : 0);
    }
    dst += dstRow;
    src += 4;
  }
}

/** One tile of 6 × 8: C = start + A B over k. `start` is C itself, a row of 8 biases, or zero. */
function tile(a: usize, b: usize, k: i32, c: usize, stride: usize, start: usize, startStride: usize): void {
  let c00 = v128.load(start), c01 = v128.load(start, 16);
  start += startStride;
  let c10 = v128.load(start), c11 = v128.load(start, 16);
  start += startStride;
  let c20 = v128.load(start), c21 = v128.load(start, 16);
  start += startStride;
  let c30 = v128.load(start), c31 = v128.load(start, 16);
  start += startStride;
  let c40 = v128.load(start), c41 = v128.load(start, 16);
  start += startStride;
  let c50 = v128.load(start), c51 = v128.load(start, 16);
  const end = a + <usize>k * 24;
  while (a < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a, 0);
    c00 = madd(x, b0, c00); c01 = madd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = madd(x, b0, c10); c11 = madd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = madd(x, b0, c20); c21 = madd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = madd(x, b0, c30); c31 = madd(x, b1, c31);
    x = v128.load32_splat(a, 16);
    c40 = madd(x, b0, c40); c41 = madd(x, b1, c41);
    x = v128.load32_splat(a, 20);
    c50 = madd(x, b0, c50); c51 = madd(x, b1, c51);
    a += 24;
    b += 32;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  c += stride;
  v128.store(c, c10); v128.store(c, c11, 16);
  c += stride;
  v128.store(c, c20); v128.store(c, c21, 16);
  c += stride;
  v128.store(c, c30); v128.store(c, c31, 16);
  c += stride;
  v128.store(c, c40); v128.store(c, c41, 16);
  c += stride;
  v128.store(c, c50); v128.store(c, c51, 16);
}

/** Eight zeros, the start value of a product without biases. */
const zeros = memory.data(32, 16);

/**
 * C[m × n] = bias + A[m × k] B[k × n], for columns nFrom to nTo. All strides are bytes.
 *
 * Each element is summed in the order of k, independently of which rows and columns are computed, so sharing a
 * product among threads does not change its result.
 *
 * @param bias n floats, or 0 for none
 * @param scratch KC · 32 bytes and then ceil(m / 6) · 6 · min(k, KC) floats
 */
export function gemm(
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
  const panelB = scratch;
  const packedA = scratch + KC * 32;
  for (let k0 = 0; k0 < k; k0 += KC) {
    const kc = min(KC, k - k0);
    packA(a + <usize>k0 * aDepth, aRow, aDepth, m, kc, packedA);
    for (let j = nFrom; j < nTo; j += NR) {
      const from = b + <usize>k0 * bRow + <usize>j * bColumn;
      if (bColumn == 4) packRows(from, bRow, kc, panelB);
      else packTransposed(from, bColumn, kc, min(NR, n - j), panelB, 32);
      const start = bias == 0 ? zeros : bias + (<usize>j << 2);
      let panelA = packedA;
      for (let i = 0; i < m; i += MR) {
        const at = c + <usize>i * cRow + (<usize>j << 2);
        if (k0 > 0) tile(panelA, panelB, kc, at, cRow, at, cRow);
        else tile(panelA, panelB, kc, at, cRow, start, 0);
        panelA += <usize>kc * 24;
      }
    }
  }
}
