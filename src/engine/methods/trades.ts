import { hashKey } from '../../domain/random.ts';
import { divergencePgd } from '../attacks.ts';
import type { Method } from './method.ts';

/**
 * TRADES (Zhang et al. 2019, arXiv 1901.08573, equation 5 and algorithm 1): J(x, y) + β · KL(p(x) ‖ p(x̃)), where x̃ is
 * found by PGD on the same divergence. The gradient goes through p(x) and through p(x̃), as in the authors' code; x̃ is a
 * constant. With sigmoid outputs p is ten independent probabilities, and KL is the sum of their Bernoulli divergences;
 * with softmax it is the divergence of two distributions over the classes. Labels are not used to find x̃, so nothing of
 * them can leak into it.
 */
export const trades: Method = ({ backend, network, config, step, images }) => {
  const attack = {
    epsilon: config.trainingEpsilon,
    clip: config.clipTrainingImages,
    steps: config.pgdSteps,
    stepSize: config.pgdStepSize,
  };
  const key = hashKey(config.seed, 'attackStart', step, 0);
  const adversarialImages = divergencePgd(backend, network, images, attack, key);
  return [
    { images, masks: null, weight: 1 },
    { images: adversarialImages, masks: null, weight: config.tradesBeta, term: 'divergence' },
  ];
};
