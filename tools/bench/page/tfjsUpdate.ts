import * as tf from '@tensorflow/tfjs-core';
import type { UpdateRule } from '../../../src/engine/optimizers.ts';

export type ApplyRule = (
  value: tf.Tensor,
  gradient: tf.Tensor,
  states: readonly tf.Tensor[],
) => { value: tf.Tensor; states: tf.Tensor[] };

/** α a + β b. */
function mix(alpha: number, a: tf.Tensor, beta: number, b: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(a, alpha), beta === 1 ? b : tf.mul(b, beta));
}

/** The update rules of engine/optimizers.ts, with as few tfjs calls as possible. */
export function tfjsUpdate(rule: UpdateRule): ApplyRule {
  const { learningRate } = rule;
  switch (rule.type) {
    case 'sgd':
      return (value, gradient) => ({
        value: tf.sub(value, tf.mul(gradient, learningRate)),
        states: [],
      });
    case 'momentum':
      return (value, gradient, [velocity]) => {
        const next = mix(rule.momentum, velocity!, 1, gradient);
        return { value: tf.sub(value, tf.mul(next, learningRate)), states: [next] };
      };
    case 'rmsprop': {
      const { squaredDecay, eps } = rule;
      return (value, gradient, [squares]) => {
        const next = mix(squaredDecay, squares!, 1 - squaredDecay, tf.square(gradient));
        const root = tf.add(tf.sqrt(next), eps);
        const change = tf.div(tf.mul(gradient, learningRate), root);
        return { value: tf.sub(value, change), states: [next] };
      };
    }
    case 'adam': {
      const { beta1, beta2, correction1, correction2, eps } = rule;
      return (value, gradient, [moment, squares]) => {
        const nextMoment = mix(beta1, moment!, 1 - beta1, gradient);
        const nextSquares = mix(beta2, squares!, 1 - beta2, tf.square(gradient));
        const root = tf.add(tf.sqrt(tf.mul(nextSquares, correction2)), eps);
        const change = tf.div(tf.mul(nextMoment, learningRate * correction1), root);
        return { value: tf.sub(value, change), states: [nextMoment, nextSquares] };
      };
    }
  }
}
