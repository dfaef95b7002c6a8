import { memory } from '@tensorflow/tfjs-core';
import { loadMnist } from '../../data/mnist.ts';
import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import type { Backend } from '../backends/backend.ts';
import { SimdBackend } from '../backends/simd/backend.ts';
import { Float64Backend } from '../backends/float64/backend.ts';
import { timeSteps } from '../backends/timing.ts';
import { WebGLBackend } from '../backends/webgl/backend.ts';
import { forward, inputGradient } from '../backprop.ts';
import { evaluate, readScores } from '../evaluate.ts';
import { goldenCases } from '../golden/fixtures.ts';
import outputDelta from '../golden/fixtures/output-delta.json';
import { computeTensors, expectedTensors, relativeErrors } from '../golden/goldenCase.ts';
import {
  attackCases,
  computeAttack,
  computeTraining,
  expectedAttack,
  expectedTraining,
  trainingCases,
} from '../golden/methods/methodCases.ts';
import { layerShapes, makeNetwork, type Network } from '../network.ts';
import { nextTask } from '../../domain/nextTask.ts';
import { Trainer } from '../trainer.ts';
import {
  compareAttackSigns,
  comparedAttacks,
  countErrors,
  type PortableNetwork,
  type SignComparison,
} from './compareAttacks.ts';
import { compareInspections } from './compareInspections.ts';
import { compareOperations } from './compareOperations.ts';
import { serveTasks } from './serveTasks.ts';
import { syntheticImages } from './syntheticImages.ts';

let webgl = new WebGLBackend();

const small: RunConfig = { ...defaultConfig, hiddenLayers: [12], batchSize: 8, epochs: 1000 };

async function parametersOf(backend: Backend, trainer: Trainer): Promise<number[]> {
  const values: number[] = [];
  for (const { parameters } of trainer.network.layers) {
    values.push(...(await backend.read(parameters)));
  }
  return values;
}

async function trainSome(steps: number, config: RunConfig): Promise<number[]> {
  const trainer = new Trainer(webgl, config, syntheticImages(100));
  for (let step = 0; step < steps; step++) {
    trainer.trainStep();
    await webgl.finished();
  }
  const parameters = await parametersOf(webgl, trainer);
  trainer.dispose();
  return parameters;
}

