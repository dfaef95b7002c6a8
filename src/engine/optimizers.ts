import type { OptimizerName } from '../shared/config.ts';

/** Constants that the optimizers share with their sources; the page does not offer them. */
export const optimizerConstants = {
  /** μ of momentum: v ← μ v + g; w ← w − η v. */
  momentum: 0.9,
  /** α of RMSprop: s ← α s + (1 − α) g²; w ← w − η g / (√s + 1e-8) (Tieleman & Hinton 2012). */
  squaredDecay: 0.99,
  /** β₁ and β₂ of Adam, bias-corrected (Kingma & Ba 2015, algorithm 1). */
  beta1: 0.9,
  beta2: 0.999,
  /** Added to the square root, outside it. */
  stabilizer: 1e-8,
} as const;

/** One optimizer step as a backend computes it: all scalars worked out beforehand. */
export type UpdateRule =
  | { readonly type: 'sgd'; readonly learningRate: number }
  | { readonly type: 'momentum'; readonly learningRate: number; readonly momentum: number }
  | {
      readonly type: 'rmsprop';
      readonly learningRate: number;
      readonly squaredDecay: number;
      readonly stabilizer: number;
    }
  | {
      readonly type: 'adam';
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly stabilizer: number;
      /** 1 / (1 − β₁ᵗ) and 1 / (1 − β₂ᵗ). */
      readonly correction1: number;
      readonly correction2: number;
    };

/**
 * The update of one step.
 *
 * @param learningRate η at this step, decay included
 * @param step which update this is, from 1
 */
export function updateRule(
  optimizer: OptimizerName,
  learningRate: number,
  step: number,
): UpdateRule {
  const { momentum, squaredDecay, beta1, beta2, stabilizer } = optimizerConstants;
  switch (optimizer) {
    case 'sgd':
      return { type: 'sgd', learningRate };
    case 'momentum':
      return { type: 'momentum', learningRate, momentum };
    case 'rmsprop':
      return { type: 'rmsprop', learningRate, squaredDecay, stabilizer };
    case 'adam':
      return {
        type: 'adam',
        learningRate,
        beta1,
        beta2,
        stabilizer,
        correction1: 1 / (1 - beta1 ** step),
        correction2: 1 / (1 - beta2 ** step),
      };
  }
}
