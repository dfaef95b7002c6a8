import { z } from 'zod/mini';
import { runConfigSchema } from './settings/config.ts';
import { fullEvaluationSize } from './metrics.ts';

/** Networks that come with the page, by the method that trained them. */
export const pretrainedIds = ['plain', 'dropout', 'adversarial'] as const;
export type PretrainedId = (typeof pretrainedIds)[number];

/** Folder of the page with the networks' files and their index. */
export const pretrainedFolder = 'pretrained/';
export const pretrainedIndexName = 'index.json';

/** ε of the attacks in the index. */
export const pretrainedAttackEpsilon = 0.08;

const errorRate = z.number().check(z.minimum(0), z.maximum(1));

const pretrainedRecordSchema = z.strictObject({
  id: z.enum(pretrainedIds),
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  /** Name of the safetensors file in the same folder. */
  file: z.string().check(z.regex(/^[\w-]+\.safetensors$/)),
  /** The settings that it was trained with. */
  config: runConfigSchema,
  /** Error rates on all test images of the network in the file, after the last epoch. */
  testErrors: z.strictObject({ clean: errorRate, fgsm: errorRate, pgd: errorRate }),
});
export type PretrainedRecord = z.infer<typeof pretrainedRecordSchema>;

/** The contents of `public/pretrained/index.json`, which `npm run pretrained` writes. */
export const pretrainedIndexSchema = z.strictObject({
  version: z.literal(1),
  /** ε of the attacks, which are clipped to [0, 1]; PGD has 20 steps on the margin loss. */
  attackEpsilon: z.literal(pretrainedAttackEpsilon),
  testImages: z.literal(fullEvaluationSize),
  networks: z.array(pretrainedRecordSchema).check(
    z.length(pretrainedIds.length),
    z.refine((networks) => networks.every(({ id }, at) => id === pretrainedIds[at]), {
      message: `The networks should be ${pretrainedIds.join(', ')}.`,
    }),
  ),
});
export type PretrainedIndex = z.infer<typeof pretrainedIndexSchema>;
