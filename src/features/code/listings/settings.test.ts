import { expect, it } from 'vitest';
import {
  defaultConfig,
  type RunConfig,
  runConfigSchema,
  trainingMethods,
} from '../../../domain/settings/config.ts';
import {
  isSettingUsed,
  type SettingKey,
  settingKeys,
  settings,
} from '../../../domain/settings/settings.ts';
import { writePytorch } from './pytorch.ts';
import { writeTfjs } from './tfjs.ts';

const dataSet = {
  shape: 'grey-28',
  trainingCount: 60_000,
  testCount: 10_000,
  fingerprint: 'a'.repeat(64),
} as const;

/** A value that differs from the config's. */
function otherValue(key: SettingKey, config: RunConfig): unknown {
  const row = settings[key];
  switch (row.kind) {
    case 'real':
    case 'whole':
      return config[key] === row.limits.min ? row.limits.max : row.limits.min;
    case 'choice':
      return [...row.labels.keys()].find((value) => value !== config[key]);
    case 'toggle':
      return !config[key];
    case 'layers':
      return [7, 5];
    case 'seedOrNone':
      return 5;
    case 'data':
      return dataSet;
  }
}

it.each(settingKeys)('a listing says the value of %s, in PyTorch and TensorFlow.js', (key) => {
  const base: RunConfig = {
    ...defaultConfig,
    networkType: 'maxout',
    trainingSetSize: 5000,
  };
  const method = trainingMethods.find((one) => isSettingUsed(key, { ...base, method: one }))!;
  const config = { ...base, method };
  const changed = runConfigSchema.parse({ ...config, [key]: otherValue(key, config) });
  for (const write of [writePytorch, writeTfjs]) {
    const run = { attackEpsilon: 0.1, isTransposed: false };
    expect(write({ ...run, config: changed })).not.toBe(write({ ...run, config }));
  }
});
