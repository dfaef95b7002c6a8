import './jitless.ts';
import { z } from 'zod/mini';

/**
 * Mean and standard deviation of pixels on the [0, 1] scale. A network that standardizes its images computes
 * (x − mean) / deviation for every pixel x before its first layer. The names are those in network files.
 */
export interface Standardization {
  readonly mean: number;
  readonly deviation: number;
}

export const standardizationSchema = z.strictObject({
  mean: z.number().check(z.minimum(0), z.maximum(1)),
  deviation: z.number().check(z.minimum(1e-3), z.maximum(1)),
});
