import {
  getThreadsCount,
  setThreadsCount,
  setWasmPaths,
  version_wasm,
} from '@tensorflow/tfjs-backend-wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { optimizerConstants } from '../../../src/engine/optimizers.ts';
import {
  type Batch,
  type Contender,
  joinLayer,
  peerBatches,
  type Session,
  splitLayer,
  type Work,
} from './work.ts';

export async function startTfjs(threads: number): Promise<Contender> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': new URL(plainUrl, location.href).href,
    'tfjs-backend-wasm-simd.wasm': new URL(simdUrl, location.href).href,
    'tfjs-backend-wasm-threaded-simd.wasm': new URL(threadedUrl, location.href).href,
  });
  setThreadsCount(threads);
  if (!(await tf.setBackend('wasm'))) {
    throw new Error('TensorFlow.js’s wasm backend does not start.');
  }
  // The builds of 4.x ignore the requested number, which shows here (tensorflow/tfjs issue 8513).
  const used = getThreadsCount();
  const note = used === threads ? '' : `, which uses ${used} of them`;
  const given = `given ${threads} thread${threads === 1 ? '' : 's'}${note}`;
  return { device: `${version_wasm}, XNNPACK, SIMD, ${given}`, prepare: startSession };
}

interface Variable {
  value: tf.Tensor;
  squares: tf.Tensor;
}

/**
 * The same step as ours, written by hand for the highest speed of tfjs-wasm: products fused with bias and activation,
 * and operands transposed beforehand, because matMul with a transpose flag is many times slower. It does not compute
 * the training loss, which ours does.
 */
function startSession(work: Work): Session {
  const { batchSize, learningRate, method, trainingEpsilon } = work.config;
  const { squaredDecay, eps } = optimizerConstants;
  const layers = work.layers.map((layer) =>
    splitLayer(layer, (data, shape): tf.Tensor => tf.tensor(data, shape, 'float32')),
  );
  const batches = peerBatches(work);

  /** What each layer receives and, last, the logits. */
  const forward = (images: tf.Tensor2D): tf.Tensor2D[] => {
    const passed: tf.Tensor2D[] = [images];
    layers.forEach(({ weights, biases }, l) => {
      const layer = tf.fused.matMul({
        a: passed[l]!,
        b: weights.value,
        bias: biases.value,
        activation: l < layers.length - 1 ? 'relu' : 'linear',
      });
      passed.push(layer as tf.Tensor2D);
    });
    return passed;
  };

  const outputDelta = (logits: tf.Tensor2D, signs: tf.Tensor2D): tf.Tensor2D =>
    tf.div(tf.mul(signs, tf.sigmoid(tf.mul(signs, logits))), batchSize);

  /** δ Wᵀ, times relu′ of the layer below unless that is the images. */
  const backward = (delta: tf.Tensor2D, transposed: tf.Tensor, below: tf.Tensor2D | null) => {
    const product = tf.matMul<tf.Tensor2D>(delta, transposed);
    return below ? tf.mul<tf.Tensor2D>(product, tf.step(below)) : product;
  };

  /** Updates a variable by RMSprop, and frees its old value and state. */
  const update = (variable: Variable, gradient: tf.Tensor): void => {
    const { value, squares } = variable;
    const squared = tf.mul(tf.square(gradient), 1 - squaredDecay);
    const next = tf.add(tf.mul(squares, squaredDecay), squared);
    const change = tf.div(tf.mul(gradient, learningRate), tf.add(tf.sqrt(next), eps));
    variable.value = tf.keep(tf.sub(value, change));
    variable.squares = tf.keep(next);
    tf.dispose([value, squares]);
  };

  const takeStep = ({ images: pixels, signs: values }: Batch): void => {
    let images = tf.tensor2d(pixels, [batchSize, pixels.length / batchSize]);
    const signs = tf.tensor2d(values, [batchSize, values.length / batchSize]);
    const transposed = layers.map(({ weights }, l) =>
      l > 0 || method === 'adversarial' ? tf.transpose(weights.value) : null,
    );
    if (method === 'adversarial') {
      const passed = forward(images);
      let delta = outputDelta(passed.pop()!, signs);
      for (let l = layers.length - 1; l >= 0; l--) {
        delta = backward(delta, transposed[l]!, l > 0 ? passed[l]! : null);
      }
      // tfjs-wasm's sign is 0 for values near 0, as most input gradients are.
      const sign = tf.sign(tf.mul(delta, 1e20));
      images = tf.add(images, tf.mul(sign, trainingEpsilon));
    }
    const passed = forward(images);
    let delta = outputDelta(passed.pop()!, signs);
    for (let l = layers.length - 1; l >= 0; l--) {
      const weightGradient = tf.matMul(tf.transpose(passed[l]!), delta);
      const biasGradient = tf.sum(delta, 0);
      if (l > 0) delta = backward(delta, transposed[l]!, passed[l]!);
      update(layers[l]!.weights, weightGradient);
      update(layers[l]!.biases, biasGradient);
    }
  };

  return {
    step: () => {
      tf.tidy(() => takeStep(batches.next().value));
      return undefined;
    },
    finished: () => Promise.resolve(), // tfjs-wasm computes before the call returns
    parameters: () =>
      Promise.all(
        layers.map(async ({ weights, biases }) => {
          const [w, b] = await Promise.all([weights.value.data(), biases.value.data()]);
          return joinLayer(w as Float32Array, b as Float32Array);
        }),
      ),
    dispose: () => {
      for (const { weights, biases } of layers) {
        tf.dispose([weights.value, weights.squares, biases.value, biases.squares]);
      }
    },
  };
}