const tasks = {
  golden: async (name: string) => {
    const golden = goldenCases.find((candidate) => candidate.name === name)!;
    return relativeErrors(await computeTensors(webgl, golden), expectedTensors(golden));
  },

  goldenMethod: async (name: string) => {
    const training = trainingCases.find((golden) => golden.name === name);
    if (training)
      return relativeErrors(await computeTraining(webgl, training), expectedTraining(training));
    const attack = attackCases.find((golden) => golden.name === name)!;
    return relativeErrors(await computeAttack(webgl, attack), expectedAttack(attack));
  },

  outputDelta: async (loss: 'bce' | 'ce') => {
    const logits = webgl.upload(outputDelta.logits.flat(), 6, 4);
    const labels = webgl.upload(outputDelta.labels, 6, 1);
    const delta = webgl.outputDelta(logits, labels, loss);
    const found = await webgl.read(delta);
    webgl.free(logits, labels, delta);
    return outputDelta[loss].delta
      .flat()
      .map((expected, i) => Math.abs(found[i]! - expected) / Math.abs(expected));
  },

  operations: (seed: number) => compareOperations(webgl, new Float64Backend(), seed),

  inspection: (changes: Partial<RunConfig>) =>
    compareInspections(webgl, new Float64Backend(), changes),

  /** Memory in use after step 20 and after the last step, with loss reports and evaluations in between. */
  leak: async (steps: number) => {
    const config: RunConfig = { ...small, method: 'adversarial-dropout', optimizer: 'adam' };
    const images = syntheticImages(100); // 13 steps an epoch, the last one with 4 images
    const trainer = new Trainer(webgl, config, images);
    const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
    const readMemory = () => ({
      numTensors: memory().numTensors,
      numBytes: memory().numBytes,
      gpuBytes: webgl.memory().bytes,
      matrices: webgl.memory().matrices,
    });
    let early = readMemory();
    for (let step = 1; step <= steps; step++) {
      trainer.trainStep();
      if (step % 10 === 0) {
        await trainer.takeTrainLoss();
        await evaluate(webgl, trainer.network, images, 100, attack, nextTask);
      }
      if (step === 20) early = readMemory();
    }
    await webgl.finished();
    const late = readMemory();
    trainer.dispose();
    return { early, late, after: readMemory() };
  },

  determinism: async () => {
    const config: RunConfig = { ...small, method: 'adversarial-dropout' };
    const first = await trainSome(30, config);
    const again = await trainSome(30, config);
    const otherSeed = await trainSome(30, { ...config, seed: 2 });
    return {
      isEqual: first.every((value, i) => value === again[i]),
      differsForOtherSeed: first.some((value, i) => value !== otherSeed[i]),
    };
  },

  /** The loss of a network that gets NaN from all pixels, or from one weight of its first unit's last piece. */
  nan: async (networkType: RunConfig['networkType'], from: 'pixels' | 'weight') => {
    const images = syntheticImages(8);
    const config: RunConfig = { ...small, networkType, loss: 'bce' };
    const trainer = new Trainer(webgl, config, images);
    const weights = [];
    for (const { parameters } of trainer.network.layers) weights.push(await webgl.read(parameters));
    trainer.dispose();
    if (from === 'weight')
      weights[0]![networkType === 'maxout' ? config.maxoutPieces - 1 : 0] = NaN;
    const network = makeNetwork(webgl, layerShapes(config, 784, 10), weights, 'bce');
    const pixels = new Float32Array(8 * 784).fill(from === 'pixels' ? NaN : 0.5);
    const scores = webgl.zeros(8, 2);
    webgl.scope(() => {
      const x = webgl.upload(pixels, 8, 784);
      const labels = webgl.loadLabels(images, Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7));
      const { logits } = forward(webgl, network, x);
      webgl.addScores(scores, logits, labels, 'bce');
    });
    const { loss } = await readScores(webgl, scores, 8);
    webgl.free(scores, ...network.layers.map(({ parameters }) => parameters));
    return loss;
  },

  /**
   * Trains on real MNIST with SIMD and computes the input gradient on both engines before each step, from the same
   * weights. Counts the elements larger than 1e-5 of the largest one, and those of them whose signs differ.
   */
  agreeOnSigns: async (dataUrl: string, steps: number) => {
    const readBytes = async (url: URL) => (await fetch(url)).arrayBuffer();
    const simd = await SimdBackend.create(readBytes);
    const images = await loadMnist('test', { dataUrl, onProgress: () => undefined });
    const config: RunConfig = { ...defaultConfig, hiddenLayers: [64, 32] };
    const shapes = layerShapes(config, images.features, images.classes);
    const trainer = new Trainer(simd, config, images);
    const gradientOf = async (backend: Backend, network: Network, indices: Uint32Array) => {
      const gradient = backend.scope((keep) => {
        const x = backend.loadImages(images, indices);
        const labels = backend.loadLabels(images, indices);
        const pass = forward(backend, network, x);
        return keep(inputGradient(backend, network, pass, labels));
      });
      const values = await backend.read(gradient);
      backend.free(gradient);
      return Float32Array.from(values);
    };
    let compared = 0;
    let different = 0;
    for (let step = 0; step < steps; step++) {
      const weights: ArrayLike<number>[] = [];
      for (const { parameters } of trainer.network.layers)
        weights.push(await simd.read(parameters));
      const copy = makeNetwork(webgl, shapes, weights, config.loss);
      const indices = Uint32Array.from({ length: 16 }, (_, i) => 16 * step + i);
      const bySimd = await gradientOf(simd, trainer.network, indices);
      const byWebGL = await gradientOf(webgl, copy, indices);
      webgl.free(...copy.layers.map(({ parameters }) => parameters));
      const threshold = 1e-5 * bySimd.reduce((largest, g) => Math.max(largest, Math.abs(g)), 0);
      bySimd.forEach((g, i) => {
        if (Math.abs(g) <= threshold) return;
        compared++;
        if (Math.sign(g) !== Math.sign(byWebGL[i]!)) different++;
      });
      trainer.trainStep();
    }
    trainer.dispose();
    return { compared, different };
  },

  /**
   * The signs of attacks on a confident network, against float64, and its errors under each attack, against SIMD, which
   * another test compares with float64.
   */
  attackConfident: async (dataUrl: string, network: PortableNetwork) => {
    const images = await loadMnist('test', { dataUrl, onProgress: () => undefined });
    const simd = await SimdBackend.create(async (url) => (await fetch(url)).arrayBuffer());
    const float64 = new Float64Backend();
    const signs: SignComparison[] = [];
    for (const loss of ['bce', 'margin'] as const) {
      signs.push(await compareAttackSigns(webgl, float64, network, images, 1000, loss));
    }
    const errors: (readonly [number, number])[] = [];
    for (const attack of comparedAttacks) {
      const count = attack.kind === 'fgsm' ? 1000 : 100;
      errors.push([
        await countErrors(webgl, network, images, count, attack),
        await countErrors(simd, network, images, count, attack),
      ]);
    }
    simd.dispose();
    return { signs, errors };
  },

  /** The result of each call after the context was lost. Must be the last task: nothing works after it. */
  loseContext: async () => {
    const images = syntheticImages(100);
    const trainer = new Trainer(webgl, small, images);
    trainer.trainStep();
    await webgl.finished();
    webgl.loseContext();
    const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
    const results: Record<string, string> = { lost: (await webgl.lost).code };
    const calls: Record<string, () => Promise<unknown>> = {
      finished: () => webgl.finished(),
      trainStep: async () => {
        trainer.trainStep();
        await trainer.takeTrainLoss();
      },
      evaluate: () => evaluate(webgl, trainer.network, images, 100, attack, nextTask),
    };
    for (const [name, call] of Object.entries(calls)) {
      results[name] = await Promise.resolve()
        .then(call)
        .then(
          () => 'resolved',
          (error: unknown) => (error as { code?: string }).code ?? String(error),
        );
    }
    return results;
  },

  /** Times a small step on both engines, without a tight limit. */
  timing: async () => {
    const readBytes = async (url: URL) => (await fetch(url)).arrayBuffer();
    const simd = await SimdBackend.create(readBytes);
    const options = { limits: { warmUpMs: 60_000, stepsMs: 10 }, config: small };
    const before = webgl.memory().matrices;
    const result = {
      webgl: await timeSteps(webgl, options),
      simd: await timeSteps(simd, options),
      left: webgl.memory().matrices - before + simd.memory().matrices,
    };
    simd.dispose();
    return result;
  },

  /** Disposes of the backend and starts another one. Only loseContext may follow. */
  disposeAndStartAgain: async () => {
    webgl.dispose();
    const isReported = await Promise.race([
      webgl.lost.then(() => true),
      nextTask().then(() => false),
    ]);
    webgl = new WebGLBackend();
    const parameters = await trainSome(3, small);
    return { isReported, isFinite: parameters.every(Number.isFinite) };
  },

  description: () => webgl.description,
};

export type WebGLTasks = typeof tasks;
serveTasks(tasks);
