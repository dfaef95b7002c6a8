import { fgsm } from '../attacks.ts';
import type { Method, StepContext } from './method.ts';

/** x̃ = x + ε · sign(∂J/∂x) at the training ε; no weight gradient is computed for it. */
function adversarialImages({ backend, network, config, images, labels }: StepContext) {
  const attack = { epsilon: config.trainingEpsilon, clip: config.clipTrainingImages };
  return fgsm(backend, network, images, labels, attack);
}

/** Adversarial back-propagation (Nøkland 2015): train on x̃, and on x̃ alone. */
export const adversarial: Method = (context) => ({
  images: adversarialImages(context),
  masks: null,
});

/** Adversarial back-propagation with dropout in the training pass; the pass that finds x̃ has none. */
export const adversarialDropout: Method = (context) => ({
  images: adversarialImages(context),
  masks: context.drawMasks(),
});
