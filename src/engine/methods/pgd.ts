import { hashKey } from '../../domain/random.ts';
import { pgd as attackByPgd } from '../attacks.ts';
import type { Method } from './method.ts';

/** Adversarial training with PGD (Madry et al. 2018): trains on PGD's adversarial images alone. */
export const pgd: Method = ({ backend, network, config, step, images, labels }) => {
  const attack = {
    epsilon: config.trainingEpsilon,
    clip: config.clipTrainingImages,
    steps: config.pgdSteps,
    stepSize: config.pgdStepSize,
  };
  const key = hashKey(config.seed, 'attackStart', step, 0);
  const adversarialImages = attackByPgd(backend, network, images, labels, attack, key);
  return [{ images: adversarialImages, masks: null, weight: 1 }];
};
