/** Pictures and steps of the normalisation, as panels draw them. */
export type { GreyImage as GreyLevels } from '../../data/drawing/greyImage.ts';
export type { NormalizationSteps } from '../../data/drawing/normalizeDigit.ts';
