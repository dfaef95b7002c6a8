import { defaultConfig, findConfigErrors, methodUses, type RunConfig } from '../shared/config.ts';

type NumberSetting = {
  [Key in keyof RunConfig]: RunConfig[Key] extends number ? Key : never;
}[keyof RunConfig];

/** The settings that a person types as one number. */
export const numberSettings = [
  'maxoutPieces',
  'trainingEpsilon',
  'pgdSteps',
  'pgdStepSize',
  'cleanLossWeight',
  'inputDropoutRate',
  'hiddenDropoutRate',
  'learningRate',
  'learningRateDecay',
  'batchSize',
  'epochs',
  'trainingSetSize',
  'seed',
] as const satisfies readonly NumberSetting[];

export type TextSetting = (typeof numberSettings)[number] | 'hiddenLayers';

/** The settings as a person left them: what is typed stays text until it is read, valid or not. */
export type SettingsDraft = {
  readonly [Key in keyof RunConfig]: Key extends TextSetting ? string : RunConfig[Key];
};

export type SettingsErrors = Readonly<Partial<Record<keyof RunConfig, string>>>;

export interface Settings {
  readonly draft: SettingsDraft;
  /** Why a field is refused; empty when the settings can be trained with. */
  readonly errors: SettingsErrors;
  /** The settings as numbers; null while any field is refused. */
  readonly config: RunConfig | null;
}

/** Whether a run with these settings reads the field at all; the others are hidden or ignored. */
export function isSettingUsed(
  field: keyof RunConfig,
  { method, networkType }: Pick<RunConfig, 'method' | 'networkType'>,
): boolean {
  const uses = methodUses(method);
  const needs: Partial<Record<keyof RunConfig, boolean>> = {
    trainingEpsilon: uses.epsilon,
    clipTrainingImages: uses.epsilon,
    pgdSteps: uses.pgd,
    pgdStepSize: uses.pgd,
    cleanLossWeight: uses.cleanLoss,
    inputDropoutRate: uses.dropout,
    hiddenDropoutRate: uses.dropout,
    maxoutPieces: networkType === 'maxout',
  };
  return needs[field] ?? true;
}

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** The number that a text spells in full, else NaN. */
export function parseNumber(text: string): number {
  const trimmed = text.trim();
  return decimal.test(trimmed) ? Number(trimmed) : Number.NaN;
}

/** "400, 400" as numbers; "none" as an empty list; NaN for each part that is no number. */
export function parseLayers(text: string): number[] {
  if (text.trim().toLowerCase() === 'none') return [];
  return splitLayers(text).map(parseNumber);
}

function splitLayers(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '');
}

export function draftOf(config: RunConfig): SettingsDraft {
  const texts = Object.fromEntries(
    numberSettings.map((field) => [field, String(config[field])]),
  ) as Record<(typeof numberSettings)[number], string>;
  const layers = config.hiddenLayers.length === 0 ? 'none' : config.hiddenLayers.join(', ');
  return { ...config, ...texts, hiddenLayers: layers };
}

/** Reads a draft. A refused field that the chosen method does not use stands at its default instead. */
export function readDraft(draft: SettingsDraft): Settings {
  const numbers = Object.fromEntries(
    numberSettings.map((field) => [field, parseNumber(draft[field])]),
  ) as Record<(typeof numberSettings)[number], number>;
  let config: RunConfig = { ...draft, ...numbers, hiddenLayers: parseLayers(draft.hiddenLayers) };

  for (const field of Object.keys(findConfigErrors(config)) as (keyof RunConfig)[]) {
    if (!isSettingUsed(field, config)) config = { ...config, [field]: defaultConfig[field] };
  }

  const errors = { ...findConfigErrors(config) };
  for (const field of numberSettings) {
    if (errors[field] !== undefined) errors[field] += describeText(draft[field]);
  }
  if (draft.hiddenLayers.trim() === '') {
    errors.hiddenLayers =
      'Write the units of each layer, for example 400, 400, or “none” for a linear classifier.';
  } else if (errors.hiddenLayers !== undefined) {
    const unreadable = splitLayers(draft.hiddenLayers).find((part) =>
      Number.isNaN(parseNumber(part)),
    );
    if (unreadable !== undefined) errors.hiddenLayers += describeText(unreadable);
  }
  return { draft, errors, config: Object.keys(errors).length === 0 ? config : null };
}

function describeText(text: string): string {
  if (text.trim() === '') return ' The field is empty.';
  return Number.isNaN(parseNumber(text)) ? ` “${text.trim()}” is not a number.` : '';
}

/** Whether two configs train the same run: differences in fields that neither uses do not count. */
export function trainAlike(a: RunConfig, b: RunConfig): boolean {
  return a === b || JSON.stringify(withoutUnused(a)) === JSON.stringify(withoutUnused(b));
}

function withoutUnused(config: RunConfig): unknown[] {
  return (Object.keys(defaultConfig) as (keyof RunConfig)[]).map((field) =>
    isSettingUsed(field, config) ? config[field] : null,
  );
}
