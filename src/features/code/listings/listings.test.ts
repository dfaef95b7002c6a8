import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import '@tensorflow/tfjs-backend-cpu';
import * as tfCore from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { epochOrder } from '../../../data/batches.ts';
import { transposeImages } from '../../../data/idx.ts';
import { encodeIdx } from '../../../data/testing/encodeIdx.ts';
import { Float64Backend } from '../../../engine/backends/float64/backend.ts';
import { evaluate } from '../../../engine/evaluate.ts';
import { initialParameters, layerShapes } from '../../../engine/network.ts';
import { syntheticImages } from '../../../engine/testing/syntheticImages.ts';
import { Trainer } from '../../../engine/trainer.ts';
import {
  defaultConfig,
  losses,
  networkTypes,
  optimizers,
  type RunConfig,
  trainingMethods,
} from '../../../domain/settings/config.ts';
import { hashAt, hashKey, seededGenerator, uniformWithin } from '../../../domain/random.ts';
import { writePytorch } from './pytorch.ts';
import { type ListedEpoch, readEpochs } from './testing/readEpochs.ts';
import { writeTfjs } from './tfjs.ts';

const attackEpsilon = 0.05;
const training = syntheticImages(90);
const test = syntheticImages(40);
const scratch = mkdtempSync(path.join(tmpdir(), 'listings-'));
const folder = path.join(scratch, 'mnist');
/** The same images, transposed in their files. */
const transposedFolder = path.join(scratch, 'transposed');

beforeAll(() => {
  for (const [place, isLying] of [
    [folder, false],
    [transposedFolder, true],
  ] as const) {
    mkdirSync(place);
    for (const [part, { pixels, labels, count }] of [
      ['train', training],
      ['t10k', test],
    ] as const) {
      const write = (name: string, bytes: Uint8Array) =>
        writeFileSync(path.join(place, `${part}-${name}`), bytes);
      const images = { count, rows: 28, columns: 28, pixels };
      const lain = isLying ? transposeImages(images) : images;
      write('images-idx3-ubyte', encodeIdx([count, 28, 28], lain.pixels));
      write('labels-idx1-ubyte', encodeIdx([count], labels));
    }
  }
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** Every step uses all images, so the order of batches does not matter. */
const base: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [8, 6],
  batchSize: 128,
  epochs: 3,
  trainingSetSize: 100,
  seed: 3,
  learningRate: 0.01,
  learningRateDecay: 0.5,
  trainingEpsilon: 0.05,
};

let programs = 0;

/**
 * Runs a listing unchanged except for the library, the folder and the initial weights, and if `startsLikeEngine` for the
 * order of the images and the random starts of attacks.
 */
async function runTfjs(
  config: RunConfig,
  { isTransposed = false, startsLikeEngine = false } = {},
): Promise<ListedEpoch[]> {
  const shapes = layerShapes(config, 784, 10);
  let starts = 0;
  const randomUniform = (...drawn: Parameters<typeof tfCore.randomUniform>): tfCore.Tensor => {
    const [shape, low, high, , seed] = drawn;
    if (startsLikeEngine && seed === undefined) {
      const key = hashKey(config.seed, 'attackStart', starts++, 0);
      const count = shape.reduce((product, size) => product * size, 1);
      const uniform = (i: number) => (hashAt(key, i) >>> 8) / 2 ** 23 - 1;
      expect(low).toBe(-high!);
      return tfCore.tensor(
        Array.from({ length: count }, (_, i) => high! * uniform(i)),
        shape,
      );
    }
    const [, epoch] = /^\d+ order (\d+)$/.exec(String(seed)) ?? [];
    if (startsLikeEngine && epoch !== undefined) {
      const ranks = new Float32Array(training.count);
      epochOrder(training.count, config.seed, Number(epoch) - 1).forEach((image, rank) => {
        ranks[image] = rank;
      });
      return tfCore.tensor(ranks);
    }
    const [, kind, layer] = /^\d+ (weights|biases) (\d+)$/.exec(String(seed)) ?? [];
    if (kind === undefined) return tfCore.randomUniform(...drawn);
    const { fanIn } = shapes[Number(layer)]!;
    const values = initialParameters(shapes[Number(layer)]!, config.seed, Number(layer));
    const columns = values.length / (fanIn + 1);
    const part =
      kind === 'weights' ? values.slice(0, fanIn * columns) : values.slice(fanIn * columns);
    return tfCore.tensor(part, shape);
  };
  Object.assign(globalThis, { listedTf: { ...tfCore, randomUniform } });
  const text = writeTfjs({ config, attackEpsilon, isTransposed })
    .replace("import * as tf from '@tensorflow/tfjs';", 'const tf = globalThis.listedTf;')
    .replace(
      "process.argv[2] ?? 'mnist'",
      JSON.stringify(isTransposed ? transposedFolder : folder),
    );
  const file = path.join(scratch, `program${++programs}.mjs`);
  writeFileSync(file, text);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  tfCore.engine().startScope();
  try {
    await import(/* @vite-ignore */ pathToFileURL(file).href);
    return readEpochs(log.mock.calls.map(([text]) => String(text)));
  } finally {
    log.mockRestore();
    tfCore.engine().endScope();
    tfCore.disposeVariables();
  }
}

/** Trains the engine's reference implementation with the same settings. */
async function runEngine(config: RunConfig): Promise<ListedEpoch[]> {
  const backend = new Float64Backend();
  const trainer = new Trainer(backend, config, training);
  const epochs: ListedEpoch[] = [];
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    trainer.trainStep();
    const loss = (await trainer.takeTrainLoss())!;
    const attack = { kind: 'fgsm', epsilon: attackEpsilon, clip: true } as const;
    const { clean, adversarial } = await evaluate(
      ...([backend, trainer.network, test, test.count, attack] as const),
      () => Promise.resolve(),
    );
    epochs.push({
      loss,
      error: 100 * clean.errorRate,
      attackedError: 100 * adversarial.errorRate,
    });
  }
  return epochs;
}

