import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../src/domain/errors.ts';
import { encodeExperimentFile } from '../../src/experiment/files/experimentFile.ts';
import { readLabFile } from '../../src/experiment/files/files.ts';
import { createRun } from '../../src/experiment/runs/run.ts';
import { makeSavedRun } from '../../src/experiment/storage/testing/savedExperiments.ts';
import type { Chance } from './chance.ts';
import { dataFiles } from './dataFiles.ts';
import { type Bytes, type HostileFile, spoil } from './hostileFile.ts';

/** Refusing takes a moment at most, however large the file claims to be. */
const mostMs = 3000;

const labFile = (kind: string, name: string, content: Bytes | string): HostileFile => ({
  kind,
  read: () => readLabFile(new File([content], name), 0.1),
});

const hostileValues: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e300,
  '',
  'x'.repeat(10_000),
  [],
  [[]],
  {},
  '\u202e\u0000',
];

/** Copies of a JSON value, each with one of its parts replaced or removed. */
function* replaceParts(value: unknown): Generator {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const copy = (): Record<string, unknown> =>
      (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
    for (const other of hostileValues) yield Object.assign(copy(), { [key]: other });
    const without = copy();
    Reflect.deleteProperty(without, key);
    yield without;
    for (const inner of replaceParts(part)) yield Object.assign(copy(), { [key]: inner });
  }
}

function withHeader(file: Bytes, header: unknown): Bytes {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const text = new TextEncoder().encode(JSON.stringify(header));
  const whole = new Uint8Array(8 + text.length + file.length - 8 - length);
  new DataView(whole.buffer).setBigUint64(0, BigInt(text.length), true);
  whole.set(text, 8);
  whole.set(file.subarray(8 + length), 8 + text.length);
  return whole;
}

function* weightsFiles(file: Bytes, chance: Chance): Generator<HostileFile> {
  const name = 'network.safetensors';
  for (const [kind, content] of Object.entries(spoil(file, chance)))
    yield labFile(`weights: ${kind}`, name, content);
  for (const length of [0n, 1n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n]) {
    const copy = file.slice();
    new DataView(copy.buffer).setBigUint64(0, length, true);
    yield labFile(`weights: a header of ${length} bytes`, name, copy);
  }
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header: unknown = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  for (const changed of replaceParts(header)) {
    yield labFile('weights: a part of the header', name, withHeader(file, changed));
  }
}

function* experimentFiles(chance: Chance): Generator<HostileFile> {
  const name = 'experiment.json';
  const saved = makeSavedRun('run', 100);
  const run = { ...createRun(saved.id, saved), ...saved };
  const text = encodeExperimentFile([run], {
    attackEpsilon: 0.1,
    engine: 'SIMD',
    savedAt: new Date(0),
  });
  for (const [kind, content] of Object.entries(spoil(new TextEncoder().encode(text), chance))) {
    yield labFile(`experiment: ${kind}`, name, content);
  }
  yield labFile('experiment: nested 100,000 times', name, '['.repeat(100_000));
  yield labFile('experiment: 60 MB', name, `{"format":"${'x'.repeat(60e6)}"}`);
  yield labFile('experiment: a number too large', name, text.replace('"epoch":1', '"epoch":1e999'));
  for (const changed of replaceParts(JSON.parse(text))) {
    yield labFile('experiment: a part of it', name, JSON.stringify(changed));
  }
}

/**
 * Opens files that are damaged or made to harm: weights, experiments and data. Each has to be read, or refused with an
 * error that says what to do, soon.
 *
 * @returns what went wrong
 */
export async function tryFiles(chance: Chance) {
  const folder = path.join(import.meta.dirname, '..', '..', 'public', 'pretrained');
  const network = new Uint8Array(await readFile(path.join(folder, 'plain.safetensors')));
  const faults: string[] = [];
  const kinds = new Set<string>();
  let count = 0;
  let refused = 0;
  let slowest = { ms: 0, kind: '' };
  for (const files of [weightsFiles(network, chance), experimentFiles(chance), dataFiles(chance)]) {
    for (const { kind, isSound, read } of files) {
      kinds.add(kind);
      count++;
      const start = performance.now();
      try {
        await read();
      } catch (error) {
        refused++;
        if (isSound || !(error instanceof LabError) || error.remedy === '')
          faults.push(`${kind}: ${String(error)}`);
      }
      const ms = performance.now() - start;
      if (ms > slowest.ms) slowest = { ms, kind };
      if (ms > mostMs) faults.push(`${kind}: took ${(ms / 1000).toFixed(1)} s`);
    }
  }
  const megabytes = (process.resourceUsage().maxRSS / 1000).toFixed(0);
  const slow = `slowest ${slowest.ms.toFixed(0)} ms (${slowest.kind})`;
  return {
    faults,
    figures: `${count.toLocaleString('en-US')} files of ${kinds.size} kinds, ${refused.toLocaleString('en-US')} refused, ${slow}, at most ${megabytes} MB of memory`,
  };
}
