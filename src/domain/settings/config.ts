import '../jitless.ts';
import { z } from 'zod/mini';
import { factsOf, heldOutCount, customDataSchema } from '../dataSet.ts';
import type { Limits } from './settingKinds.ts';
import {
  describeSizeLimits,
  layerLimits,
  mapSettings,
  type NumberKey,
  rowOf,
  type SettingKey,
  settingKeys,
  settings,
  type Settings,
  sizeMessage,
} from './settings.ts';

export {
  type Loss,
  losses,
  type NetworkType,
  networkTypes,
  type OptimizerName,
  optimizers,
} from './settings.ts';
export { type TrainingMethod, trainingMethods } from './methods.ts';

const numberLimits = Object.fromEntries(
  settingKeys.flatMap((key) => {
    const row = settings[key];
    return 'limits' in row ? [[key, row.limits]] : [];
  }),
) as Readonly<Record<NumberKey, Limits>>;

/** What each number may be. */
export const limits = {
  ...numberLimits,
  hiddenLayers: layerLimits.layers,
  unitsPerLayer: layerLimits.units,
  /** units × pieces of a maxout layer: the columns of its weight matrix, bounded by texture sizes. */
  columnsPerLayer: { min: 1, max: 4096 },
  epsilon: settings.trainingEpsilon.limits,
} as const;

type Schemas = { [Key in SettingKey]: Settings[Key]['schema'] };
const schemas = mapSettings((key) => {
  const { schema, olderValue } = rowOf(key);
  return olderValue === undefined ? schema : z._default(schema, olderValue);
}) as Schemas;

/**
 * Everything that defines a training run. Equal configs give equal runs: the seed fixes initial
 * weights, batch order, dropout and noise.
 */
export const runConfigSchema = z.strictObject(schemas).check(
  z.superRefine((config, context) => {
    const pieces = piecesPerUnit(config);
    config.hiddenLayers.forEach((units, layer) => {
      const columns = units * pieces;
      if (columns > limits.columnsPerLayer.max) {
        context.addIssue({
          code: 'custom',
          path: ['hiddenLayers'],
          message: `Hidden layer ${layer + 1} has ${units} units × ${pieces} pieces = ${columns} columns; at most ${limits.columnsPerLayer.max} are possible.`,
        });
      }
    });
    // The whole of MNIST, also in a build with only its first images: published settings are checked there, too.
    const trainingCount = config.dataSet?.trainingCount ?? limits.trainingSetSize.max;
    if (config.trainingSetSize > trainingCount) {
      context.addIssue({
        code: 'custom',
        path: ['trainingSetSize'],
        message: describeSizeLimits(trainingCount),
      });
    }
    const heldOut = heldOutCount(trainingCount);
    const largest = trainingCount - heldOut;
    if (config.holdOutValidation && config.trainingSetSize > largest) {
      context.addIssue({
        code: 'custom',
        path: ['trainingSetSize'],
        message:
          largest < limits.trainingSetSize.min
            ? `With ${heldOut} validation images held out, ${largest} training images remain; training needs ${limits.trainingSetSize.min}. Hold none out.`
            : `With ${heldOut} validation images held out, at most ${largest} training images remain.`,
      });
    }
  }),
);

export type RunConfig = z.infer<typeof runConfigSchema>;

export const defaultConfig = mapSettings((key) => settings[key].default) as RunConfig;

/** Linear pieces of each hidden unit: columns of the weight matrix for it. */
export function piecesPerUnit({
  networkType,
  maxoutPieces,
}: Pick<RunConfig, 'networkType' | 'maxoutPieces'>): number {
  return networkType === 'maxout' ? maxoutPieces : 1;
}

/** Attack ε of the tools and of links that name none: the ε in the README of the author's code. */
export const defaultAttackEpsilon = 0.08;

/** Messages by field, in the order of the schema; empty when the config is valid. */
export function findConfigErrors(config: unknown): Partial<Record<SettingKey, string>> {
  const result = runConfigSchema.safeParse(config);
  const errors: Partial<Record<SettingKey, string>> = {};
  for (const issue of result.error?.issues ?? []) {
    const field = issue.path[0] as SettingKey;
    errors[field] ??=
      issue.message === sizeMessage ? describeSizeLimits(countTraining(config)) : issue.message;
  }
  return errors;
}

/** Training images of the data that a config names, whatever else is wrong with it. */
function countTraining(config: unknown): number {
  const parsed = z.object({ dataSet: z.nullable(customDataSchema) }).safeParse(config);
  return factsOf(parsed.data?.dataSet ?? null).trainingCount;
}
