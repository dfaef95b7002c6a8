/** Pictures and steps of the normalisation, as panels draw them. */
export type { GrayImage as GreyLevels } from '../../data/drawing/grayImage.ts';
export type { NormalizationSteps } from '../../data/drawing/normalizeDigit.ts';
