import type { TrainingMethod } from '../shared/config.ts';

/** How each training method is called and drawn; one colour a method everywhere (Okabe-Ito). */
export const methodLooks: Record<
  TrainingMethod,
  { readonly name: string; readonly color: string }
> = {
  plain: { name: 'Back-propagation', color: '#0072B2' },
  dropout: { name: 'Dropout', color: '#E69F00' },
  adversarial: { name: 'Adversarial back-propagation', color: '#009E73' },
  'adversarial-dropout': { name: 'Adversarial + dropout', color: '#CC79A7' },
  noise: { name: 'Random noise', color: '#56B4E9' },
  pgd: { name: 'PGD training', color: '#D55E00' },
  mixed: { name: 'Clean and adversarial loss', color: '#8C8C8C' },
};
