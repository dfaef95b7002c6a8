import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../build/kernels.ts';
import { temporaryDirectory, tinyFiles, writeDirectory } from '../train/testing/tinyDataSet.ts';
import { parseEvaluateOptions } from './options.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const network = 'public/pretrained/adversarial.safetensors';

function run(args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const script = ['--import', 'tsx', 'tools/evaluate/evaluate.ts'];
    const child = spawn(process.execPath, [...script, ...args], { cwd: root });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

describe('npm run evaluate', { timeout: 120_000 }, () => {
  beforeAll(() => buildKernels(), 120_000);

  it('prints errors under each attack and certified shares, each at most what the weaker one leaves', async () => {
    const common = [network, '--images', '16', '--clip', '--json', '--attack-epsilon', '0.02,0.1'];
    const results = [];
    for (const attack of ['fgsm', 'margin-pgd', 'strongest']) {
      const { code, out, err } = await run([...common, '--attack', attack, '--certify', '0.02']);
      expect([code, err]).toEqual([0, '']);
      results.push(
        JSON.parse(out) as {
          images: number;
          testError: number;
          adversarialError: Record<string, number>;
          certifiedAccuracy: Record<string, number>;
        },
      );
    }
    const [fgsm, marginPgd, strongest] = results;
    expect(fgsm).toMatchObject({ images: 16 });
    expect(Object.keys(fgsm!.adversarialError)).toEqual(['0.02', '0.1']);
    for (const epsilon of ['0.02', '0.1']) {
      const errors = results.map(({ adversarialError }) => adversarialError[epsilon]!);
      expect(errors.toSorted((a, b) => a - b)).toEqual(errors);
    }
    expect(marginPgd!.adversarialError['0.1']).toBeGreaterThan(fgsm!.testError);
    expect(strongest!.certifiedAccuracy['0.02']).toBeGreaterThan(0.5);
    expect(strongest!.certifiedAccuracy['0.02']).toBeLessThanOrEqual(
      1 - strongest!.adversarialError['0.02']!,
    );
  });

  it('measures ε by length with --norm l2: at the same ε far fewer errors than by largest pixel', async () => {
    const common = [network, '--images', '50', '--clip', '--json'];
    const errorsOf = async (...args: string[]) => {
      const { code, out, err } = await run([...common, ...args]);
      expect([code, err]).toEqual([0, '']);
      const { adversarialError } = JSON.parse(out) as { adversarialError: Record<string, number> };
      // JSON puts whole numbers first.
      const epsilons = Object.keys(adversarialError).sort((a, b) => Number(a) - Number(b));
      return epsilons.map((epsilon) => adversarialError[epsilon]!);
    };
    const [linf] = await errorsOf('--attack-epsilon', '0.2');
    const lengths = ['--norm', 'l2', '--attack-epsilon', '0.2,1,4'];
    const l2 = await errorsOf(...lengths);
    const fgm = await errorsOf(...lengths, '--attack', 'fgsm');
    expect(l2[0]).toBeLessThan(linf! - 0.3);
    expect(l2.toSorted((a, b) => a - b)).toEqual(l2);
    expect(l2[2]).toBeGreaterThan(0.9);
    fgm.forEach((rate, i) => expect(rate).toBeLessThanOrEqual(l2[i]!));
  });

  it('refuses what it cannot use in one line, with exit code 2', async () => {
    const folder = await temporaryDirectory();
    const broken = path.join(folder, 'broken.safetensors');
    await writeFile(broken, (await readFile(path.join(root, network))).subarray(0, 2000));
    const otherShape = await writeDirectory(tinyFiles());
    for (const [args, message] of [
      [[], /name the network’s file/],
      [['no-such.safetensors'], /no-such\.safetensors cannot be read/],
      [[broken], /broken\.safetensors|safetensors/],
      [[network, '--data', otherShape], /expects 784 pixels and 10 classes/],
      [[network, '--attack', 'magic'], /--attack must be fgsm, pgd, margin-pgd or strongest/],
      [[network, '--norm', 'l1'], /--norm must be linf or l2/],
      [[network, '--norm', 'l2', '--attack', 'strongest'], /strongest is for --norm linf/],
      [[network, '--norm', 'l2', '--certify', '0.1'], /--certify is for --norm linf/],
      [[network, '--norm', 'l2', '--attack-epsilon', '101'], /must be numbers from 0 to 100/],
      [[network, '--certify', '0.1,2'], /--certify must be numbers from 0 to 1/],
      [[network, '--images', '20000'], /there are 10000 test images/],
      [[network, 'second.safetensors'], /unexpected argument/],
    ] as const) {
      const { code, out, err } = await run(args);
      expect([code, out], args.join(' ')).toEqual([2, '']);
      expect(err).toMatch(message);
      expect(err.trim().split('\n'), err).toHaveLength(1);
    }
  });

  it('has the defaults of its help', () => {
    expect(parseEvaluateOptions(['a.safetensors'])).toMatchObject({
      attack: 'margin-pgd',
      attackEpsilons: [0.08],
      attackSteps: 20,
      certify: [],
      norm: 'linf',
      clip: false,
      images: null,
    });
    expect(parseEvaluateOptions(['a.safetensors', '--norm', 'l2'])).toMatchObject({
      norm: 'l2',
      attackEpsilons: [2],
    });
    expect(parseEvaluateOptions(['--help'])).toBe('help');
  });
});
