import { z } from 'zod';
import { runConfigSchema } from './config.ts';
import { fullEvaluationSize } from './metrics.ts';

/** Networks that come with the page, by the method that trained them. */
export const pretrainedIds = ['plain', 'dropout', 'adversarial'] as const;
export type PretrainedId = (typeof pretrainedIds)[number];

/** Folder of the page with the networks' files and their record. */
export const pretrainedFolder = 'pretrained/';
export const pretrainedIndexName = 'index.json';

/** Largest change of a pixel under which the record's attacks were measured. */
export const pretrainedAttackEpsilon = 0.08;

const errorRate = z.number().min(0).max(1);

const pretrainedRecordSchema = z.strictObject({
  id: z.enum(pretrainedIds),
  name: z.string().min(1).max(100),
  /** Name of the safetensors file beside the record. */
  file: z.string().regex(/^[\w-]+\.safetensors$/),
  /** The recipe. */
  config: runConfigSchema,
  /** Fractions of all test images answered wrongly by the network as the file holds it, after the last epoch. */
  testErrors: z.strictObject({ clean: errorRate, fgsm: errorRate, pgd: errorRate }),
});
export type PretrainedRecord = z.infer<typeof pretrainedRecordSchema>;

/** What `public/pretrained/index.json` says of the networks beside it; `npm run pretrained` writes it. */
export const pretrainedIndexSchema = z.strictObject({
  version: z.literal(1),
  /** Of the attacks: clipped to [0, 1]; PGD with 20 steps from a random start. */
  attackEpsilon: z.literal(pretrainedAttackEpsilon),
  testImages: z.literal(fullEvaluationSize),
  networks: z
    .array(pretrainedRecordSchema)
    .length(pretrainedIds.length)
    .refine((networks) => networks.every(({ id }, at) => id === pretrainedIds[at]), {
      message: `The networks should be ${pretrainedIds.join(', ')}.`,
    }),
});
export type PretrainedIndex = z.infer<typeof pretrainedIndexSchema>;
