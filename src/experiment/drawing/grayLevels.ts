/** Images and stages of the normalization as panels draw them. */
export type { GrayImage as GrayLevels } from '../../digits/grayImage.ts';
export type { NormalizationSteps } from '../../digits/normalizeDigit.ts';
