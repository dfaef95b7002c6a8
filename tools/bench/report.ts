import { labelOf } from './contenders.ts';
import type { Measurement, SettingResult } from './measure.ts';

/** The measurement among all that is like one, except for the changes. */
function findLike(
  all: readonly Measurement[],
  { name, method, threads }: Measurement,
  changes: Partial<Measurement>,
): Measurement | undefined {
  const wanted = { name, method, threads, ...changes };
  return all.find(
    (other) =>
      other.name === wanted.name &&
      other.method === wanted.method &&
      other.threads === wanted.threads,
  );
}

/** Time relative to our simd engine with the same number of threads; null if there is nothing to compare. */
export function timesSimd(one: Measurement, all: readonly Measurement[]): number | null {
  if (one.name === 'simd') return null;
  const ours = all.filter(({ name, method }) => name === 'simd' && method === one.method);
  const most = Math.max(...ours.map(({ threads }) => threads ?? 1));
  const equal = findLike(all, one, { name: 'simd', threads: one.threads ?? most });
  return equal ? one.milliseconds / equal.milliseconds : null;
}

/** The gains from threads and from a graphics processor, and the cost of ABP, where both were measured. */
export function comparisons(all: readonly Measurement[]): string[] {
  const gains = all.flatMap((one) => {
    const { threads } = one;
    const single = findLike(all, one, { threads: 1, ...(threads === null && { name: 'simd' }) });
    if (threads === 1 || !single) return [];
    const gain = single.milliseconds / one.milliseconds;
    return [
      `${labelOf(one)}, ${one.method}: ${gain.toFixed(2)} times as fast as ${threads === null ? labelOf(single) : 'with one'}`,
    ];
  });
  const costs = all.flatMap((one) => {
    const plain = findLike(all, one, { method: 'plain' });
    if (one.method === 'plain' || !plain) return [];
    const ratio = one.milliseconds / plain.milliseconds;
    return [`${labelOf(one)}: ABP costs ${ratio.toFixed(2)} plain steps`];
  });
  return [...gains, ...costs];
}

/** The results of a setting as a table. */
export function formatSetting({ hiddenLayers, batchSize, measurements }: SettingResult): string {
  const pad = ([first, ...others]: readonly string[]) =>
    first!.padEnd(22) + others.map((cell) => cell.padStart(12)).join('');
  const lines = [`784-${hiddenLayers.join('-')}-10, batch ${batchSize}`];
  for (const method of ['adversarial', 'plain'] as const) {
    const rows = measurements.filter((measurement) => measurement.method === method);
    if (rows.length === 0) continue;
    const title = method === 'adversarial' ? 'ABP step' : 'plain step';
    lines.push('', pad([title, 'ms', 'GFLOP/s', 'times simd', 'difference']));
    for (const row of rows) {
      const times = timesSimd(row, measurements);
      const note = row.threads === null ? ' *' : '';
      const numbers = [row.milliseconds.toFixed(2), row.gflops.toFixed(1)];
      const compared = times === null ? '' : `${times.toFixed(2)}${note}`;
      lines.push(pad([labelOf(row), ...numbers, compared, row.difference.toExponential(0)]));
    }
  }
  return [...lines, '', ...comparisons(measurements)].join('\n');
}
