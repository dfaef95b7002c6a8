// Output deltas and losses: only ten numbers per image, so these are plain loops in f64, and part 0 does all of it.

export const BCE: i32 = 0;
export const CE: i32 = 1;

@inline
export function logit(z: usize, j: i32): f64 {
  return <f64>load<f32>(z + (<usize>j << 2));
}

export function sigmoid(z: f64): f64 {
  const e = NativeMath.exp(-abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
}

export function largestLogit(z: usize, classes: i32): f64 {
  let largest = logit(z, 0);
  for (let j = 1; j < classes; j++) largest = max<f64>(largest, logit(z, j));
  return largest;
}

/** The class of the largest logit. */
export function predicted(z: usize, classes: i32): i32 {
  let winner = 0;
  for (let j = 1; j < classes; j++) if (logit(z, j) > logit(z, winner)) winner = j;
  return winner;
}

/** log Σ exp(z), without overflow. */
export function logSum(z: usize, classes: i32): f64 {
  const largest = largestLogit(z, classes);
  let sum: f64 = 0;
  for (let j = 0; j < classes; j++) sum += NativeMath.exp(logit(z, j) - largest);
  return largest + NativeMath.log(sum);
}

/** ∂J/∂logits, J being the mean over the batch; never computed as p − 1. */
export function outputDelta(
  part: i32,
  parts: i32,
  logits: usize,
  labels: usize,
  out: usize,
  rowBytes: usize,
  images: i32,
  classes: i32,
  loss: i32,
): void {
  if (part > 0) return;
  for (let i = 0; i < images; i++) {
    const z = logits + <usize>i * rowBytes;
    const to = out + <usize>i * rowBytes;
    const label = <i32>load<f32>(labels + (<usize>i << 5));
    if (loss == BCE) {
      for (let j = 0; j < classes; j++) {
        const delta = j == label ? -sigmoid(-logit(z, j)) : sigmoid(logit(z, j));
        store<f32>(to + (<usize>j << 2), <f32>(delta / images));
      }
      continue;
    }
    const largest = largestLogit(z, classes);
    let sum: f64 = 0;
    let others: f64 = 0;
    for (let j = 0; j < classes; j++) {
      const power = NativeMath.exp(logit(z, j) - largest);
      sum += power;
      if (j != label) others += power;
    }
    for (let j = 0; j < classes; j++) {
      const power = j == label ? -others : NativeMath.exp(logit(z, j) - largest);
      store<f32>(to + (<usize>j << 2), <f32>(power / sum / images));
    }
  }
}

/** The logit of another class, or minus that of the label. */
@inline
function towardError(z: usize, j: i32, label: i32): f64 {
  return j == label ? -logit(z, j) : logit(z, j);
}

/** ∂L/∂logits times a positive factor of each image: σ of each class by its logarithm, or softmax over the others and −1. */
export function attackDelta(
  part: i32,
  parts: i32,
  logits: usize,
  labels: usize,
  out: usize,
  rowBytes: usize,
  images: i32,
  classes: i32,
  loss: i32,
): void {
  if (part > 0) return;
  for (let i = 0; i < images; i++) {
    const z = logits + <usize>i * rowBytes;
    const to = out + <usize>i * rowBytes;
    const label = <i32>load<f32>(labels + (<usize>i << 5));
    if (loss == BCE) {
      let largest = towardError(z, 0, label);
      for (let j = 1; j < classes; j++) largest = max<f64>(largest, towardError(z, j, label));
      largest = min<f64>(largest, 0);
      for (let j = 0; j < classes; j++) {
        const s = towardError(z, j, label);
        const scaled = NativeMath.exp(min<f64>(s, 0) - largest) / (1 + NativeMath.exp(-abs(s)));
        store<f32>(to + (<usize>j << 2), <f32>(j == label ? -scaled : scaled));
      }
      continue;
    }
    let largest: f64 = -Infinity;
    for (let j = 0; j < classes; j++) if (j != label) largest = max<f64>(largest, logit(z, j));
    let sum: f64 = 0;
    for (let j = 0; j < classes; j++) if (j != label) sum += NativeMath.exp(logit(z, j) - largest);
    for (let j = 0; j < classes; j++) {
      const delta = j == label ? -1 : NativeMath.exp(logit(z, j) - largest) / sum;
      store<f32>(to + (<usize>j << 2), <f32>delta);
    }
  }
}

/** Adds loss and error of each image to the first two columns of its row of scores, times the weight. */
export function addScores(
  part: i32,
  parts: i32,
  scores: usize,
  logits: usize,
  labels: usize,
  rowBytes: usize,
  images: i32,
  classes: i32,
  loss: i32,
  weight: f32,
): void {
  if (part > 0) return;
  for (let i = 0; i < images; i++) {
    const z = logits + <usize>i * rowBytes;
    const score = scores + (<usize>i << 5);
    const label = <i32>load<f32>(labels + (<usize>i << 5));
    let total: f64 = 0;
    if (loss == BCE) {
      for (let j = 0; j < classes; j++) {
        const value = logit(z, j);
        total += (value > 0 ? value : 0) + NativeMath.log1p(NativeMath.exp(-abs(value)));
        if (j == label) total -= value;
      }
    } else {
      total = logSum(z, classes) - logit(z, label);
    }
    store<f32>(score, load<f32>(score) + weight * <f32>total);
    store<f32>(score, load<f32>(score, 4) + (predicted(z, classes) == label ? 0 : weight), 4);
  }
}
