import { hashKey } from '../../domain/random.ts';
import type { Method } from './method.ts';

/** The control experiment: x + ε · r with random signs r, a perturbation as large as ABP's in a random direction. */
export const noise: Method = ({ backend, config, step, images }) => {
  const { seed, trainingEpsilon, clipTrainingImages } = config;
  const key = hashKey(seed, 'noise', step, 0);
  const noisy = backend.addRandomSigns(images, key, trainingEpsilon, clipTrainingImages);
  return [{ images: noisy, masks: null, weight: 1 }];
};
