/** Pictures and steps of the normalisation, as panels draw them. */
export type { GrayImage as GreyLevels } from '../../digits/grayImage.ts';
export type { NormalizationSteps } from '../../digits/normalizeDigit.ts';
