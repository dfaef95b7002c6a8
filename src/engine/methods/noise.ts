import { hashKey } from '../../shared/random.ts';
import type { Method } from './method.ts';

/** The control: x + ε · r with random signs r. As large a change as ABP's, in no particular direction. */
export const noise: Method = ({ backend, config, step, images }) => ({
  images: backend.addRandomSigns(
    images,
    hashKey(config.seed, 'noise', step, 0),
    config.trainingEpsilon,
    config.clipTrainingImages,
  ),
  masks: null,
});
