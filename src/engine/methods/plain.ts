import type { Method } from './method.ts';

/** Ordinary back-propagation. */
export const plain: Method = ({ images }) => [{ images, masks: null, weight: 1 }];
