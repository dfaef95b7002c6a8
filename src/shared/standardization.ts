import './jitless.ts';
import { z } from 'zod';

/**
 * Mean and standard deviation of pixels on the scale 0 to 1. A network that standardises takes
 * (x − mean) / deviation of every pixel x before its first layer.
 */
export interface Standardization {
  readonly mean: number;
  readonly deviation: number;
}

export const standardizationSchema = z.strictObject({
  mean: z.number().min(0).max(1),
  deviation: z.number().min(1e-3).max(1),
});
