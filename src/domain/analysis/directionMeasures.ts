/** Directions from the images. All change a pixel by at most ε, except the last; none is clipped. */
export const directions = ['clean', 'random', 'fgsm', 'pgd', 'fgsmTriple'] as const;
export type Direction = (typeof directions)[number];

/** A network's loss around some images, as means over the images. */
export interface DirectionMeasures {
  /** Number of weight updates before the measurement. */
  readonly step: number;
  readonly epsilon: number;
  /** Number of images. */
  readonly count: number;
  /** ‖∂J/∂x‖₁ and ‖∂J/∂x‖₂ */
  readonly gradientSum: number;
  readonly gradientLength: number;
  /** Increase of the loss after ε / 10 along the gradient's sign, where the linear approximation should still hold. */
  readonly riseAtTenth: number;
  /** Decrease of the label's logit after ε / 2 and after ε along the gradient's sign. */
  readonly logitFalls: { readonly half: number; readonly whole: number };
  readonly losses: Readonly<Record<Direction, number>>;
  /** Fractions of wrong predictions. */
  readonly errorRates: Readonly<Record<Direction, number>>;
}

/** Number of patterns of random signs that are averaged. */
export const randomPatterns = 8;

/** Number of steps of the PGD attack. */
export const pgdSteps = 20;
