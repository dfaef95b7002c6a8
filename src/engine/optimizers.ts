import type { OptimizerName } from '../domain/settings/config.ts';

/** Constants that follow the optimizers' publications; they are not settings. */
export const optimizerConstants = {
  /** μ of momentum: v ← μ v + g; w ← w − η v. */
  momentum: 0.9,
  /** α of RMSprop: s ← α s + (1 − α) g²; w ← w − η g / (√s + eps) (Tieleman & Hinton 2012). */
  squaredDecay: 0.99,
  /** β₁ and β₂ of Adam, bias-corrected (Kingma & Ba 2015, algorithm 1). */
  beta1: 0.9,
  beta2: 0.999,
  /** Added outside the square root in the denominator of RMSprop and Adam. */
  eps: 1e-8,
} as const;

/** One optimizer step, with all scalars that a backend needs already computed. */
export type UpdateRule = OptimizerRule & {
  /** λ of decoupled weight decay, an operation of its own (`updateLayers` in trainingStep.ts). */
  readonly weightDecay: number;
};

type OptimizerRule =
  | { readonly type: 'sgd'; readonly learningRate: number }
  | { readonly type: 'momentum'; readonly learningRate: number; readonly momentum: number }
  | {
      readonly type: 'rmsprop';
      readonly learningRate: number;
      readonly squaredDecay: number;
      readonly eps: number;
    }
  | {
      readonly type: 'adam';
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly eps: number;
      /** 1 / (1 − β₁ᵗ) and 1 / (1 − β₂ᵗ). */
      readonly correction1: number;
      readonly correction2: number;
    };

/**
 * The update rule of one step.
 *
 * @param learningRate η at this step, decay included
 * @param step number of this update, counted from 1
 * @param weightDecay λ
 */
export function updateRule(
  optimizer: OptimizerName,
  learningRate: number,
  step: number,
  weightDecay = 0,
): UpdateRule {
  return { ...optimizerRule(optimizer, learningRate, step), weightDecay };
}

function optimizerRule(
  optimizer: OptimizerName,
  learningRate: number,
  step: number,
): OptimizerRule {
  const { momentum, squaredDecay, beta1, beta2, eps } = optimizerConstants;
  switch (optimizer) {
    case 'sgd':
      return { type: 'sgd', learningRate };
    case 'momentum':
      return { type: 'momentum', learningRate, momentum };
    case 'rmsprop':
      return { type: 'rmsprop', learningRate, squaredDecay, eps };
    case 'adam':
      return {
        type: 'adam',
        learningRate,
        beta1,
        beta2,
        eps,
        correction1: 1 / (1 - beta1 ** step),
        correction2: 1 / (1 - beta2 ** step),
      };
  }
}
