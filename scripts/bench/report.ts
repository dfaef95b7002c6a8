import { cpus, totalmem } from 'node:os';
import { hasThreads, labelOf } from './contenders.ts';
import type { Measurement, Setting } from './measure.ts';

/** All measurements of a setting, in the order of the table. */
export interface SettingResult extends Setting {
  readonly measurements: readonly Measurement[];
  /** The machine's load average over the last minute, at the end; threads that computed are part of it. */
  readonly load: number;
}

/** What the numbers belong to. */
export function describeMachine(): { processor: string; node: string } {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    processor: `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} cores, ${memory} GiB`,
    node: `Node ${process.version}`,
  };
}

/** How many times as long as our simd with as many threads; null where there is nothing to compare. */
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

/** What threads gain and what ABP costs, for those contenders that were measured both ways. */
export function comparisons(all: readonly Measurement[]): string[] {
  const lines: string[] = [];
  for (const one of all) {
    const label = `${labelOf(one)}, ${one.method}`;
    const single = all.find(
      ({ name, method, threads }) => name === one.name && method === one.method && threads === 1,
    );
    if (one.threads !== null && one.threads > 1 && single) {
      const gain = single.milliseconds / one.milliseconds;
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

/** A setting as a table for a person. */
export function formatSetting({ hiddenLayers, batchSize, measurements }: SettingResult): string {
  const lines = [`784-${hiddenLayers.join('-')}-10, batch ${batchSize}`];
  for (const method of ['adversarial', 'plain'] as const) {
    const rows = measurements.filter((one) => one.method === method);
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
