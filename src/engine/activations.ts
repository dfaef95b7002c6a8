import type { RunConfig } from '../domain/settings/config.ts';

/**
 * The function f that a layer applies to z = x W + b. The derivatives are functions of the output h alone:
 * logistic h (1 − h), tanh 1 − h², relu 1 where h > 0 and else 0. A maxout unit (Goodfellow et al. 2013) outputs
 * the largest of its pieces, and passes the gradient to that piece alone.
 */
export type Activation =
  | { readonly type: 'linear' | 'logistic' | 'tanh' | 'relu' }
  | { readonly type: 'maxout'; readonly pieces: number };

/** The activation of a config's hidden layers. */
export function hiddenActivation(
  config: Pick<RunConfig, 'networkType' | 'maxoutPieces'>,
): Activation {
  return config.networkType === 'maxout'
    ? { type: 'maxout', pieces: config.maxoutPieces }
    : { type: config.networkType };
}

/** Columns of the weight matrix for each unit. */
export function piecesOf(activation: Activation): number {
  return activation.type === 'maxout' ? activation.pieces : 1;
}
