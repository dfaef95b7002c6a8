// Steps in the Euclidean norm. Sums run over the columns alone: the padding of a row may hold anything.

import { firstBlock } from './blocks';

@inline
function at(address: usize, c: i32): f64 {
  return <f64>load<f32>(address + (<usize>c << 2));
}

/** One step of PGD: from + size · g / ‖g‖₂, projected to within ε of x, row by row. */
export function addNormalizedStep(
  part: i32,
  parts: i32,
  x: usize,
  from: usize,
  g: usize,
  out: usize,
  rowBytes: usize,
  rows: i32,
  columns: i32,
  size: f32,
  epsilon: f32,
  clip: i32,
): void {
  for (let r = firstBlock(rows, part, parts); r < firstBlock(rows, part + 1, parts); r++) {
    const row = <usize>r * rowBytes;
    let squares: f64 = 0;
    for (let c = 0; c < columns; c++) squares += at(g + row, c) * at(g + row, c);
    const scale: f64 = squares > 0 ? <f64>size / sqrt(squares) : 0;
    squares = 0;
    for (let c = 0; c < columns; c++) {
      const change = at(from + row, c) - at(x + row, c) + scale * at(g + row, c);
      squares += change * change;
    }
    const length = sqrt(squares);
    const share: f64 = length > <f64>epsilon ? <f64>epsilon / length : 1;
    for (let c = 0; c < columns; c++) {
      const image = at(x + row, c);
      let moved = image + share * (at(from + row, c) - image + scale * at(g + row, c));
      if (clip) moved = min<f64>(max<f64>(moved, 0), 1);
      store<f32>(out + row + (<usize>c << 2), <f32>moved);
    }
  }
}
