/** Parts of the equations, which words and pictures share; pointing at one lights the others. */
export const terms = ['input', 'loss', 'gradient', 'sign', 'epsilon', 'moved', 'update'] as const;
export type Term = (typeof terms)[number];

/** The stages of one training step, by their numbers. */
export type StageNumber = 1 | 2 | 3 | 4 | 5;
export const stageNumbers: readonly StageNumber[] = [1, 2, 3, 4, 5];
export const lastPosition = 5;

export const stageTitles: Readonly<Record<StageNumber, string>> = {
  1: 'Clean pass',
  2: 'Gradient',
  3: 'Sign',
  4: 'New input',
  5: 'Update',
};

/** A hue for each stage: at least 4.5 against the page in either scheme. */
export const stageHues = {
  '--m1': 'light-dark(#0b5ea0, #74b9f2)',
  '--m2': 'light-dark(#8a4b00, #f0b060)',
  '--m3': 'light-dark(#7439a0, #cfa2f2)',
  '--m4': 'light-dark(#a3244f, #ff9ab8)',
  '--m5': 'light-dark(#00694d, #4fc9a3)',
};

/** The stage in which a part of the equations is found. */
export const stageOf: Readonly<Record<Term, StageNumber>> = {
  input: 1,
  loss: 1,
  gradient: 2,
  sign: 3,
  epsilon: 4,
  moved: 4,
  update: 5,
};

/** What the parts are called where they cannot be seen. */
export const termNames: Readonly<Record<Term, string>> = {
  input: 'x, the digit',
  loss: 'J of θ, x and y: the loss on the digit',
  gradient: 'the gradient of the loss at the pixels',
  sign: 'its sign',
  epsilon: 'ε, the largest change of a pixel',
  moved: 'x̃, the new input',
  update: 'the weight gradient on x̃, and the update',
};

/**
 * The stage at a position: positions 1 to 5 are the ends of the stages, between n − 1 and n the n-th is
 * under way.
 */
export function stageAt(position: number): { number: StageNumber; fraction: number } {
  const number = Math.min(5, Math.max(1, Math.ceil(position - 1e-9))) as StageNumber;
  return { number, fraction: Math.min(1, Math.max(0, position - (number - 1))) };
}

/** How much of a stage is to be seen, 0 to 1: those before the present one wholly, those after not yet. */
export function shownPart(position: number, number: StageNumber): number {
  return Math.min(1, Math.max(0, position - (number - 1)));
}

/** The part of a stage's time between two of its instants, 0 to 1. */
export function within(fraction: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (fraction - from) / (to - from)));
}

/** The end of the next stage, and of the one before. */
export function nextPosition(position: number): number {
  return Math.min(lastPosition, Math.floor(position + 1e-9) + 1);
}
export function previousPosition(position: number): number {
  return Math.max(1, Math.ceil(position - 1e-9) - 1);
}
