import { beforeAll, describe, expect, it } from 'vitest';
import type { LayerOutput, Matrix } from '../engine/backends/backend.ts';
import { Float64Backend } from '../engine/backends/float64/backend.ts';
import { nextTask } from '../engine/nextTask.ts';
import { syntheticImages } from '../engine/testing/syntheticImages.ts';
import { defaultConfig } from '../domain/settings/config.ts';
import type { WorkerApi } from './api.ts';
import { makeWorker } from './testing/makeWorker.ts';

/**
 * Multiply-adds that may pass until a worker handles the next message. One thread of a slow phone does two thousand million
 * a second, so this takes it 200 ms.
 */
const limit = 400e6;

/** A backend that counts the multiply-adds of its products instead of doing them: all results are 0. */
class CountingBackend extends Float64Backend {
  count = 0;

  override forwardLayer(input: Matrix, parameters: Matrix): LayerOutput {
    this.count += input.rows * parameters.rows * parameters.columns;
    return { output: this.zeros(input.rows, parameters.columns), preactivation: null };
  }

  override backwardLayer(delta: Matrix, parametersAbove: Matrix): Matrix {
    return this.inputGradient(delta, parametersAbove);
  }

  override inputGradient(delta: Matrix, parameters: Matrix): Matrix {
    this.count += delta.rows * parameters.rows * parameters.columns;
    return this.zeros(delta.rows, parameters.rows - 1);
  }
}

const ball = { epsilon: 0.02, clip: true };
const marginPgd = { kind: 'margin-pgd', ...ball, steps: 20, seed: 1 } as const;
const set = syntheticImages(300);
const imagesOf = (count: number) => ({
  images: Float32Array.from(set.pixels.subarray(0, count * 784), (value) => value / 255),
  labels: set.labels.slice(0, count),
});

describe('a canceled question to a network of two layers of 2,048 units', () => {
  let worker: ReturnType<typeof makeWorker>;
  const backend = new CountingBackend();

  beforeAll(async () => {
    worker = makeWorker({ images: { training: set, test: set }, backend });
    const config = { ...defaultConfig, hiddenLayers: [2048, 2048], trainingSetSize: 300 };
    const paused = worker.next('paused');
    const attack = { kind: 'fgsm', ...ball } as const;
    worker.api.start({ runId: 'run', config, checkpoint: null }, attack, 'none', false);
    await paused;
    await worker.api.freeze('run');
  });

  const questions: Record<string, (api: WorkerApi, signal: AbortSignal) => Promise<unknown>> = {
    'an attack on copies of one digit': (api, signal) =>
      api.attack('run', imagesOf(4), marginPgd, signal),
    'FGSM on many images': (api, signal) =>
      api.attack('run', imagesOf(300), { kind: 'fgsm', ...ball }, signal),
    predictions: (api, signal) => api.classify('run', imagesOf(300).images, signal),
    'a point of a curve': (api, signal) => api.measure('run', marginPgd, 300, signal),
    margins: (api, signal) =>
      api.inspect('run', { kind: 'attackPredictions', attack: marginPgd, count: 300 }, signal),
    'a proof of one digit': (api, signal) =>
      api.provenEpsilon('run', imagesOf(1).images, set.labels[0]!, signal),
    'proofs and the strongest attack': (api, signal) => {
      const attack = { kind: 'strongest', ...ball, seed: 1 } as const;
      return api.bound('run', attack, 0, new Uint8Array(2).fill(1), signal);
    },
    'the strongest attack on many images': (api, signal) => {
      const attack = { kind: 'strongest', ...ball, seed: 1 } as const;
      // Nothing is proven of images that are no candidates.
      return api.bound('run', attack, 0, new Uint8Array(200), signal);
    },
  };

  it.each(Object.entries(questions))('ends within a piece of work: %s', async (_, ask) => {
    const controller = new AbortController();
    let isSettled = false;
    const asked = ask(worker.api, controller.signal);
    const settle = () => void (isSettled = true);
    asked.then(settle, settle);
    let largest = 0;
    for (let pieces = 0; !isSettled; pieces++) {
      if (pieces === 60) controller.abort(new Error('canceled'));
      expect(pieces, 'pieces after it was canceled').toBeLessThan(63);
      const before = backend.count;
      await nextTask();
      largest = Math.max(largest, backend.count - before);
    }
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(limit);
  });
});
