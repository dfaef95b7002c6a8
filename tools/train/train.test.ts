import { spawn } from 'node:child_process';
import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../build/kernels.ts';
import { encodeIdx } from '../../src/data/testing/encodeIdx.ts';
import { decodeSafetensors } from '../../src/formats/testing/decodeSafetensors.ts';
import type { SeedSummary } from './seedSummary.ts';
import { temporaryDirectory, tinyFiles, writeDirectory } from './testing/tinyDataSet.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Without the options of `args` that are given again later, and their values. */
function withoutFirst(args: readonly string[]): string[] {
  return args.filter((_, i) => {
    const name = args[i]!.startsWith('--') ? i : i - 1;
    return args.lastIndexOf(args[name]!) === name || !args[name]!.startsWith('--');
  });
}

/** Runs the command like `npm run train`, the last of an option. `onOutput` may send it a signal. */
function train(
  all: readonly string[],
  onOutput?: (kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Outcome> {
  const args = withoutFirst(all);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'tools/train/train.ts', ...args], {
      cwd: root,
    });
    let stdout = '';
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
      onOutput?.((signal) => child.kill(signal));
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The JSON lines without what depends on the machine's speed. */
function results({ stdout }: Outcome): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const result = JSON.parse(line) as Record<string, unknown>;
      expect(result.seconds).toBeGreaterThan(0);
      expect(result.samplesPerSecond).toBeGreaterThan(0);
      return { ...result, seconds: 0, samplesPerSecond: 0 };
    });
}

/** Whether a process has opened one of MNIST's files. */
function isReading(pid: number): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((fd) => /idx3-ubyte/.test(readlinkSync(`${folder}/${fd}`)));
  } catch {
    return false; // it was closed in the meantime
  }
}

