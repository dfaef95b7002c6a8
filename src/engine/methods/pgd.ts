import { hashKey } from '../../shared/random.ts';
import { pgd as attackByPgd } from '../attacks.ts';
import type { Method } from './method.ts';

/** Training on PGD's examples alone (Madry et al. 2018). */
export const pgd: Method = ({ backend, network, config, step, images, labels }) => {
  const attack = {
    epsilon: config.trainingEpsilon,
    clip: config.clipTrainingImages,
    steps: config.pgdSteps,
    stepSize: config.pgdStepSize,
  };
  const key = hashKey(config.seed, 'attackStart', step, 0);
  const moved = attackByPgd(backend, network, images, labels, attack, key);
  return [{ images: moved, masks: null, weight: 1 }];
};
