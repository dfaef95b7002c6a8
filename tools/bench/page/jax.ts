import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree } from '@jax-js/jax';
import { optimizerConstants } from '../../../src/engine/optimizers.ts';
import {
  type Contender,
  joinLayer,
  peerBatches,
  type Session,
  splitLayer,
  type Work,
} from './work.ts';

/** @param threads the number of cores that this worker sees, which jax-js uses */
export async function startJax(threads: number): Promise<Contender> {
  if (!(await init('wasm')).includes('wasm')) throw new Error('jax-js’s wasm does not start.');
  defaultDevice('wasm');
  return { device: `WebAssembly, jit, ${threads} threads`, prepare: startSession };
}

// Every call of jax-js consumes its arguments; `.ref` keeps one for another use.

/** A parameter with RMSprop's state. A type, not an interface, because jax-js requires plain trees. */
type Variable = { value: np.Array; squares: np.Array };
type Layer = { weights: Variable; biases: Variable };

async function download(array: np.Array): Promise<Float32Array> {
  return (await array.ref.data()) as Float32Array;
}

/**
 * The same step as ours, written by hand and compiled by jit. It does not compute the training loss, which ours does.
 */
function startSession(work: Work): Session {
  const { batchSize, learningRate, method, trainingEpsilon } = work.config;
  const { squaredDecay, eps } = optimizerConstants;
  let layers: Layer[] = work.layers.map((layer) =>
    splitLayer(layer, (values, shape) => np.array(values, { shape })),
  );

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

  /** The variable after an update by RMSprop; consumes it and its gradient. */
  const update = ({ value, squares }: Variable, gradient: np.Array): Variable => {
    const squared = np.square(gradient.ref).mul(1 - squaredDecay);
    const next = squares.mul(squaredDecay).add(squared);
    const change = gradient.mul(learningRate).div(np.sqrt(next.ref).add(eps));
    return { value: value.sub(change), squares: next };
  };

  const step = jit((all: Layer[], images: np.Array, signs: np.Array) => {
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
        weights: update(weights, weightGradient),
        biases: update(biases, biasGradient),
      };
    }
    return next;
  });

  const batches = peerBatches(work);
  return {
    step: () => {
      const { images, signs } = batches.next().value;
      layers = step(
        layers,
        np.array(images, { shape: [batchSize, images.length / batchSize] }),
        np.array(signs, { shape: [batchSize, signs.length / batchSize] }),
      );
      return blockUntilReady(layers);
    },
    finished: () => blockUntilReady(layers),
    parameters: () =>
      Promise.all(
        layers.map(async ({ weights, biases }) => {
          return joinLayer(await download(weights.value), await download(biases.value));
        }),
      ),
    dispose: () => {
      tree.dispose(layers);
      step.dispose();
    },
  };
}
