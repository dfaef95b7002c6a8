import { numpy as np } from '@jax-js/jax';
import { optimizerConstants } from '../../../src/engine/optimizers.ts';
import type { RunConfig } from '../../../src/domain/settings/config.ts';

type Variable = { value: np.Array; states: np.Array[] };

/** α a + β b; consumes both. */
function mix(alpha: number, a: np.Array, beta: number, b: np.Array): np.Array {
  return a.mul(alpha).add(b.mul(beta));
}

/**
 * The update rules of engine/optimizers.ts in jax-js. Consumes the variable and its gradient.
 *
 * @param scalars Adam's two corrections, which change with each step; not consumed
 */
export function jaxUpdate(
  { optimizer, learningRate }: Pick<RunConfig, 'optimizer' | 'learningRate'>,
  { value, states }: Variable,
  gradient: np.Array,
  scalars: readonly np.Array[],
): Variable {
  const { momentum, squaredDecay, beta1, beta2, eps } = optimizerConstants;
  const [first, second] = states;
  switch (optimizer) {
    case 'sgd':
      return { value: value.sub(gradient.mul(learningRate)), states: [] };
    case 'momentum': {
      const velocity = mix(momentum, first!, 1, gradient);
      return { value: value.sub(velocity.ref.mul(learningRate)), states: [velocity] };
    }
    case 'rmsprop': {
      const squares = mix(squaredDecay, first!, 1 - squaredDecay, np.square(gradient.ref));
      const root = np.sqrt(squares.ref).add(eps);
      const change = gradient.mul(learningRate).div(root);
      return { value: value.sub(change), states: [squares] };
    }
    case 'adam': {
      const moment = mix(beta1, first!, 1 - beta1, gradient.ref);
      const squares = mix(beta2, second!, 1 - beta2, np.square(gradient));
      const root = np.sqrt(squares.ref.mul(scalars[1]!.ref)).add(eps);
      const change = moment.ref.mul(scalars[0]!.ref).mul(learningRate).div(root);
      return { value: value.sub(change), states: [moment, squares] };
    }
  }
}
