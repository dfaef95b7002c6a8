import type { TrainingMethod } from '../../domain/settings/config.ts';
import { adversarial, adversarialDropout, mixed } from './adversarial.ts';
import { dropout } from './dropout.ts';
import type { Method } from './method.ts';
import { noise } from './noise.ts';
import { pgd } from './pgd.ts';
import { plain } from './plain.ts';

export const methods: Readonly<Record<TrainingMethod, Method>> = {
  plain,
  dropout,
  adversarial,
  'adversarial-dropout': adversarialDropout,
  noise,
  pgd,
  mixed,
};
