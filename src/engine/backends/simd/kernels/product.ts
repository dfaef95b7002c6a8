import { gemm } from './gemm';
import { sparseProduct } from './sparse';

/** The share of zeros above which skipping them is faster; the two ways take the same time at about 0.4. */
const SPARSE: f32 = 0.45;
/** Lists of what is not zero are worth their time if they serve this many columns. */
const MIN_COLUMNS: i32 = 48;
const MIN_ROWS: i32 = 8;

/** Counts the zeros in 8 of A's lines, or all if it has fewer. */
function isSparse(lines: i32, length: i32, a: usize, stride: usize): bool {
  const zero = f32x4.splat(0);
  const samples = min(lines, 8);
  const end = (<usize>length >> 2) << 4;
  let found = i32x4.splat(0);
  for (let sample = 0; sample < samples; sample++) {
    const line = a + <usize>((sample * lines) / samples) * stride;
    for (let at: usize = 0; at < end; at += 16) {
      found = i32x4.sub(found, f32x4.eq(v128.load(line + at), zero));
    }
  }
  found = i32x4.add(found, v128.shuffle<i32>(found, found, 2, 3, 0, 1));
  const zeros = i32x4.extract_lane(found, 0) + i32x4.extract_lane(found, 1);
  return <f32>zeros > SPARSE * <f32>samples * <f32>(end >> 2);
}

/**
 * `gemm`, which skips the zeros of A if enough of it is zero. Which way it takes does not change the result, so
 * threads may decide differently.
 *
 * @param skipZeros 0: never
 */
export function product(
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
  skipZeros: i32,
  scratch: usize,
): void {
  const isLarge = skipZeros != 0 && m >= MIN_ROWS && nTo - nFrom >= MIN_COLUMNS;
  if (isLarge && (aDepth == 4 ? isSparse(m, k, a, aRow) : isSparse(k, m, a, aDepth)))
    sparseProduct(m, nFrom, nTo, n, k, a, aRow, aDepth, b, bRow, bColumn, c, cRow, bias, scratch);
  else gemm(m, nFrom, nTo, n, k, a, aRow, aDepth, b, bRow, bColumn, c, cRow, bias, scratch);
}
