import type { Method } from './method.ts';

/**
 * Dropout of pixels and hidden units (Hinton et al. 2012); kept ones are scaled by 1 / (1 − rate),
 * so nothing changes at evaluation.
 */
export const dropout: Method = ({ images, drawMasks }) => [
  { images, masks: drawMasks(), weight: 1 },
];