/** Settings under which only the initial weights are random, so that numbers can be compared. */
const cases: Partial<RunConfig>[] = [
  ...networkTypes.flatMap((networkType) => losses.map((loss) => ({ networkType, loss }))),
  ...optimizers.map((optimizer) => ({ optimizer, method: 'plain' as const })),
  { method: 'mixed', cleanLossWeight: 0.3 },
  { clipTrainingImages: true, trainingEpsilon: 0.3 },
  { method: 'pgd', trainingEpsilon: 0, pgdStepSize: 0.1 },
  { weightDecay: 5 },
  { method: 'dropout', inputDropoutRate: 0, hiddenDropoutRate: 0 },
  { hiddenLayers: [], networkType: 'maxout' },
];

/** Settings whose result depends on the random start of an attack, from a step that starts as the engine's does. */
const startedCases: Partial<RunConfig>[] = [
  { method: 'pgd', pgdSteps: 3 },
  { method: 'random-start', clipTrainingImages: true },
  ...losses.map((loss) => ({
    method: 'trades' as const,
    loss,
    tradesBeta: 3,
    pgdSteps: 3,
    learningRate: 0.003,
  })),
];

/** Compares the output of two programs, epoch by epoch. */
function expectAlike(listed: readonly ListedEpoch[], engine: readonly ListedEpoch[]): void {
  expect(listed).toHaveLength(engine.length);
  listed.forEach(({ loss, error, attackedError }, epoch) => {
    const expected = engine[epoch]!;
    expect(Math.abs(loss - expected.loss)).toBeLessThan(2e-3 * (1 + expected.loss));
    // Rounding may change the prediction of one of the 40 images.
    expect(Math.abs(error - expected.error)).toBeLessThanOrEqual(2.51);
    expect(Math.abs(attackedError - expected.attackedError)).toBeLessThanOrEqual(2.51);
  });
}

