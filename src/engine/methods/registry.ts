import type { TrainingMethod } from '../../domain/settings/config.ts';
import { adversarial, adversarialDropout, mixed } from './adversarial.ts';
import { dropout } from './dropout.ts';
import type { Method } from './method.ts';
import { noise } from './noise.ts';
import { pgd } from './pgd.ts';
import { plain } from './plain.ts';
import { randomStart } from './randomStart.ts';
import { trades } from './trades.ts';

export const methods: Readonly<Record<TrainingMethod, Method>> = {
  plain,
  dropout,
  noise,
  adversarial,
  'adversarial-dropout': adversarialDropout,
  mixed,
  'random-start': randomStart,
  pgd,
  trades,
};
