import type { Method } from './method.ts';

/**
 * Dropout of pixels and hidden units (Hinton et al. 2012). The units that remain are scaled by
 * 1 / (1 − rate), so an evaluation uses the network as it is.
 */
export const dropout: Method = ({ images, drawMasks }) => [
  { images, masks: drawMasks(), weight: 1 },
];
