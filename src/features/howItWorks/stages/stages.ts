import type { CSSProperties } from 'react';

/** Parts of the equations, shared by words and pictures; pointing at one highlights the others. */
export type Term = 'input' | 'loss' | 'gradient' | 'sign' | 'epsilon' | 'moved' | 'update';

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

/**
 * A hue for each stage, with a contrast of at least 4.5 against the page in both color schemes. Not in a style sheet,
 * because the build replaces light-dark() there by variables that the page does not define.
 */
export const stageHues = {
  '--m1': 'light-dark(#0b5ea0, #74b9f2)',
  '--m2': 'light-dark(#8a4b00, #f0b060)',
  '--m3': 'light-dark(#7439a0, #cfa2f2)',
  '--m4': 'light-dark(#a3244f, #ff9ab8)',
  '--m5': 'light-dark(#00694d, #4fc9a3)',
} as CSSProperties;

export const stageOf: Readonly<Record<Term, StageNumber>> = {
  input: 1,
  loss: 1,
  gradient: 2,
  sign: 3,
  epsilon: 4,
  moved: 4,
  update: 5,
};

export const termNames: Readonly<Record<Term, string>> = {
  input: 'x, the image',
  loss: 'J of θ, x and y: the loss on the image',
  gradient: 'the gradient of the loss with respect to the pixels',
  sign: 'its sign',
  epsilon: 'ε, the largest change of a pixel',
  moved: 'x̃, the new input',
  update: 'the weight gradient on x̃, and the update',
};

/**
 * The stage at a position. Positions 1 to 5 are the ends of the stages; between n − 1 and n, stage n is
 * in progress.
 */
export function stageAt(position: number): { number: StageNumber; fraction: number } {
  const number = Math.min(5, Math.max(1, Math.ceil(position - 1e-9))) as StageNumber;
  return { number, fraction: shownPart(position, number) };
}

/** Visible fraction of a stage: 1 before the current stage, 0 after it. */
export function shownPart(position: number, number: StageNumber): number {
  return within(position, number - 1, number);
}

/** Progress between the instants `from` and `to`, clamped to 0–1. */
export function within(at: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (at - from) / (to - from)));
}

/** The ends of the next and of the previous stage. */
export function nextPosition(position: number): number {
  return Math.min(lastPosition, Math.floor(position + 1e-9) + 1);
}
export function previousPosition(position: number): number {
  return Math.max(1, Math.ceil(position - 1e-9) - 1);
}
