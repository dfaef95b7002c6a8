import { blockUntilReady, jit, nn, numpy as np, tree } from '@jax-js/jax';
import { updateRule } from '../../../src/engine/optimizers.ts';
import type { Session, Work } from './contender.ts';
import { jaxUpdate } from './jaxUpdate.ts';
import { joinBiases, peerBatches, splitBiases } from './peerBatches.ts';

// Every call of jax-js consumes its arguments; `.ref` keeps one for another use.

/** A parameter with its optimizer state. A type, not an interface, because jax-js requires plain trees. */
type Variable = { value: np.Array; states: np.Array[] };
type Layer = { weights: Variable; biases: Variable };

function upload(values: Float32Array, shape: number[]): np.Array {
  return np.array(new Float32Array(values), { shape });
}

async function download(array: np.Array): Promise<Float32Array> {
  return (await array.ref.data()) as Float32Array;
}

/**
 * The same step as ours, written by hand and compiled by jit. It does not compute the training loss, which ours does.
 */
export function jaxSession(work: Work): Session {
  const { config } = work;
  const { batchSize, trainingEpsilon, method } = config;
  let layers: Layer[] = work.layers.map(({ rows, columns, parameters, states }) => {
    const [own, ...others] = [parameters, ...states].map((values) =>
      splitBiases(values, rows, columns),
    );
    const shape = [rows - 1, columns];
    return {
      weights: {
        value: upload(own!.weights, shape),
        states: others.map(({ weights }) => upload(weights, shape)),
      },
      biases: {
        value: upload(own!.biases, [columns]),
        states: others.map(({ biases }) => upload(biases, [columns])),
      },
    };
  });

  const weightsOf = (all: Layer[], l: number): np.Array => all[l]!.weights.value.ref;

  /** What each layer receives and, last, the logits. Consumes the images, not the layers. */
  const forward = (all: Layer[], images: np.Array): np.Array[] => {
    const passed = [images];
    all.forEach(({ biases }, l) => {
      const z = np.matmul(passed[l]!.ref, weightsOf(all, l)).add(biases.value.ref);
      passed.push(l < all.length - 1 ? nn.relu(z) : z);
    });
    return passed;
  };

  /** Consumes only the logits. */
  const outputDelta = (logits: np.Array, signs: np.Array): np.Array =>
    signs.ref.mul(nn.sigmoid(signs.ref.mul(logits))).mul(1 / batchSize);

  /** δ Wᵀ; consumes δ. */
  const backward = (all: Layer[], delta: np.Array, l: number): np.Array =>
    np.matmul(delta, weightsOf(all, l).transpose());

  /** δ where h > 0, else 0; consumes both. */
  const throughRelu = (delta: np.Array, h: np.Array): np.Array => np.where(h.greater(0), delta, 0);

  const adversarialImages = (all: Layer[], images: np.Array, signs: np.Array): np.Array => {
    const passed = forward(all, images.ref);
    let delta = outputDelta(passed.pop()!, signs);
    for (let l = all.length - 1; l > 0; l--) {
      delta = throughRelu(backward(all, delta, l), passed[l]!);
    }
    passed[0]!.dispose();
    return images.add(np.sign(backward(all, delta, 0)).mul(trainingEpsilon));
  };

  const step = jit((all: Layer[], images: np.Array, signs: np.Array, scalars: np.Array[]) => {
    const input = method === 'adversarial' ? adversarialImages(all, images, signs) : images;
    const passed = forward(all, input);
    let delta = outputDelta(passed.pop()!, signs);
    signs.dispose();
    const next: Layer[] = [];
    for (let l = all.length - 1; l >= 0; l--) {
      const h = passed[l]!;
      const weightGradient = np.matmul(h.ref.transpose(), delta.ref);
      const biasGradient = np.sum(delta.ref, 0);
      if (l > 0) delta = throughRelu(backward(all, delta, l), h);
      else tree.dispose([delta, h]);
      const { weights, biases } = all[l]!;
      next[l] = {
        weights: jaxUpdate(config, weights, weightGradient, scalars),
        biases: jaxUpdate(config, biases, biasGradient, scalars),
      };
    }
    tree.dispose(scalars);
    return next;
  });

  const batches = peerBatches(work);
  return {
    step: () => {
      const { images, signs, step: count } = batches.next().value;
      const rule = updateRule(config.optimizer, config.learningRate, count);
      const scalars = rule.type === 'adam' ? [rule.correction1, rule.correction2] : [];
      layers = step(
        layers,
        np.array(images, { shape: [batchSize, images.length / batchSize] }),
        np.array(signs, { shape: [batchSize, signs.length / batchSize] }),
        scalars.map((scalar) => np.array(Float32Array.of(scalar), { shape: [] })),
      );
      return blockUntilReady(layers);
    },
    finished: () => blockUntilReady(layers),
    parameters: () =>
      Promise.all(
        layers.map(async ({ weights, biases }) => {
          return joinBiases(await download(weights.value), await download(biases.value));
        }),
      ),
    dispose: () => {
      tree.dispose(layers);
      step.dispose();
    },
  };
}
