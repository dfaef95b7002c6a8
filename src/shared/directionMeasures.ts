/** Ways from the images, all with changes of at most ε a pixel but the last, and none of them clipped. */
export const directions = ['clean', 'random', 'fgsm', 'pgd', 'fgsmTriple'] as const;
export type Direction = (typeof directions)[number];

/** How a network's loss behaves around some images: means over them. */
export interface DirectionMeasures {
  /** Weight updates before it. */
  readonly step: number;
  readonly epsilon: number;
  /** Images. */
  readonly count: number;
  /** ‖∂J/∂x‖₁ and ‖∂J/∂x‖₂ */
  readonly gradientSum: number;
  readonly gradientLength: number;
  /** How much the loss rises along the gradient's sign by ε / 10, where a tangent should still hold. */
  readonly riseAtTenth: number;
  /** How far the label's output, before its sigmoid or softmax, falls by ε / 2 and by ε along it. */
  readonly logitFalls: { readonly half: number; readonly whole: number };
  readonly losses: Readonly<Record<Direction, number>>;
  /** Fractions answered wrongly. */
  readonly errorRates: Readonly<Record<Direction, number>>;
}

/** Patterns of random signs that are averaged for each image. */
export const randomPatterns = 8;

/** Steps of the PGD that is measured with. */
export const pgdSteps = 20;
