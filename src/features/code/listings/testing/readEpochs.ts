/** The numbers that a listing prints for an epoch. */
export interface ListedEpoch {
  readonly loss: number;
  /** Error rates in percent, clean and under the listing's attack. */
  readonly error: number;
  readonly attackedError: number;
}

const line =
  /^epoch \d+: training loss ([\d.]+), (?:test|validation) error ([\d.]+) %, under FGSM [\d.]+ \(clipped\) ([\d.]+) %$/;

/** @throws Error when a line is not one that listings print */
export function readEpochs(lines: readonly string[]): ListedEpoch[] {
  return lines.map((text) => {
    const found = line.exec(text);
    if (found === null) throw new Error(`Expected a line about an epoch, found: ${text}`);
    const [loss, error, attackedError] = found.slice(1).map(Number) as [number, number, number];
    return { loss, error, attackedError };
  });
}
