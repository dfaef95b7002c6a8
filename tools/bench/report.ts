import { cpus, totalmem } from 'node:os';
import { hasThreads, labelOf } from './contenders.ts';
import type { Measurement, Setting } from './measure.ts';

/** All measurements of a setting, in the order of the table. */
export interface SettingResult extends Setting {
  readonly measurements: readonly Measurement[];
  /** The machine's load average over the last minute, at the end; it includes the bench's own threads. */
  readonly load: number;
}

/** The machine that the numbers were measured on. */
export function describeMachine(): { processor: string; node: string } {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    processor: `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${memory} GiB`,
    node: `Node ${process.version}`,
  };
}

/** Time relative to our simd engine with the same number of threads; null if there is nothing to compare. */
export function timesSimd(
  { name, threads, method, milliseconds }: Measurement,
  all: readonly Measurement[],
): number | null {
  if (name === 'simd') return null;
  const ours = all.filter((other) => other.name === 'simd' && other.method === method);
  const most = Math.max(...ours.map((other) => other.threads ?? 1));
  const wanted = threads ?? most;
  const equal = ours.find((other) => other.threads === wanted);
  return equal ? milliseconds / equal.milliseconds : null;
}

function pad(cells: readonly string[]): string {
  const [first, ...others] = cells;
  return first!.padEnd(22) + others.map((cell) => cell.padStart(12)).join('');
}

/** The gain from threads and the cost of ABP, for contenders that were measured both ways. */
export function comparisons(all: readonly Measurement[]): string[] {
  const lines: string[] = [];
  for (const measurement of all) {
    const label = `${labelOf(measurement)}, ${measurement.method}`;
    const single = all.find(
      ({ name, method, threads }) =>
        name === measurement.name && method === measurement.method && threads === 1,
    );
    if (measurement.threads !== null && measurement.threads > 1 && single) {
      const gain = single.milliseconds / measurement.milliseconds;
      lines.push(`${label}: ${gain.toFixed(2)} times as fast as with one`);
    }
  }
  for (const one of all.filter(({ method }) => method === 'adversarial')) {
    const plain = all.find(
      ({ name, method, threads }) =>
        name === one.name && threads === one.threads && method === 'plain',
    );
    if (plain) {
      const ratio = one.milliseconds / plain.milliseconds;
      lines.push(`${labelOf(one)}: ABP costs ${ratio.toFixed(2)} plain steps`);
    }
  }
  return lines;
}

/** The results of a setting as a table. */
export function formatSetting({ hiddenLayers, batchSize, measurements }: SettingResult): string {
  const lines = [`784-${hiddenLayers.join('-')}-10, batch ${batchSize}`];
  for (const method of ['adversarial', 'plain'] as const) {
    const rows = measurements.filter((measurement) => measurement.method === method);
    if (rows.length === 0) continue;
    const title = method === 'adversarial' ? 'ABP' : 'plain';
    lines.push('', pad([`${title} step`, 'ms', 'GFLOP/s', 'times simd', 'difference']));
    for (const row of rows) {
      const times = timesSimd(row, measurements);
      const comparable =
        times === null ? '' : `${times.toFixed(2)}${hasThreads(row.name) ? '' : ' *'}`;
      lines.push(
        pad([
          labelOf(row),
          row.milliseconds.toFixed(2),
          row.gflops.toFixed(1),
          comparable,
          row.difference.toExponential(0),
        ]),
      );
    }
  }
  return [...lines, '', ...comparisons(measurements)].join('\n');
}