describe('the listing for TensorFlow.js', () => {
  it('learns equally well from permuted pixels', async () => {
    const config = { ...base, hiddenLayers: [48], batchSize: 16, epochs: 6, learningRate: 0.002 };
    const [plain, permuted] = [
      await runTfjs({ ...config, learningRateDecay: 0.9 }),
      await runTfjs({ ...config, learningRateDecay: 0.9, permutationSeed: 9 }),
    ];
    expect(permuted.at(-1)!.loss).not.toBe(plain.at(-1)!.loss);
    expect(permuted.at(-1)!.loss).toBeLessThan(permuted[0]!.loss);
    expect(Math.abs(permuted.at(-1)!.loss - plain.at(-1)!.loss)).toBeLessThan(plain[0]!.loss / 3);
  });

  it.each([null, 9])(
    'turns the images of transposed files upright, with permutation seed %s',
    async (seed) => {
      const config = { ...base, permutationSeed: seed };
      expect(await runTfjs(config, { isTransposed: true })).toEqual(await runTfjs(config));
    },
  );

  it.each(cases)('trains like the engine with %o', async (changes) => {
    const config = { ...base, ...changes };
    expectAlike(await runTfjs(config), await runEngine(config));
  });

  it.each(startedCases)(
    'trains like the engine, from the same random starts, with %o',
    async (changes) => {
      const config = { ...base, ...changes };
      expectAlike(await runTfjs(config, { startsLikeEngine: true }), await runEngine(config));
    },
  );

  it.each(trainingMethods)('runs and learns with the method %s, in batches', async (method) => {
    const config = {
      ...base,
      method,
      batchSize: 16,
      epochs: 6,
      learningRateDecay: 0.9,
      hiddenLayers: [48],
      learningRate: 0.002,
    };
    // A listing draws new masks and signs each time it runs; this test makes them the same every time.
    const generator = seededGenerator(config.seed, 'noise', 0);
    const random = vi
      .spyOn(Math, 'random')
      .mockImplementation(() => (uniformWithin(generator, 1) + 1) / 2);
    const epochs = await runTfjs(config).finally(() => random.mockRestore());
    expect(epochs).toHaveLength(6);
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss);
    expect(epochs.at(-1)!.error).toBeLessThan(70);
  });
});

/** Runs listings unchanged except for the initial weights, and prints the output of each. */
const driver = `
import contextlib, io, json, sys, torch
scratch, folder = sys.argv[1:]
for program in json.load(open(scratch + '/programs.json')):
    files = iter(program['weights'])
    def reset(self):
        raw = bytearray(open(next(files), 'rb').read())
        values = torch.frombuffer(raw, dtype=torch.float32).view(self.in_features + 1, self.out_features)
        self.weight.data = values[:-1].t().contiguous()
        self.bias.data = values[-1].clone()
    torch.nn.Linear.reset_parameters = reset
    sys.argv = ['train.py', folder]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(open(program['listing']).read(), program['listing'], 'exec'), {})
    print(json.dumps(printed.getvalue().splitlines()))
`;

/** Settings that together cover every line of a listing. */
const everySetting: RunConfig[] = trainingMethods.flatMap((method, m) =>
  networkTypes.map((networkType, n) => ({
    ...base,
    method,
    networkType,
    loss: losses[(m + n) % 2]!,
    optimizer: optimizers[(m + 2 * n) % 4]!,
    clipTrainingImages: n % 2 === 0,
    holdOutValidation: m % 2 === 0,
    permutationSeed: n === 1 ? 5 : null,
    hiddenLayers: m === 3 ? [] : [8, 6],
  })),
);

