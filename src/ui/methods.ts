import type { TrainingMethod } from '../domain/settings/config.ts';

/** The full names of the training methods, and one sentence about each. */
export const methodTexts: Readonly<
  Record<TrainingMethod, { readonly name: string; readonly explanation: string }>
> = {
  plain: { name: 'Back-propagation', explanation: 'Trains on the images as they are.' },
  dropout: {
    name: 'Dropout',
    explanation: 'Switches off random pixels and units in every step.',
  },
  adversarial: {
    name: 'Adversarial back-propagation',
    explanation:
      'Moves every pixel by ε in the direction that raises the loss, then trains on that.',
  },
  'adversarial-dropout': {
    name: 'Adversarial + dropout',
    explanation: 'Adversarial images and random units switched off, together.',
  },
  noise: {
    name: 'Random signs',
    explanation:
      'Moves every pixel by ε in a random direction: the control for the adversarial method.',
  },
  pgd: {
    name: 'PGD training',
    explanation:
      'Trains on a stronger attack of several small steps. Each costs another pass both ways.',
  },
  mixed: {
    name: 'Clean and adversarial loss',
    explanation: 'Goodfellow’s objective: the weighted sum of the clean and the adversarial loss.',
  },
};