describe('npm run train', { timeout: 60_000 }, () => {
  let data = '';
  let common: string[] = [];
  beforeAll(async () => {
    // Compiled here, because a child process would print a message about it.
    await buildKernels();
    data = await writeDirectory(tinyFiles());
    common = ['--data', data, '--hidden', '100,64', '--batch', '128', '--epochs', '2', '--json'];
  }, 120_000);

  it('gives equal results for equal seeds with any number of threads', async () => {
    const [first, again, twoThreads] = await Promise.all([
      train([...common, '--threads', '1', '--attack-epsilon', '.1,0.25']),
      train([...common, '--threads', '1', '--attack-epsilon', '.1,0.25']),
      train([...common, '--threads', '2', '--attack-epsilon', '.1,0.25']),
    ]);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const lines = results(first);
    expect(lines.map((line) => line.epoch)).toEqual([1, 2]);
    for (const line of lines) {
      const keys = 'epoch trainLoss testError adversarialError seconds samplesPerSecond';
      expect(Object.keys(line)).toEqual(keys.split(' '));
      expect(Object.keys(line.adversarialError as object)).toEqual(['0.1', '0.25']);
      expect(line.testError).toBeLessThanOrEqual(1);
    }
    expect(results(again)).toEqual(lines);
    expect(results(twoThreads)).toEqual(lines);
  });

  it('trains once for each seed, as with that seed alone, and ends with their mean and interval', async () => {
    const args = [...common, '--attack', 'pgd', '--attack-steps', '2', '--epochs', '1'];
    const [seeds, second] = await Promise.all([
      train([...args, '--seeds', '1-3']),
      train([...args, '--seed', '2']),
    ]);
    expect([seeds.code, seeds.stderr]).toEqual([0, '']);
    const lines = seeds.stdout.trim().split('\n');
    const epochs = results({ ...seeds, stdout: lines.slice(0, 3).join('\n') });
    expect(epochs.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(epochs[1]).toEqual({ seed: 2, ...results(second)[0] });
    const summary = JSON.parse(lines[3]!) as SeedSummary;
    expect(summary.seeds).toEqual([1, 2, 3]);
    const errors = epochs.map(({ testError }) => testError as number);
    const mean = errors.reduce((sum, error) => sum + error, 0) / 3;
    expect(summary.testError.mean).toBeCloseTo(mean, 12);
    const squares = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0);
    expect(summary.testError.high).toBeCloseTo(mean + 4.30265 * Math.sqrt(squares / 2 / 3), 6);
    expect(Object.keys(summary.adversarialError)).toEqual(['0.08']);
    expect(lines).toHaveLength(4);
  });

  it('sums up the seeds before an interruption', async () => {
    const args = [...common, '--epochs', '1', '--seeds', '1-100'];
    const { code, stdout, stderr } = await train(args, (kill) => kill('SIGINT'));
    expect([code, stderr]).toEqual([130, 'train: stopped by Ctrl-C; nothing was saved.\n']);
    const lines = stdout.trim().split('\n');
    const { seeds, testError } = JSON.parse(lines.pop()!) as SeedSummary;
    const epochs = lines.map((line) => JSON.parse(line) as { seed: number; testError: number });
    expect(seeds.length).toBeGreaterThan(0);
    expect(seeds).toEqual(epochs.slice(0, seeds.length).map(({ seed }) => seed));
    const errors = epochs.slice(0, seeds.length).map((one) => one.testError);
    expect(testError.mean).toBeCloseTo(
      errors.reduce((sum, one) => sum + one, 0) / seeds.length,
      12,
    );
  });

  it('names a seed that diverged', async () => {
    const wild = '--optimizer momentum --learning-rate 10 --hidden 200,200,200,200,200,200';
    const outcome = await train([...common, ...wild.split(' '), '--seeds', '4-5']);
    expect([outcome.code, outcome.stdout]).toEqual([1, '']);
    expect(outcome.stderr).toMatch(/^train: Seed 4: Training diverged[^\n]+\n$/);
  });

  it('permutes pixels, with different numbers and similar errors, and saves the order', async () => {
    const file = path.join(await temporaryDirectory(), 'network.safetensors');
    const [inOrder, permuted] = await Promise.all([
      train(common),
      train([...common, '--permute', '3', '--save', file]),
    ]);
    expect([permuted.code, permuted.stderr]).toEqual([0, '']);
    const [a, b] = [results(inOrder).at(-1)!, results(permuted).at(-1)!];
    expect(b.trainLoss).not.toBe(a.trainLoss);
    expect(Math.abs(Number(b.testError) - Number(a.testError))).toBeLessThan(0.1);
    const { metadata } = decodeSafetensors(await readFile(file));
    expect(JSON.parse(metadata.config!)).toMatchObject({ permutationSeed: 3 });
    const order = JSON.parse(metadata.pixelOrder!) as number[];
    expect(order).not.toEqual([...Array(35).keys()]);
    expect(order.sort((x, y) => x - y)).toEqual([...Array(35).keys()]);
  });

  it('runs the strongest attack and certifies after the last epoch', async () => {
    const outcome = await train([...common, '--attack', 'strongest', '--certify', '0,0.001']);
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    const [first, last] = results(outcome);
    expect(first).toMatchObject({ adversarialError: {} });
    expect(first).not.toHaveProperty('certifiedAccuracy');
    const { testError, adversarialError, certifiedAccuracy } = last as {
      testError: number;
      adversarialError: Record<string, number>;
      certifiedAccuracy: Record<string, number>;
    };
    expect(adversarialError['0.08']).toBeGreaterThanOrEqual(testError);
    expect(certifiedAccuracy['0']).toBeCloseTo(1 - testError, 6);
    expect(certifiedAccuracy['0.001']).toBeLessThanOrEqual(certifiedAccuracy['0']!);
  });

  it('reports the validation error and saves the network with PyTorch’s names', async () => {
    const file = path.join(await temporaryDirectory(), 'network.safetensors');
    await writeFile(file, 'an older file');
    const more = ['--validation', '100', '--save', file, '--attack', 'pgd', '--attack-steps', '3'];
    const outcome = await train([...common, ...more]);
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    // The test images are evaluated at the end only.
    expect(results(outcome).map((line) => 'testError' in line)).toEqual([false, true]);
    expect(results(outcome)[1]!.validationError).toBeLessThanOrEqual(1);
    const { tensors, metadata } = decodeSafetensors(await readFile(file));
    expect(tensors.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['layers.0.weight', 100, 35],
      ['layers.0.bias', 100],
      ['layers.1.weight', 64, 100],
      ['layers.1.bias', 64],
      ['layers.2.weight', 10, 64],
      ['layers.2.bias', 10],
    ]);
    expect(metadata).toMatchObject({ features: '35', validationSetSize: '100', stepsTrained: '8' });
    expect(JSON.parse(metadata.config!)).toMatchObject({
      hiddenLayers: [100, 64],
      trainingSetSize: 500,
    });
    expect(await readdir(path.dirname(file))).toEqual(['network.safetensors']);
  });

  it.each([
    ['SIGINT', 130, 'Ctrl-C'],
    ['SIGTERM', 143, 'SIGTERM'],
  ] as const)('saves the network on %s', async (signal, expectedCode, name) => {
    const file = path.join(await temporaryDirectory(), 'network.safetensors');
    const args = [...common, '--epochs', '1000', '--save', file];
    const { code, stderr } = await train(args, (kill) => kill(signal));
    expect(code).toBe(expectedCode);
    const [, by, steps] =
      /^train: stopped by (.+); .+ holds the network after (\d+) steps\.\n$/.exec(stderr) ?? [];
    expect(by).toBe(name);
    expect(decodeSafetensors(await readFile(file)).metadata.stepsTrained).toBe(steps);
  });

  it('leaves a complete file, and no other, after many signals', async () => {
    const file = path.join(await temporaryDirectory(), 'network.safetensors');
    const args = [...common, '--epochs', '1000', '--hidden', '1000,1000', '--save', file];
    let isAsked = false;
    const { code, stderr } = await train(args, (kill) => {
      if (isAsked) return;
      isAsked = true;
      kill('SIGTERM');
      // Repeated to the end: while it still counts as the same signal, and during a write.
      for (let ms = 50; ms <= 2000; ms += 50) setTimeout(() => kill('SIGINT'), ms);
    });
    // Null if a signal arrived while Node was shutting down.
    expect([143, 130, null]).toContain(code);
    expect(stderr).not.toContain('Error');
    expect(await readdir(path.dirname(file))).toEqual(['network.safetensors']);
    const { tensors, metadata } = decodeSafetensors(await readFile(file));
    expect(tensors).toHaveLength(6);
    expect(Number(metadata.stepsTrained)).toBeGreaterThan(0);
  });

  it('prints a table without --json, and no progress bar without a terminal', async () => {
    const { stdout, stderr } = await train(common.slice(0, -1));
    expect(stderr).toBe('');
    const rows = stdout.split('\n\n')[1]!.trimEnd().split('\n');
    expect(rows.map((row) => row.length)).toEqual([
      rows[0]!.length,
      rows[0]!.length,
      rows[0]!.length,
    ]);
    expect(rows[0]).toMatch(/epoch +train loss +test error +FGSM 0\.08 +seconds +images\/s$/);
  });

  /** Runs a shell's command line, with "train" for the command and its common options. */
  const shell = (line: string): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const options = common.map((word) => `'${word}'`).join(' ');
      const command = `'${process.execPath}' --import tsx tools/train/train.ts ${options}`;
      const child = spawn('bash', ['-c', line.replace('train', command)], { cwd: root });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk) => (stdout += String(chunk)));
      child.stderr.on('data', (chunk) => (stderr += String(chunk)));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });

  it.skipIf(process.platform !== 'linux')(
    'ends with a line if its output cannot be written',
    async () => {
      const full = await shell('train > /dev/full');
      expect(full.stderr).toBe('train: the output could not be written: the disk is full.\n');
      expect(full.code).toBe(1);
      const closed = await shell('train | true; exit ${PIPESTATUS[0]}');
      expect(closed.stderr).toBe(
        'train: the output could not be written: what reads it has ended.\n',
      );
      expect(closed.code).toBe(1);
    },
  );

  it('prints the epoch that was measured although the network cannot be saved', async () => {
    const folder = await temporaryDirectory();
    const gone = path.join(folder, 'gone');
    await mkdir(gone);
    let isGone = false;
    const more = ['--epochs', '1000', '--hidden', '1000,1000', '--save'];
    const args = [...common.slice(0, -1), ...more, path.join(gone, 'a.safetensors')];
    const { code, stdout, stderr } = await train(args, () => {
      if (isGone) return; // with the summary, before the first epoch ends
      isGone = true;
      rmSync(gone, { recursive: true, force: true });
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^train: .+ could not be written: its directory does not exist\.\n$/),
    ]);
    expect(stdout).toMatch(/^ +1 .* %/m);
  });

  it('saves through a link that leads to no file yet, and keeps the link', async () => {
    const folder = await temporaryDirectory();
    await mkdir(path.join(folder, 'real'));
    const link = path.join(folder, 'network.safetensors');
    await symlink(path.join('real', 'network.safetensors'), link);
    expect((await train([...common, '--epochs', '1', '--save', link])).code).toBe(0);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(decodeSafetensors(await readFile(link)).tensors).toHaveLength(6);
  });

  it('refuses an option that is given twice', async () => {
    for (const twice of ['train --epochs 3', 'train --json']) {
      const { code, stdout, stderr } = await shell(twice);
      expect(stderr).toMatch(/^train: --(epochs|json) is given twice; [^\n]+\n$/);
      expect([stdout, code]).toEqual(['', 2]);
    }
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with a line on %s while it starts',
    async (signal) => {
      const child = spawn(process.execPath, ['--import', 'tsx', 'tools/train/train.ts'], {
        cwd: root,
      });
      let stderr = '';
      child.stderr.on('data', (chunk) => (stderr += String(chunk)));
      // While it reads MNIST.
      const timer = setInterval(() => isReading(child.pid!) && child.kill(signal), 20);
      const code = await new Promise((resolve) => child.on('close', resolve));
      clearInterval(timer);
      const name = signal === 'SIGINT' ? 'Ctrl-C' : signal;
      expect(stderr).toBe(`train: stopped by ${name}; nothing was saved.\n`);
      expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
    },
  );

  it('refuses gzip that would fill the memory', async () => {
    const { 'train-images-idx3-ubyte': images, ...rest } = tinyFiles();
    const bomb = Buffer.concat([
      gzipSync(images!.subarray(0, 16)),
      ...new Array<Buffer>(150).fill(gzipSync(new Uint8Array(2 ** 20))),
    ]);
    const cut = await writeDirectory({ ...rest, 'train-images-idx3-ubyte.gz': bomb });
    const { code, stderr } = await train([...common, '--data', cut]);
    expect(stderr).toMatch(/^train: [^\n]+ found data that become \d+ times as large\.\n$/);
    expect(code).toBe(2);
  });

  it('says which files it read, what it left out and what it changed', async () => {
    const labels = (count: number) =>
      encodeIdx(
        [count],
        Uint8Array.from({ length: count }, (_, i) => 1 + Math.floor((10 * i) / count)),
      );
    const directory = await writeDirectory({
      ...tinyFiles(),
      'train-labels-idx1-ubyte': labels(600),
      't10k-labels-idx1-ubyte': labels(200),
      'readme.txt': new Uint8Array(3),
    });
    const { stdout, stderr, code } = await train([...common.slice(0, -1), '--data', directory]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^data {6}Read: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k/);
    expect(stderr).toMatch(/^train: Left out: readme\.txt \(not data\)\.$/m);
    expect(stderr).toMatch(/^train: Labels: 1 to 10; 10 classes\.$/m);
    expect(stderr).toMatch(/^train: The training images are sorted by class/m);
  });

  it('reports any error in one line, with its exit code', async () => {
    const wild = '--optimizer momentum --learning-rate 10 --hidden 200,200,200,200,200,200';
    const { 't10k-images-idx3-ubyte': images, ...rest } = tinyFiles();
    const cut = await writeDirectory({
      ...rest,
      't10k-images-idx3-ubyte': images!.subarray(0, 99),
    });
    const wrong: [args: string[], code: number, message: string][] = [
      [['--data', cut], 2, 't10k-images-idx3-ubyte is not the IDX file it should be'],
      [['--hidden', '400,0'], 2, '--hidden 400,0: Each hidden layer needs'],
      [['--learning-rate', 'NaN'], 2, '--learning-rate NaN: Learning rate must be a number'],
      [['--data', '/nowhere'], 2, 'it does not exist'],
      [['--data', 'a\nb'], 2, 'a b cannot be read'],
      [['--save', '/nowhere/network.safetensors'], 2, 'its directory does not exist'],
      [['--save', '/dev/null'], 2, 'it is not a file'],
      [['--train-size', '601'], 2, '600 training images are left of 600'],
      [wild.split(' '), 1, 'Training diverged'],
    ];
    const outcomes = await Promise.all(wrong.map(([args]) => train([...common, ...args])));
    wrong.forEach(([, expectedCode, message], i) => {
      const { code, stdout, stderr } = outcomes[i]!;
      expect(stderr).toContain(message);
      expect(stderr).toMatch(/^train: [^\n]+\n$/);
      expect([stdout, code]).toEqual(['', expectedCode]);
    });
  });
});
