import { z } from 'zod';
import { attackSchema as attack } from '../shared/attackSchema.ts';
import { limits, runConfigSchema } from '../shared/config.ts';
import { classCount, imageShapes, ownDataSchema } from '../shared/dataSet.ts';
import { errorCodes } from '../shared/errors.ts';
import { enginePreferences, fullEvaluationSize } from '../shared/metrics.ts';
import { inspectionSchema } from './inspectionRequests.ts';
import { standardizationSchema } from '../shared/standardization.ts';
import type { Request } from './protocol.ts';

const runId = z.string().min(1).max(100);
const extent = z.enum(['end', 'epoch', 'step', 'half-step', 'none']);
const requestId = z.int().min(0);
const part = z.enum(['test', 'training']);
/** Threads that one worker may have; more gain nothing. */
const maxThreads = 64;

/** Images that one `attack` or `testImages` request may hold. */
export const maxImagesPerRequest = 1000;
/** What is looked into is a digit of 28 × 28. */
const features = 28 * 28;
const classes = classCount;
/** More files make no data set. */
const maxFiles = 20;
/** How many images pixels may be, by each of the sizes that networks take. */
function countsOf({ length }: Float32Array): number[] {
  const sizes = Object.values(imageShapes).map(
    (shape) => shape.rows * shape.columns * shape.channels,
  );
  return sizes.map((size) => length / size).filter(Number.isInteger);
}

const imageSet = z
  .strictObject({
    pixels: z.instanceof(Uint8Array),
    labels: z.instanceof(Uint8Array),
    count: z.int().min(1),
    features: z.int().min(1),
    classes: z.int().min(2),
    standardization: standardizationSchema.exactOptional(),
  })
  .refine(({ pixels, count, features }) => pixels.length === count * features, {
    message: 'The pixels do not fill the images.',
  })
  .refine(({ labels, count }) => labels.length === count, {
    message: 'Each image needs a label.',
  });

const dataSet = ownDataSchema.nullable();

const error = z.strictObject({
  code: z.enum(errorCodes),
  message: z.string(),
  remedy: z.string(),
});

const layer = z.strictObject({
  rows: z.int().min(1),
  columns: z.int().min(1),
  parameters: z.instanceof(Float32Array),
});
const maxLayers = limits.hiddenLayers.max + 1;

/** The form alone; whether it fits the run is the trainer's to check. */
const checkpoint = z.strictObject({
  step: z.int().min(0),
  layers: z
    .array(z.strictObject({ ...layer.shape, states: z.array(z.instanceof(Float32Array)).max(4) }))
    .max(maxLayers),
  scores: z.instanceof(Float32Array),
  scored: z.int().min(0),
  trainSeconds: z.number().min(0),
});

const attackRequest = z
  .strictObject({
    type: z.literal('attack'),
    requestId,
    runId,
    images: z.instanceof(Float32Array),
    labels: z.instanceof(Uint8Array),
    attack,
  })
  .refine(({ labels }) => labels.length >= 1 && labels.length <= maxImagesPerRequest, {
    message: `An attack takes 1 to ${maxImagesPerRequest} images.`,
  })
  .refine(({ images, labels }) => countsOf(images).includes(labels.length), {
    message: 'Each label needs the pixels of an image.',
  })
  .refine(({ labels }) => labels.every((label) => label < classCount), {
    message: 'Labels are classes from 0 to 9.',
  })
  .refine(({ images }) => images.every(Number.isFinite), { message: 'Pixels are finite numbers.' });

/** The border check of the worker: what a message must look like before anything acts on it. */
export const requestSchema: z.ZodType<Request> = z.union([
  z.strictObject({
    type: z.literal('initialize'),
    dataUrl: z.url().nullable(),
    engine: z.enum(enginePreferences),
  }),
  z.strictObject({ type: z.literal('provideData'), part, set: imageSet, dataSet }),
  z.strictObject({
    type: z.literal('useData'),
    requestId,
    files: z.array(z.instanceof(File)).min(1).max(maxFiles).nullable(),
    isTransposed: z.boolean(),
  }),
  z.strictObject({ type: z.literal('withholdData'), part, error }),
  z.strictObject({ type: z.literal('useThreads'), threads: z.int().min(1).max(maxThreads) }),
  z.strictObject({
    type: z.literal('start'),
    runId,
    config: runConfigSchema,
    attack,
    extent,
    checkpoint: checkpoint.nullable(),
    isInLockstep: z.boolean(),
  }),
  z.strictObject({
    type: z.literal('load'),
    requestId,
    runId,
    config: runConfigSchema,
    step: z.int().min(0),
    layers: z.array(layer).max(maxLayers),
  }),
  z.strictObject({
    type: z.literal('allow'),
    runId,
    epoch: z.union([z.number().min(0), z.literal(Infinity)]),
  }),
  z.strictObject({ type: z.literal('resume'), runId, extent }),
  z.strictObject({ type: z.enum(['pause', 'reset']), runId }),
  z.strictObject({ type: z.literal('setAttack'), runId, attack }),
  attackRequest,
  z.strictObject({
    type: z.literal('measure'),
    requestId,
    runId,
    attack,
    count: z.int().min(1).max(fullEvaluationSize),
  }),
  z
    .strictObject({
      type: z.literal('classify'),
      requestId,
      runId,
      images: z.instanceof(Float32Array),
    })
    .refine(
      ({ images }) => images.length > 0 && countsOf(images).some((n) => n <= maxImagesPerRequest),
      {
        message: `One request takes 1 to ${maxImagesPerRequest} images.`,
      },
    )
    .refine(({ images }) => countsOf(images).length > 0, {
      message: 'The pixels do not fill images.',
    })
    .refine(({ images }) => images.every(Number.isFinite), {
      message: 'Pixels are finite numbers.',
    }),
  z
    .strictObject({
      type: z.literal('inspectStep'),
      requestId,
      runId,
      image: z.instanceof(Float32Array),
      label: z
        .int()
        .min(0)
        .max(classes - 1),
      epsilon: z.number().min(limits.epsilon.min).max(limits.epsilon.max),
    })
    .refine(({ image }) => image.length === features && image.every(Number.isFinite), {
      message: `A step is inspected on one image of ${features} finite pixels.`,
    }),
  z.strictObject({ type: z.literal('inspect'), requestId, runId, question: inspectionSchema }),
  z
    .strictObject({
      type: z.literal('measureDirections'),
      requestId,
      runId,
      images: z.instanceof(Float32Array),
      labels: z.instanceof(Uint8Array),
      epsilon: z.number().min(limits.epsilon.min).max(limits.epsilon.max),
    })
    .refine(({ labels }) => labels.length >= 1 && labels.length <= maxImagesPerRequest, {
      message: `One request takes 1 to ${maxImagesPerRequest} images.`,
    })
    .refine(({ images, labels }) => images.length === labels.length * features, {
      message: `Each label needs ${features} pixels.`,
    })
    .refine(
      ({ images, labels }) =>
        images.every(Number.isFinite) && labels.every((label) => label < classes),
      { message: 'Pixels are finite numbers, labels digits from 0 to 9.' },
    ),
  z.strictObject({ type: z.enum(['checkpoint', 'freeze']), requestId, runId }),
  z.strictObject({ type: z.literal('giveUp'), given: requestId }),
  z.strictObject({
    type: z.literal('testImages'),
    requestId,
    first: z.int().min(0),
    count: z.int().min(1).max(maxImagesPerRequest),
  }),
]);
