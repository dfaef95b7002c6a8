import { fgsm } from '../attacks.ts';
import type { Method, StepContext } from './method.ts';

/** x̃ = x + ε · sign(∂J/∂x) with the training ε; no weight gradient is computed for it. */
function adversarialImages({ backend, network, config, images, labels }: StepContext) {
  const attack = { epsilon: config.trainingEpsilon, clip: config.clipTrainingImages };
  return fgsm(backend, network, images, labels, attack);
}

/** Adversarial back-propagation (Nøkland 2015): trains on x̃ alone. */
export const adversarial: Method = (context) => [
  { images: adversarialImages(context), masks: null, weight: 1 },
];

/** Adversarial back-propagation with dropout in the training pass only: the pass that computes x̃ has none. */
export const adversarialDropout: Method = (context) => [
  { images: adversarialImages(context), masks: context.drawMasks(), weight: 1 },
];

/** The adversarial objective of Goodfellow et al. (2015, section 6): α J(x) + (1 − α) J(x̃). */
export const mixed: Method = (context) => {
  const { cleanLossWeight } = context.config;
  return [
    { images: context.images, masks: null, weight: cleanLossWeight },
    { images: adversarialImages(context), masks: null, weight: 1 - cleanLossWeight },
  ];
};
