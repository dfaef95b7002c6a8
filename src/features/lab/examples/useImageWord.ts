import { useLab } from '../../../experiment/useLab.ts';

/** The word for test images; only MNIST's images are digits. */
export function useImageWord(): 'digit' | 'image' {
  return useLab(({ customData }) => (customData.loaded === null ? 'digit' : 'image'));
}
