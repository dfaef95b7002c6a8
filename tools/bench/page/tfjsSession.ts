import * as tf from '@tensorflow/tfjs-core';
import { updateRule } from '../../../src/engine/optimizers.ts';
import type { Session, Work } from './contender.ts';
import { type Batch, joinBiases, peerBatches, splitBiases } from './peerBatches.ts';
import { type ApplyRule, tfjsUpdate } from './tfjsUpdate.ts';

/** A parameter tensor with its optimizer state. */
interface Variable {
  value: tf.Tensor;
  states: tf.Tensor[];
}

interface Layer {
  readonly weights: Variable;
  readonly biases: Variable;
}

function variableOf(values: Float32Array, states: readonly Float32Array[], shape: number[]) {
  const upload = (data: Float32Array) => tf.tensor(data, shape, 'float32');
  return { value: upload(values), states: states.map(upload) };
}

/**
 * The same step as ours, written by hand for the highest speed of tfjs-wasm: products fused with bias and activation,
 * and operands transposed beforehand, because matMul with a transpose flag is many times slower. It does not compute
 * the training loss, which ours does.
 */
export function tfjsSession(work: Work): Session {
  const { config } = work;
  const layers: Layer[] = work.layers.map(({ rows, columns, parameters, states }) => {
    const [own, ...others] = [parameters, ...states].map((data) =>
      splitBiases(data, rows, columns),
    );
    const weightStates = others.map(({ weights }) => weights);
    const biasStates = others.map(({ biases }) => biases);
    return {
      weights: variableOf(own!.weights, weightStates, [rows - 1, columns]),
      biases: variableOf(own!.biases, biasStates, [columns]),
    };
  });
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
    tf.div(tf.mul(signs, tf.sigmoid(tf.mul(signs, logits))), config.batchSize);

  /** δ Wᵀ, times relu′ of the layer below unless that is the images. */
  const backward = (delta: tf.Tensor2D, transposed: tf.Tensor, below: tf.Tensor2D | null) => {
    const product = tf.matMul<tf.Tensor2D>(delta, transposed);
    return below ? tf.mul<tf.Tensor2D>(product, tf.step(below)) : product;
  };

  const takeStep = ({ images: pixels, signs: values, step }: Batch): void => {
    tf.tidy(() => {
      let images = tf.tensor2d(pixels, [config.batchSize, pixels.length / config.batchSize]);
      const signs = tf.tensor2d(values, [config.batchSize, values.length / config.batchSize]);
      const transposed = layers.map(({ weights }, l) =>
        l > 0 || config.method === 'adversarial' ? tf.transpose(weights.value) : null,
      );
      if (config.method === 'adversarial') {
        const passed = forward(images);
        let delta = outputDelta(passed.pop()!, signs);
        for (let l = layers.length - 1; l >= 0; l--) {
          delta = backward(delta, transposed[l]!, l > 0 ? passed[l]! : null);
        }
        // tfjs-wasm's sign is 0 for values near 0, as most input gradients are.
        const sign = tf.sign(tf.mul(delta, 1e20));
        images = tf.add(images, tf.mul(sign, config.trainingEpsilon));
      }
      const passed = forward(images);
      let delta = outputDelta(passed.pop()!, signs);
      const apply = tfjsUpdate(updateRule(config.optimizer, config.learningRate, step));
      for (let l = layers.length - 1; l >= 0; l--) {
        const weightGradient = tf.matMul(tf.transpose(passed[l]!), delta);
        const biasGradient = tf.sum(delta, 0);
        if (l > 0) delta = backward(delta, transposed[l]!, passed[l]!);
        assign(layers[l]!.weights, weightGradient, apply);
        assign(layers[l]!.biases, biasGradient, apply);
      }
    });
  };

  const variables = layers.flatMap(({ weights, biases }) => [weights, biases]);
  return {
    step: () => {
      takeStep(batches.next().value);
      return undefined;
    },
    finished: () => Promise.resolve(), // tfjs-wasm computes before the call returns
    parameters: () =>
      Promise.all(
        layers.map(async ({ weights, biases }) => {
          const [w, b] = await Promise.all([weights.value.data(), biases.value.data()]);
          return joinBiases(w as Float32Array, b as Float32Array);
        }),
      ),
    dispose: () => variables.forEach(({ value, states }) => tf.dispose([value, ...states])),
  };
}

/** Updates the value and states of a variable, and frees the old ones. */
function assign(variable: Variable, gradient: tf.Tensor, apply: ApplyRule): void {
  const { value, states } = variable;
  const next = apply(value, gradient, states);
  tf.dispose([value, ...states]);
  variable.value = tf.keep(next.value);
  variable.states = next.states.map((state) => tf.keep(state));
}
