import '../../domain/jitless.ts';
import { z } from 'zod';
import { mistakesLength } from '../../domain/mistakes.ts';
import { fullEvaluationSize } from '../../domain/metrics.ts';
import { attackSchema, boundSchema } from '../../domain/attackSchema.ts';

// What a run has measured, as storage and experiment files contain it.

const step = z.int().min(0);
const epoch = z.number().min(0).max(1e6);

/** JSON has no infinity or NaN and stores null instead. */
const loss = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const score = z.strictObject({ loss, errorRate: z.number().min(0).max(1) });

const mistakes = z.base64().max(mistakesLength(fullEvaluationSize));

export const evaluationSchema = z.strictObject({
  step,
  epoch,
  split: z.enum(['test', 'validation']),
  sampleCount: z.int().min(1).max(fullEvaluationSize),
  clean: score,
  adversarial: score,
  attack: attackSchema,
  mistakes: z.strictObject({ clean: mistakes, adversarial: mistakes }).exactOptional(),
});

/** Bounds of robustness have no loss. */
const boundMeasurementSchema = evaluationSchema.extend({
  adversarial: z.strictObject({
    loss: z.nan().or(z.null().transform(() => Number.NaN)),
    errorRate: score.shape.errorRate,
  }),
  attack: boundSchema,
});

export const measurementSchema = z
  .union([evaluationSchema, boundMeasurementSchema])
  .refine(({ sampleCount, mistakes: found }) =>
    Object.values(found ?? {}).every((text) => text.length === mistakesLength(sampleCount)),
  );

export const lossPointSchema = z.strictObject({ step, epoch, loss: z.number() });

export const progressSchema = z
  .strictObject({
    step,
    stepsPerEpoch: step,
    totalSteps: step,
    trainSeconds: z.number().min(0),
    // Estimates: an invalid one must not cost the run.
    samplesPerSecond: z.number().min(0).catch(0),
    secondsLeft: z.number().min(0).nullable().catch(null),
  })
  .refine(({ step, totalSteps }) => step <= totalSteps);
