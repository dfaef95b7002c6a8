import { hashKey } from '../../shared/random.ts';
import type { Method } from './method.ts';

/** The control: x + ε · r with random signs r. As large a change as ABP's, in no particular direction. */
export const noise: Method = ({ backend, config, step, images }) => {
  const { seed, trainingEpsilon, clipTrainingImages } = config;
  const key = hashKey(seed, 'noise', step, 0);
  const noisy = backend.addRandomSigns(images, key, trainingEpsilon, clipTrainingImages);
  return [{ images: noisy, masks: null, weight: 1 }];
};
