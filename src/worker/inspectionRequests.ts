import { z } from 'zod';
import { attackSchema as attack } from '../shared/attackSchema.ts';
import { limits } from '../shared/config.ts';
import type { InspectionQuestion } from '../shared/inspection.ts';
import { fullEvaluationSize } from '../shared/metrics.ts';

const features = 28 * 28;
const classes = 10;
const maxImages = 100;
const maxLinePoints = 101;
const maxSurfacePoints = 41;

const isFinite = (pixels: Float32Array): boolean => pixels.every(Number.isFinite);
const finitePixels = z.instanceof(Float32Array).refine(isFinite, 'Pixels are finite numbers.');
const digit = z
  .int()
  .min(0)
  .max(classes - 1);

/** What a question about the inside of a network must look like. */
export const inspectionSchema: z.ZodType<InspectionQuestion> = z.union([
  z.strictObject({
    kind: z.literal('weights'),
    first: z.int().min(0),
    count: z.int().min(1).max(limits.unitsPerLayer.max),
  }),
  z
    .strictObject({
      kind: z.literal('gradients'),
      images: finitePixels,
      labels: z.instanceof(Uint8Array),
    })
    .refine(({ labels }) => labels.length >= 1 && labels.length <= maxImages, {
      message: `Gradients are of 1 to ${maxImages} images.`,
    })
    .refine(({ images, labels }) => images.length === labels.length * features, {
      message: `Each label needs ${features} pixels.`,
    })
    .refine(({ labels }) => labels.every((label) => label < classes), {
      message: 'Labels are digits from 0 to 9.',
    }),
  z.strictObject({
    kind: z.literal('outcomes'),
    attack,
    count: z.int().min(1).max(fullEvaluationSize),
  }),
  z.strictObject({
    kind: z.literal('pictures'),
    attack,
    indices: z.array(z.int().min(0)).min(1).max(maxImages),
  }),
  z.strictObject({
    kind: z.literal('losses'),
    image: finitePixels.refine((pixels) => pixels.length === features, {
      message: `An image has ${features} pixels.`,
    }),
    label: digit,
    epsilon: z.number().min(limits.epsilon.min).max(limits.epsilon.max),
    seed: z.int().min(0).max(limits.seed.max),
    linePoints: z.int().min(3).max(maxLinePoints),
    surfacePoints: z.int().min(3).max(maxSurfacePoints),
  }),
]);
