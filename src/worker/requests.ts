import { z } from 'zod';
import { limits, runConfigSchema } from '../shared/config.ts';
import { enginePreferences } from '../shared/metrics.ts';
import type { Request } from './protocol.ts';

const runId = z.string().min(1).max(100);
const extent = z.enum(['end', 'epoch', 'step']);
const requestId = z.int().min(0);
const perturbation = {
  epsilon: z.number().min(limits.epsilon.min).max(limits.epsilon.max),
  clip: z.boolean(),
};
const attack = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fgsm'), ...perturbation }),
  z.strictObject({
    kind: z.literal('pgd'),
    ...perturbation,
    steps: z.int().min(limits.pgdSteps.min).max(limits.pgdSteps.max),
    stepSize: z.number().min(limits.epsilon.min).max(limits.epsilon.max),
    seed: z.int().min(limits.seed.min).max(limits.seed.max),
  }),
]);

/** Images that one `attack` or `testImages` request may hold. */
export const maxImagesPerRequest = 1000;
const features = 28 * 28;
const classes = 10;

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
  .refine(({ images, labels }) => images.length === labels.length * features, {
    message: `Each label needs ${features} pixels.`,
  })
  .refine(({ labels }) => labels.every((label) => label < classes), {
    message: 'Labels are digits from 0 to 9.',
  })
  .refine(({ images }) => images.every(Number.isFinite), { message: 'Pixels are finite numbers.' });

/** The border check of the worker: what a message must look like before anything acts on it. */
export const requestSchema: z.ZodType<Request> = z.union([
  z.strictObject({
    type: z.literal('initialize'),
    dataUrl: z.url(),
    engine: z.enum(enginePreferences),
  }),
  z.strictObject({ type: z.literal('start'), runId, config: runConfigSchema, attack, extent }),
  z.strictObject({ type: z.literal('resume'), runId, extent }),
  z.strictObject({ type: z.enum(['pause', 'reset']), runId }),
  z.strictObject({ type: z.literal('setAttack'), runId, attack }),
  attackRequest,
  z.strictObject({
    type: z.literal('testImages'),
    requestId,
    first: z.int().min(0),
    count: z.int().min(1).max(maxImagesPerRequest),
  }),
]);