describe('the listing for PyTorch', () => {
  it('uses the values of the settings', () => {
    const config: RunConfig = {
      ...base,
      networkType: 'maxout' as const,
      maxoutPieces: 3,
      method: 'pgd' as const,
      seed: 77,
      pgdSteps: 9,
      pgdStepSize: 0.011,
      learningRate: 0.0025,
      learningRateDecay: 0.97,
      batchSize: 32,
      epochs: 21,
      trainingSetSize: 5000,
      holdOutValidation: true,
      optimizer: 'adam',
      loss: 'ce',
    };
    const text = writePytorch({ config, attackEpsilon: 0.15 });
    for (const part of [
      'sizes = [784, 8, 6, 10]',
      'pieces = [3]',
      'torch.manual_seed(77)',
      'for _ in range(9)',
      'moved + 0.011 * gradient_sign(moved, y)',
      'torch.optim.Adam(layers.parameters(), lr=0.0025, betas=(0.9, 0.999), eps=1e-8)',
      'gamma=0.97',
      '.split(32)',
      'range(1, 21 + 1)',
      'images[:5000]',
      'images[-10000:]',
      'attack_epsilon = 0.15',
      'softmax outputs with cross-entropy',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('F.dropout');
    expect(text).not.toContain('randperm(784');
  });

  it('names the data set of the images', () => {
    expect(writePytorch({ config: base, attackEpsilon })).toMatch(/^# MNIST by adversarial/);
    const dataSet = {
      shape: 'grey-28',
      trainingCount: 60_000,
      testCount: 10_000,
      fingerprint: 'a'.repeat(64),
    } as const;
    const own = writePytorch({ config: { ...base, dataSet }, attackEpsilon });
    expect(own).toMatch(/^# Your own images, in files named like MNIST’s, by adversarial/);
  });

  it.each([
    ['PyTorch', writePytorch, '.transpose(1, 2)', 'test_images[:10000], test_labels[:10000]'],
    ['TensorFlow.js', writeTfjs, '[0, 2, 1]', "load('t10k', 0, 10000)"],
  ])('reads and measures the user’s own files like the page: %s', (_, write, turned, limited) => {
    const facts = {
      shape: 'grey-28',
      trainingCount: 240_000,
      fingerprint: 'a'.repeat(64),
    } as const;
    const large = { ...base, dataSet: { ...facts, testCount: 10_000 } };
    const unread = write({ config: large, attackEpsilon });
    expect(unread).toContain('must be transposed here');
    const asTheyLie = write({ config: large, attackEpsilon, isTransposed: false });
    const transposed = write({ config: large, attackEpsilon, isTransposed: true });
    for (const text of [asTheyLie, transposed]) expect(text).not.toContain('must be transposed');
    expect([unread, asTheyLie, transposed].map((text) => text.includes(turned))).toEqual([
      false,
      false,
      true,
    ]);
    expect(transposed).toContain(limited);
    const heldOut = write({ config: { ...large, holdOutValidation: true }, attackEpsilon });
    expect(heldOut).not.toContain('no more test images');
    const small = write({
      config: { ...base, dataSet: { ...facts, testCount: 500 } },
      attackEpsilon,
    });
    const mnist = write({ config: base, attackEpsilon });
    for (const text of [small, mnist]) expect(text).not.toContain('no more test images');
    expect(mnist).not.toContain('must be transposed');
  });

  it('permutes the pixels of all images when the run does', () => {
    const text = writePytorch({ config: { ...base, permutationSeed: 9 }, attackEpsilon });
    expect(text).toContain('torch.randperm(784, generator=torch.Generator().manual_seed(9))');
    expect(text).toContain('images, test_images = images[:, order], test_images[:, order]');
  });

  it.each([
    ['plain', false, false],
    ['dropout', false, true],
    ['adversarial', true, false],
    ['adversarial-dropout', true, true],
  ] as const)(
    'perturbs images and drops units only when the method %s does',
    (method, perturbs, drops) => {
      const text = writePytorch({ config: { ...base, method }, attackEpsilon });
      expect(text.includes('x = x + 0.05 * gradient_sign(x, y)')).toBe(perturbs);
      expect(text.includes('loss(logits(x, drop=True), y)')).toBe(drops);
    },
  );

  const python = process.env.PYTHON ?? 'python3';
  const hasPython = spawnSync(python, ['--version']).status === 0;
  it.skipIf(!hasPython)('is valid Python for every method and network type', () => {
    const files = everySetting.map((config, n) => {
      const file = path.join(scratch, `listing${n}.py`);
      writeFileSync(file, writePytorch({ config, attackEpsilon }));
      return file;
    });
    const { status, stderr } = spawnSync(python, ['-m', 'py_compile', ...files], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  const hasTorch = spawnSync(python, ['-c', 'import torch']).status === 0;

  /** The output of the listings, each run unchanged from the engine's initial weights. */
  function runPytorch(configs: readonly RunConfig[], name: string): ListedEpoch[][] {
    const programs = configs.map((config, n) => {
      const listing = path.join(scratch, `${name}${n}.py`);
      writeFileSync(listing, writePytorch({ config, attackEpsilon }));
      const weights = layerShapes(config, 784, 10).map((shape, layer) => {
        const file = path.join(scratch, `${name}${n}.${layer}`);
        writeFileSync(file, new Uint8Array(initialParameters(shape, config.seed, layer).buffer));
        return file;
      });
      return { listing, weights };
    });
    writeFileSync(path.join(scratch, 'programs.json'), JSON.stringify(programs));
    const { stdout, stderr, status } = spawnSync(python, ['-c', driver, scratch, folder], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const printed = stdout.trim().split('\n');
    expect(printed).toHaveLength(configs.length);
    return printed.map((lines) => readEpochs(JSON.parse(lines) as string[]));
  }

  // These tests need PyTorch; set PYTHON=/path/to/python3 to one that has it.
  describe.skipIf(!hasTorch)('with PyTorch installed', { timeout: 120_000 }, () => {
    it('trains like the engine', async () => {
      const configs = cases.map((changes) => ({ ...base, ...changes }));
      for (const [n, listed] of runPytorch(configs, 'exact').entries()) {
        expectAlike(listed, await runEngine(configs[n]!));
      }
    });

    it('runs and learns with every method and network type', () => {
      const configs = everySetting.map((config) => ({
        ...config,
        batchSize: 16,
        epochs: 6,
        learningRateDecay: 0.9,
        optimizer: 'adam',
        hiddenLayers: config.hiddenLayers.length === 0 ? [] : [48],
      })) satisfies RunConfig[];
      for (const [n, listed] of runPytorch(configs, 'any').entries()) {
        const { method, networkType } = configs[n]!;
        expect(listed, `${method}, ${networkType}`).toHaveLength(6);
        expect(listed.at(-1)!.loss, `${method}, ${networkType}`).toBeLessThan(listed[0]!.loss);
      }
    });
  });

  it('contains no line that is too long to read', () => {
    const large = {
      shape: 'grey-28',
      trainingCount: 240_000,
      testCount: 10_000,
      fingerprint: 'a'.repeat(64),
    } as const;
    for (const config of everySetting) {
      for (const text of [
        writePytorch({ config, attackEpsilon }),
        writeTfjs({ config, attackEpsilon }),
        writePytorch({ config: { ...config, dataSet: large }, attackEpsilon }),
        writeTfjs({ config: { ...config, dataSet: large }, attackEpsilon }),
        writePytorch({ config: { ...config, dataSet: large }, attackEpsilon, isTransposed: true }),
        writeTfjs({ config: { ...config, dataSet: large }, attackEpsilon, isTransposed: true }),
      ]) {
        for (const row of text.split('\n')) expect(row.length).toBeLessThanOrEqual(122);
      }
    }
  });
});
