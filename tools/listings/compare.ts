/**
 * `npm run compare:listing`: trains with the engine and with the PyTorch listing of the same settings, each with its
 * own random numbers, with seeds 1 to n, and tests whether their results differ by more than the seeds explain.
 *
 *     PYTHON=/usr/bin/python3 npm run compare:listing -- --seeds 10 --images 12000 --epochs 3
 */
import { readKernels } from '../train/readKernels.ts'; // first, because it sets a flag before WebAssembly is used
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type DataSet, splitTrainingSet, readDataDirectory } from '../train/dataDirectory.ts';
import { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { Trainer } from '../../src/engine/trainer.ts';
import {
  type ListedEpoch,
  readEpochs,
} from '../../src/features/code/listings/testing/readEpochs.ts';
import { writePytorch } from '../../src/features/code/listings/pytorch.ts';
import {
  defaultAttackEpsilon,
  defaultConfig,
  findConfigErrors,
  type RunConfig,
} from '../../src/domain/settings/config.ts';
import { buildKernels } from '../build/kernels.ts';
import { mnistSourceFolder } from '../build/mnistPlugin.ts';
import { meanAndStd } from '../../src/domain/statistics.ts';
import { testWelch } from './welch.ts';

const python = process.env.PYTHON ?? 'python3';
const folder = mnistSourceFolder();

async function trainByEngine(
  backend: SimdBackend,
  config: RunConfig,
  { training: all, test }: DataSet,
): Promise<ListedEpoch> {
  const { training } = splitTrainingSet(all, config.trainingSetSize, 0);
  const trainer = new Trainer(backend, config, training);
  try {
    let loss = Number.NaN;
    for (let epoch = 0; epoch < config.epochs; epoch++) {
      for (let step = 0; step < trainer.stepsPerEpoch; step++) trainer.trainStep();
      loss = (await trainer.takeTrainLoss())!;
    }
    const attack = { kind: 'fgsm', epsilon: defaultAttackEpsilon, clip: true } as const;
    const noYield = () => Promise.resolve();
    const scores = await evaluate(backend, trainer.network, test, test.count, attack, noYield);
    return {
      loss,
      error: 100 * scores.clean.errorRate,
      attackedError: 100 * scores.adversarial.errorRate,
    };
  } finally {
    trainer.dispose();
  }
}

function trainByListing(config: RunConfig, file: string): ListedEpoch {
  writeFileSync(file, writePytorch({ config, attackEpsilon: defaultAttackEpsilon }));
  const { status, stdout, stderr } = spawnSync(python, [file, folder], {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  if (status !== 0) throw new Error(`${python} could not run the listing:\n${stderr}`);
  return readEpochs(stdout.trim().split('\n')).at(-1)!;
}

const quantities = [
  ['training loss', 'loss', 4],
  ['test error, %', 'error', 2],
  ['under FGSM, %', 'attackedError', 2],
] as const;

function report(engine: readonly ListedEpoch[], listing: readonly ListedEpoch[]): void {
  for (const [name, key, digits] of quantities) {
    const [a, b] = [engine.map((epoch) => epoch[key]), listing.map((epoch) => epoch[key])];
    const [own, other] = [meanAndStd(a), meanAndStd(b)];
    const { t, freedom, p, halfWidth } = testWelch(a, b);
    const write = ({ mean, deviation }: typeof own) =>
      `${mean.toFixed(digits)} ± ${deviation!.toFixed(digits)}`;
    console.log(
      `${name}: engine ${write(own)}, listing ${write(other)}; difference ` +
        `${(own.mean - other.mean).toFixed(digits)} ± ${halfWidth.toFixed(digits)} (95 %), ` +
        `t ${t.toFixed(2)}, ${freedom.toFixed(1)} degrees of freedom, p ${p.toFixed(3)}`,
    );
  }
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    images: { type: 'string', default: '12000' },
    epochs: { type: 'string', default: '3' },
    method: { type: 'string', default: defaultConfig.method },
  },
});
const base = {
  ...defaultConfig,
  method: values.method as RunConfig['method'],
  trainingSetSize: Number(values.images),
  epochs: Number(values.epochs),
};
const problems = Object.values(findConfigErrors(base));
const seeds = Number(values.seeds);
if (!(Number.isInteger(seeds) && seeds >= 2)) problems.push('At least 2 seeds are needed.');
if (problems.length > 0) throw new Error(problems.join(' '));

await buildKernels();
const backend = await SimdBackend.create(readKernels);
const data = await readDataDirectory(folder);
const scratch = mkdtempSync(path.join(tmpdir(), 'compare-listing-'));
const engine: ListedEpoch[] = [];
const listing: ListedEpoch[] = [];
try {
  for (let seed = 1; seed <= seeds; seed++) {
    engine.push(await trainByEngine(backend, { ...base, seed }, data));
    listing.push(trainByListing({ ...base, seed }, path.join(scratch, 'train.py')));
    const [own, other] = [engine.at(-1)!, listing.at(-1)!];
    console.log(
      `seed ${seed}: engine loss ${own.loss.toFixed(4)}, error ${own.error.toFixed(2)} %, under FGSM ${own.attackedError.toFixed(2)} %; ` +
        `listing ${other.loss.toFixed(4)}, ${other.error.toFixed(2)} %, ${other.attackedError.toFixed(2)} %`,
    );
  }
  report(engine, listing);
} finally {
  backend.dispose();
  rmSync(scratch, { recursive: true });
}
