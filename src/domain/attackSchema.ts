import { z } from 'zod';
import { ownClassCount } from './dataSet.ts';
import { limits } from './settings/config.ts';
import type { Attack, Certificate, StrongestAttack } from './metrics.ts';

const perturbation = {
  epsilon: z.number().min(limits.epsilon.min).max(limits.epsilon.max),
  clip: z.boolean(),
};
const target = z
  .int()
  .min(0)
  .max(ownClassCount.max - 1)
  .exactOptional();
const seed = z.int().min(limits.seed.min).max(limits.seed.max);

/** Validates an attack that comes from outside: messages, storage, files. */
export const attackSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fgsm'), ...perturbation, target }),
  z.strictObject({
    kind: z.literal('pgd'),
    ...perturbation,
    steps: z.int().min(limits.pgdSteps.min).max(limits.pgdSteps.max),
    stepSize: perturbation.epsilon,
    seed,
    target,
  }),
  z.strictObject({
    kind: z.literal('margin-pgd'),
    ...perturbation,
    steps: z.int().min(limits.pgdSteps.min).max(limits.pgdSteps.max),
    seed,
    target,
  }),
  z.strictObject({ kind: z.literal('random-signs'), ...perturbation, seed }),
]) satisfies z.ZodType<Attack>;

/** Validates the strongest attack or a certificate, by which robustness is bounded. */
export const boundSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('strongest'), ...perturbation, seed }),
  z.strictObject({ kind: z.literal('certificate'), ...perturbation, clip: z.literal(true) }),
]) satisfies z.ZodType<StrongestAttack | Certificate>;
