import '../../domain/jitless.ts';
import { z } from 'zod/mini';
import { mistakesLength } from '../../domain/mistakes.ts';
import { fullEvaluationSize } from '../../domain/metrics.ts';
import { attackSchema, boundSchema } from '../../domain/attackSchema.ts';

// What a run has measured, as storage and experiment files contain it.

const step = z.int().check(z.minimum(0));
const epoch = z.number().check(z.minimum(0), z.maximum(1e6));

/** The largest 32-bit float, which is what engines compute with. */
const largestLoss = 3.5e38;
const finiteLoss = z.number().check(z.minimum(-largestLoss), z.maximum(largestLoss));
/** JSON has no infinity or NaN and stores null instead. */
const loss = z.pipe(
  z.nullable(finiteLoss),
  z.transform((value: number | null) => value ?? Number.NaN),
);
const score = z.strictObject({ loss, errorRate: z.number().check(z.minimum(0), z.maximum(1)) });

const mistakes = z.base64().check(z.maxLength(mistakesLength(fullEvaluationSize)));

export const evaluationSchema = z.strictObject({
  step,
  epoch,
  split: z.enum(['test', 'validation']),
  sampleCount: z.int().check(z.minimum(1), z.maximum(fullEvaluationSize)),
  clean: score,
  adversarial: score,
  attack: attackSchema,
  mistakes: z.exactOptional(z.strictObject({ clean: mistakes, adversarial: mistakes })),
  training: z.exactOptional(
    z.strictObject({
      sampleCount: z.int().check(z.minimum(1), z.maximum(fullEvaluationSize)),
      clean: score.shape.errorRate,
      attacked: score.shape.errorRate,
    }),
  ),
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

export const measurementSchema = z
  .union([evaluationSchema, boundMeasurementSchema])
  .check(
    z.refine(({ sampleCount, mistakes: found }) =>
      Object.values(found ?? {}).every((text) => text.length === mistakesLength(sampleCount)),
    ),
  );

export const lossPointSchema = z.strictObject({ step, epoch, loss: finiteLoss });

export const progressSchema = z
  .strictObject({
    step,
    stepsPerEpoch: step,
    totalSteps: step,
    trainSeconds: z.number().check(z.minimum(0), z.maximum(1e9)), // thirty years
    // Estimates: an invalid one must not cost the run.
    samplesPerSecond: z.catch(z.number().check(z.minimum(0), z.maximum(1e12)), 0),
    secondsLeft: z.catch(z.nullable(z.number().check(z.minimum(0), z.maximum(1e12))), null),
  })
  .check(z.refine(({ step, totalSteps }) => step <= totalSteps));
