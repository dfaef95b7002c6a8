import { z } from 'zod/mini';
import { ownClassCount } from './dataSet.ts';
import { limits } from './settings/config.ts';
import type { Attack, Certificate, StrongestAttack } from './metrics.ts';

const perturbation = {
  epsilon: z.number().check(z.minimum(limits.epsilon.min), z.maximum(limits.epsilon.max)),
  clip: z.boolean(),
};
const target = z.exactOptional(z.int().check(z.minimum(0), z.maximum(ownClassCount.max - 1)));
const seed = z.int().check(z.minimum(limits.seed.min), z.maximum(limits.seed.max));
const steps = z.int().check(z.minimum(limits.pgdSteps.min), z.maximum(limits.pgdSteps.max));

/** Validates an attack that comes from outside: messages, storage, files. */
export const attackSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fgsm'), ...perturbation, target }),
  z.strictObject({
    kind: z.literal('pgd'),
    ...perturbation,
    steps,
    stepSize: perturbation.epsilon,
    seed,
    target,
  }),
  z.strictObject({
    kind: z.literal('margin-pgd'),
    ...perturbation,
    steps,
    seed,
    target,
  }),
  z.strictObject({ kind: z.literal('random-signs'), ...perturbation, seed }),
]) satisfies z.ZodMiniType<Attack>;

/** Validates the strongest attack or a certificate, by which robustness is bounded. */
export const boundSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('strongest'), ...perturbation, seed }),
  z.strictObject({ kind: z.literal('certificate'), ...perturbation, clip: z.literal(true) }),
]) satisfies z.ZodMiniType<StrongestAttack | Certificate>;
