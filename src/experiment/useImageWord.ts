import { type ImageWord, imageWord } from '../domain/dataSet.ts';
import { useLab } from './useLab.ts';

/** The word for images of the data set on the page. */
export function useImageWord(): ImageWord {
  return useLab(({ customData }) => imageWord(customData.loaded));
}
