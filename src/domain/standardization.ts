import './jitless.ts';
import { z } from 'zod';

/**
 * Mean and standard deviation of pixels on the [0, 1] scale. A network that standardizes its images computes
 * (x − mean) / deviation for every pixel x before its first layer. The names are those in network files.
 */
export interface Standardization {
  readonly mean: number;
  readonly deviation: number;
}

export const standardizationSchema = z.strictObject({
  mean: z.number().min(0).max(1),
  deviation: z.number().min(1e-3).max(1),
});
