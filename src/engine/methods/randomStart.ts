import { hashKey } from '../../domain/random.ts';
import { pgd } from '../attacks.ts';
import type { Method } from './method.ts';

/** The size of the step as a multiple of ε: Wong et al. (2020, section 4) found 1.25 to work best. */
const stepOverEpsilon = 1.25;

/**
 * FGSM with a random start (Wong, Rice and Kolter 2020, arXiv 2001.03994, algorithm 3): δ uniform within ±ε, one step
 * δ + α · sign(∂J(x + δ)/∂x) with α = 1.25 ε, and back to within ±ε. It costs as much as adversarial back-propagation;
 * the start keeps the network from learning to see through a step that always has the same size.
 */
export const randomStart: Method = ({ backend, network, config, step, images, labels }) => {
  const epsilon = config.trainingEpsilon;
  const attack = {
    epsilon,
    clip: config.clipTrainingImages,
    steps: 1,
    stepSize: stepOverEpsilon * epsilon,
  };
  const key = hashKey(config.seed, 'attackStart', step, 0);
  const adversarialImages = pgd(backend, network, images, labels, attack, key);
  return [{ images: adversarialImages, masks: null, weight: 1 }];
};
