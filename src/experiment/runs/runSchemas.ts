import '../../domain/jitless.ts';
import { z } from 'zod/mini';
import { attackSchema, boundSchema } from '../../domain/attackSchema.ts';

// What a run has measured, as storage and experiment files contain it.

const step = z.int().check(z.minimum(0));
const epoch = z.number().check(z.minimum(0), z.maximum(1e6));

/** JSON has no infinity or NaN and stores null instead. */
const loss = z.pipe(
  z.nullable(z.number()),
  z.transform((value: number | null) => value ?? Number.NaN),
);
const score = z.strictObject({ loss, errorRate: z.number().check(z.minimum(0), z.maximum(1)) });

export const evaluationSchema = z.strictObject({
  step,
  epoch,
  split: z.enum(['test', 'validation']),
  sampleCount: z.int().check(z.minimum(1), z.maximum(10_000)),
  clean: score,
  adversarial: score,
  attack: attackSchema,
});

/** Bounds of robustness have no loss. */
const boundMeasurementSchema = z.extend(evaluationSchema, {
  adversarial: z.strictObject({
    loss: z.union([
      z.nan(),
      z.pipe(
        z.null(),
        z.transform(() => Number.NaN),
      ),
    ]),
    errorRate: score.shape.errorRate,
  }),
  attack: boundSchema,
});

export const measurementSchema = z.union([evaluationSchema, boundMeasurementSchema]);

export const lossPointSchema = z.strictObject({ step, epoch, loss: z.number() });

export const progressSchema = z
  .strictObject({
    step,
    stepsPerEpoch: step,
    totalSteps: step,
    trainSeconds: z.number().check(z.minimum(0)),
    // Estimates: an invalid one must not cost the run.
    samplesPerSecond: z.catch(z.number().check(z.minimum(0)), 0),
    secondsLeft: z.catch(z.nullable(z.number().check(z.minimum(0))), null),
  })
  .check(z.refine(({ step, totalSteps }) => step <= totalSteps));
