import type { TrainingMethod } from '../../shared/config.ts';
import { adversarial, adversarialDropout } from './adversarial.ts';
import { dropout } from './dropout.ts';
import type { Method } from './method.ts';
import { noise } from './noise.ts';
import { plain } from './plain.ts';

export const methods: Readonly<Record<TrainingMethod, Method>> = {
  plain,
  dropout,
  adversarial,
  'adversarial-dropout': adversarialDropout,
  noise,
};
